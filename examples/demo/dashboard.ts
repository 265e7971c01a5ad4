import pc from 'picocolors';
import { grouped, percent, seconds } from './format.js';
import { RateMeter } from './rateMeter.js';
import type { Progress } from './run.js';
import type { View } from './view.js';

const barWidth = 50;
const sparks = '▁▂▃▄▅▆▇█';
const historyLength = 30;

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const clearLine = '\x1b[2K';

/** A few lines that are drawn again and again in the same place of a terminal. */
export class Dashboard implements View {
  readonly intervalMs = 100;
  readonly #rates = {
    sent: new RateMeter(),
    received: new RateMeter(),
    delivered: new RateMeter(),
  };
  readonly #missing: number[] = [];
  readonly #held: number[] = [];
  #height = 0;

  constructor(
    private readonly messages: number,
    private readonly write: (text: string) => void,
  ) {}

  show(progress: Progress): void {
    const lines = this.#draw(progress);
    const back = this.#height === 0 ? hideCursor : `\x1b[${this.#height}A`;
    this.#height = lines.length;
    this.write(back + lines.map((line) => `${clearLine}${line}\n`).join(''));
  }

  close(): void {
    if (this.#height > 0) this.write(showCursor);
  }

  #draw({ elapsedMs, sender, relay, receiver }: Progress): string[] {
    const { sent, received, delivered } = this.#rates;
    const arrived = receiver.received + receiver.answered;
    return [
      this.#bar(receiver.delivered, elapsedMs),
      '',
      flow('sent', sender.sent, sent.perSecond(sender.sent, elapsedMs)),
      flow('received', arrived, received.perSecond(arrived, elapsedMs)),
      flow('delivered', receiver.delivered, delivered.perSecond(receiver.delivered, elapsedMs)),
      '',
      facts('relay', [
        fact('dropped', relay.dropped, pc.red),
        fact('repeated', relay.repeated, pc.yellow),
        fact('delayed', relay.delayed, pc.dim),
      ]),
      facts('receiver', [
        fact('duplicates', receiver.duplicates, pc.yellow),
        fact('late', receiver.late, pc.yellow),
        fact('lost', receiver.lost, pc.red),
      ]),
      facts('sla', [
        fact('breaches', receiver.breaches, pc.red),
        fact('warnings', receiver.warnings, pc.yellow),
        fact('recovered', receiver.recovered, pc.green),
        fact('objectives missed', receiver.objectivesMissed, pc.red),
      ]),
      facts('missing', [history(this.#missing, receiver.missing)]) +
        fact('requests', receiver.requestsInFlight, pc.cyan),
      facts('held', [history(this.#held, receiver.held)]),
      facts('shards', [loads(receiver.pending)]) +
        fact('results held', receiver.resultsHeld, pc.cyan),
      '',
    ];
  }

  #bar(delivered: number, elapsedMs: number): string {
    const ratio = Math.min(1, delivered / this.messages);
    const full = Math.round(ratio * barWidth);
    const bar = pc.green('█'.repeat(full)) + pc.dim('░'.repeat(barWidth - full));
    return `${bar} ${percent(ratio).padStart(7)} ${seconds(elapsedMs).padStart(8)}`;
  }
}

function flow(name: string, count: number, perSecond: number): string {
  const rate = pc.dim(`${grouped(perSecond)}/s`.padStart(12));
  return `${name.padEnd(10)}${pc.bold(grouped(count).padStart(10))}${rate}`;
}

const facts = (name: string, all: readonly string[]): string => name.padEnd(10) + all.join('');

/** A counter, coloured as soon as there is something to tell. */
function fact(name: string, count: number, colour: (text: string) => string): string {
  const number = grouped(count).padStart(7);
  return `${count > 0 ? colour(number) : pc.dim(number)} ${name.padEnd(11)}`;
}

/** A level now, and how it came to that. */
function history(levels: number[], level: number): string {
  levels.push(level);
  if (levels.length > historyLength) levels.shift();
  return chart(level, levels, 1);
}

/** What each shard has to do, side by side. */
const loads = (pending: readonly number[]): string =>
  chart(
    pending.reduce((sum, one) => sum + one, 0),
    pending,
    sparks.length - 1,
  );

/** A number, and levels as a row of bars; the highest bar is the highest level, but `least` at least. */
function chart(number: number, levels: readonly number[], least: number): string {
  const highest = Math.max(least, ...levels);
  const line = levels.map((one) => sparks[Math.floor((one / highest) * (sparks.length - 1))]);
  return `${grouped(number).padStart(7)} ${pc.cyan(line.join('').padEnd(historyLength))}`;
}
