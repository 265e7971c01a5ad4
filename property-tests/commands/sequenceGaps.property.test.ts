/** sequenceGaps that asks for what is missing, one thing done to it or said to it after another, beside a list of numbers. */
import * as fc from 'fast-check';
import { type Gap, noSuchMessages, type NoSuchMessages, sequenceGaps } from 'rxjs-reliable';
import { Observable, Subject, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { CommandRig } from '../support/CommandRig.js';
import { listOf } from '../support/dedupeOracle.js';
import { type Model, type Numbered, runCommands, stepsOf } from '../support/modelCommands.js';
import { Tally } from '../support/Tally.js';

interface Drawn {
  readonly seq: number;
}
type Message = Numbered<Drawn>;

interface Rules {
  readonly maxAttempts: number;
  readonly timeoutMs: number;
}

/** What the sender does beside sending: it announces a number, or says something to one of the open requests. */
type Action =
  | { readonly announces: number }
  | {
      readonly request: number;
      /** The number at this place in what is asked for, which may be one too many; or the other ways to answer. */
      readonly says: number | 'absent' | 'complete' | 'error';
    };

/** A request that is open, and how many values it had. */
interface Ask {
  readonly first: number;
  readonly last: number;
  readonly attempt: number;
  values: number;
  hasEnded: boolean;
}

interface Missing {
  readonly n: number;
  readonly dueMs: number;
  readonly ask: Ask;
}

const answerTo = (seq: number): Message => Object.freeze({ seq, id: 10_000 + seq });

/** The numbers that are missing, each by itself. */
class Numbers implements Model<Message, Action> {
  readonly held = 0;
  #high = -1;
  #missing: Missing[] = [];
  readonly #lost = new Set<number>();
  #asks: Ask[] = [];

  constructor(
    private readonly rules: Rules,
    private nowMs: number,
  ) {}

  get dueMs(): number {
    return Math.min(...this.#missing.map(({ dueMs }) => dueMs));
  }

  settle(): string[] {
    this.nowMs = this.dueMs;
    const due = this.#missing.filter(({ dueMs }) => dueMs === this.nowMs);
    const ask = due[0]?.ask;
    const [first = NaN] = due.map(({ n }) => n);
    // Numbers next to each other that were asked for together.
    const together = due.filter((one, place) => one.ask === ask && one.n === first + place);
    const last = first + together.length - 1;
    const attempt = ask?.attempt ?? NaN;
    return attempt < this.rules.maxAttempts
      ? this.#ask(first, last, attempt + 1)
      : this.#lose(together, 'attempts');
  }

  push(message: Message, nowMs: number): string[] {
    this.nowMs = nowMs;
    return this.#place(message, 'late');
  }

  end(how: 'complete' | 'error'): string[] {
    return how === 'error' ? [how] : [...this.#loseAll(this.#missing, 'completed'), how];
  }

  act(action: Action, nowMs: number): string[] {
    this.nowMs = nowMs;
    if ('announces' in action) return this.#notice(action.announces);
    const open = this.#asks
      .filter((ask) => this.#isOpen(ask))
      .sort((one, other) => one.first - other.first);
    const ask = open[action.request % open.length];
    if (ask === undefined) return [];
    const { first, last } = ask;
    const { says } = action;
    if (says === 'complete') return this.#close(ask);
    if (says === 'error')
      return [`request-failed ${String(first)}-${String(last)}`, ...this.#close(ask)];
    ask.values += 1;
    if (ask.values > last - first + 1) return this.#close(ask);
    if (says !== 'absent') return this.#place(answerTo(first + says), 'request');
    const wasMissing = this.#take(first);
    return wasMissing ? [`filled absent ${String(first)}-${String(first)}`] : [];
  }

  #isOpen(ask: Ask): boolean {
    return !ask.hasEnded && this.#missing.some((one) => one.ask === ask);
  }

  #place(message: Message, by: string): string[] {
    const { id, seq } = message;
    const out = `out ${String(id)}`;
    if (seq > this.#high) {
      const lines = this.#notice(seq - 1);
      this.#high = seq;
      return [...lines, out];
    }
    if (this.#take(seq)) return [`filled ${by} #${String(id)}`, out];
    if (this.#lost.delete(seq)) return [`late #${String(id)} passed`, out];
    return [`duplicate #${String(id)} dropped`];
  }

  /** All numbers up to this one were sent. */
  #notice(last: number): string[] {
    const first = this.#high + 1;
    if (first > last) return [];
    this.#high = last;
    return [`gap ${String(first)}-${String(last)}`, ...this.#ask(first, last, 1)];
  }

  #ask(first: number, last: number, attempt: number): string[] {
    const ask: Ask = { first, last, attempt, values: 0, hasEnded: false };
    this.#asks.push(ask);
    const dueMs = this.nowMs + this.rules.timeoutMs;
    const asked = listOf(first, last);
    this.#missing = this.#missing.filter(({ n }) => !asked.includes(n));
    this.#missing.push(...asked.map((n) => ({ n, dueMs, ask })));
    this.#missing.sort((one, other) => one.n - other.n);
    return [`request ${String(first)}-${String(last)}`];
  }

  #take(n: number): boolean {
    const before = this.#missing.length;
    this.#missing = this.#missing.filter((one) => one.n !== n);
    return this.#missing.length < before;
  }

  /** The sender has said all it has to say. */
  #close(ask: Ask): string[] {
    ask.hasEnded = true;
    if (ask.attempt < this.rules.maxAttempts) return [];
    return this.#loseAll(
      this.#missing.filter((one) => one.ask === ask),
      'attempts',
    );
  }

  /** Gives up numbers, those next to each other at once. */
  #loseAll(missing: readonly Missing[], reason: string): string[] {
    const [one, ...others] = missing;
    if (one === undefined) return [];
    const end = others.findIndex(
      (next, place) => next.n > one.n + place + 1 || next.ask !== one.ask,
    );
    const count = end < 0 ? missing.length : end + 1;
    return [
      ...this.#lose(missing.slice(0, count), reason),
      ...this.#loseAll(missing.slice(count), reason),
    ];
  }

  #lose(missing: readonly Missing[], reason: string): string[] {
    const numbers = missing.map(({ n }) => n);
    for (const n of numbers) this.#lost.add(n);
    this.#missing = this.#missing.filter(({ n }) => !numbers.includes(n));
    return [`lost ${reason} ${String(numbers[0])}-${String(numbers.at(-1))}`];
  }
}

/** A request as the operator made it. */
interface Request {
  readonly gap: Gap;
  readonly listener: Subscriber<Message | NoSuchMessages>;
  values: number;
}

/** The sender in the flesh. */
class Sender {
  readonly #marks = new Subject<number>();
  readonly announced = this.#marks.asObservable();
  readonly #open: Request[] = [];

  request(gap: Gap): Observable<Message | NoSuchMessages> {
    return new Observable((listener) => {
      const request = { gap, listener, values: 0 };
      this.#open.push(request);
      this.#open.sort((one, other) => Number(one.gap.first) - Number(other.gap.first));
      return () => this.#open.splice(this.#open.indexOf(request), 1);
    });
  }

  /** How many requests are open, and one if somebody listens to announcements. */
  get open(): number {
    return this.#open.length + (this.#marks.observed ? 1 : 0);
  }

  act(action: Action, rig: CommandRig<Message>): void {
    if ('announces' in action) return this.#marks.next(action.announces);
    const request = this.#open[action.request % this.#open.length];
    if (request === undefined) return;
    const { listener } = request;
    const [first, last] = [Number(request.gap.first), Number(request.gap.last)];
    const { says } = action;
    if (says === 'complete') return listener.complete();
    if (says === 'error') return listener.error(new Error('no answer'));
    request.values += 1;
    if (says === 'absent') return listener.next(noSuchMessages(first, first));
    const answer = answerTo(first + says);
    // One more than was asked for is not even looked at.
    if (request.values <= last - first + 1) rig.take(answer);
    listener.next(answer);
  }
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const ruleSet: fc.Arbitrary<Rules> = fc.record({ maxAttempts: upTo(3, 1), timeoutMs: upTo(20, 1) });
const says = fc.oneof(
  { weight: 4, arbitrary: upTo(3) },
  fc.constantFrom('absent' as const, 'complete' as const, 'error' as const),
);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ request: upTo(5), says }) },
  fc.record({ announces: upTo(25) }),
);
const steps = stepsOf(fc.record({ seq: fc.oneof(upTo(5), upTo(25)) }), 25, action);
const corners = [
  ...['gap', 'request', 'request-failed', 'filled late', 'filled request', 'filled absent'],
  ...['lost attempts', 'lost completed', 'late passed', 'duplicate dropped', 'complete', 'error'],
];

describe('sequenceGaps', () => {
  it('does at every step what a list of numbers says', () => {
    const met = new Tally();
    checkerOf('sequenceGaps').check('commands', 5_000, [ruleSet, steps], (rules, list) => {
      const sender = new Sender();
      const rig = new CommandRig<Message>((scheduler, onEvent) =>
        sequenceGaps<Message>(({ seq }) => seq, {
          first: 0,
          duplicatePolicy: 'drop',
          announced: sender.announced,
          recover: {
            ...rules,
            maxInFlight: 64,
            backoff: { factor: 1 },
            request: (gap) => sender.request(gap),
          },
          scheduler,
          onEvent,
        }),
      );
      const pair = {
        rig,
        model: (nowMs: number) => new Numbers(rules, nowMs),
        act: (one: Action) => sender.act(one, rig),
        open: () => sender.open,
      };
      met.add(runCommands(pair, list));
    });
    expect(met.rare(corners)).toEqual([]);
  });
});
