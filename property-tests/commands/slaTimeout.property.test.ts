/** slaTimeout, one thing done to it after another, beside a list of what has to happen in time. */
import * as fc from 'fast-check';
import { slaTimeout } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { CommandRig } from '../support/CommandRig.js';
import { type Model, type Numbered, runCommands, stepsOf } from '../support/modelCommands.js';
import { Tally } from '../support/Tally.js';

interface Drawn {
  /** The transactions it begins and finishes; null for none. */
  readonly starts: number | null;
  readonly finishes: number | null;
}
type Message = Numbered<Drawn>;

interface Rules {
  readonly silenceMs: number;
  readonly totalMs: number;
  readonly withinMs: number;
}

/** Something that has to happen in time. */
interface Promised {
  readonly limit: 'silence' | 'total' | 'transaction';
  /** The transaction, and what began it. */
  readonly transaction?: number;
  readonly message?: Message;
  dueMs: number;
  isBroken: boolean;
}

/** What has to happen, the oldest promise first. */
class Promises implements Model<Message> {
  readonly held = 0;
  readonly #silence: Promised;
  #open: Promised[];

  constructor(
    private readonly rules: Rules,
    nowMs: number,
  ) {
    const { silenceMs, totalMs } = rules;
    const total: Promised = { limit: 'total', dueMs: nowMs + totalMs, isBroken: false };
    this.#silence = { limit: 'silence', dueMs: nowMs + silenceMs, isBroken: false };
    this.#open = [this.#silence, total];
  }

  get dueMs(): number {
    return Math.min(...this.#open.map(({ dueMs, isBroken }) => (isBroken ? Infinity : dueMs)));
  }

  settle(): string[] {
    const { dueMs } = this;
    const due = this.#open.filter((one) => one.dueMs === dueMs && !one.isBroken);
    return due.map((one) => {
      one.isBroken = true;
      return `breach ${nameOf(one)}`;
    });
  }

  push(message: Message, nowMs: number): string[] {
    const { id, finishes, starts } = message;
    const lines: string[] = [];
    if (this.#silence.isBroken) lines.push('recovered silence');
    Object.assign(this.#silence, { dueMs: nowMs + this.rules.silenceMs, isBroken: false });
    if (finishes !== null) {
      if (!this.#has(finishes)) lines.push(`invalid not-started #${String(id)} passed`);
      lines.push(...this.#keep(({ transaction }) => transaction === finishes));
    }
    if (starts !== null) {
      if (this.#has(starts)) lines.push(`invalid started-twice #${String(id)} passed`);
      else this.#begin(message, starts, nowMs);
    }
    return [...lines, `out ${String(id)}`];
  }

  end(how: 'complete' | 'error'): string[] {
    // Silence after the end was never promised.
    this.#open = this.#open.filter((one) => one !== this.#silence);
    const lines = how === 'complete' ? this.#keep(({ limit }) => limit === 'total') : [];
    const left = this.#open.filter(({ isBroken }) => !isBroken);
    const reason = how === 'complete' ? 'completed' : 'error';
    return [...lines, ...left.map((one) => `abandoned ${reason} ${aboutOf(one)}`.trim()), how];
  }

  #has(transaction: number): boolean {
    return this.#open.some((one) => one.transaction === transaction);
  }

  #begin(message: Message, transaction: number, nowMs: number): void {
    const dueMs = nowMs + this.rules.withinMs;
    this.#open.push({ limit: 'transaction', transaction, message, dueMs, isBroken: false });
  }

  /** What was promised has happened. */
  #keep(which: (one: Promised) => boolean): string[] {
    const kept = this.#open.filter(which);
    this.#open = this.#open.filter((one) => !which(one));
    return kept.filter(({ isBroken }) => isBroken).map((one) => `recovered ${nameOf(one)}`);
  }
}

const aboutOf = ({ message }: Promised): string =>
  message === undefined ? '' : `#${String(message.id)}`;
const nameOf = (one: Promised): string => `${one.limit} ${aboutOf(one)}`.trim();

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const ruleSet: fc.Arbitrary<Rules> = fc.record({
  silenceMs: upTo(40, 1),
  totalMs: upTo(200, 1),
  withinMs: upTo(40, 1),
});
const transaction = fc.option(upTo(3));
const steps = stepsOf<Drawn>(fc.record({ starts: transaction, finishes: transaction }), 50);
const corners = [
  ...['breach silence', 'breach total', 'breach transaction', 'recovered silence'],
  ...['recovered total', 'recovered transaction', 'abandoned completed', 'abandoned error'],
  ...['invalid not-started passed', 'invalid started-twice passed', 'complete', 'error'],
];

describe('slaTimeout', () => {
  it('does at every step what a list of promises says', () => {
    const met = new Tally();
    checkerOf('slaTimeout').check('commands', 5_000, [ruleSet, steps], (rules, list) => {
      const { silenceMs, totalMs, withinMs } = rules;
      const startOf = ({ starts }: Message): unknown => starts ?? undefined;
      const finishOf = ({ finishes }: Message): unknown => finishes ?? undefined;
      const limits = { silenceMs, totalMs, transaction: { startOf, finishOf, withinMs } };
      const rig = new CommandRig<Message>((scheduler, onEvent) =>
        slaTimeout<Message>(limits, { scheduler, onEvent }),
      );
      met.add(runCommands({ rig, model: (nowMs) => new Promises(rules, nowMs) }, list));
    });
    expect(met.rare(corners)).toEqual([]);
  });
});
