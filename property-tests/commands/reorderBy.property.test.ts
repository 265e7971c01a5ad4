/** reorderBy, one thing done to it after another, beside a list of what it holds. */
import * as fc from 'fast-check';
import { reorderBy, type ReorderByOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { CommandRig } from '../support/CommandRig.js';
import { HoldingModel } from '../support/HoldingModel.js';
import { type Model, type Numbered, runCommands, stepsOf } from '../support/modelCommands.js';
import {
  orderOf,
  type Placed,
  type Sortable,
  Sorting,
  type SortingRules,
} from '../support/sortingModel.js';
import { Tally } from '../support/Tally.js';

interface Drawn {
  readonly seq: number;
}
type Message = Numbered<Drawn>;

interface Rules {
  readonly maxWaitMs: number;
  readonly maxBuffer: number;
  readonly overflowPolicy: 'skip' | 'drop-newest' | 'error';
  readonly latePolicy: 'drop' | 'emit' | 'error';
}

interface Held {
  readonly message: Message;
  readonly sinceMs: number;
}

/** What waits for lower numbers. */
class Waiting extends HoldingModel<Held> implements Model<Message> {
  readonly #out = new Set<number>();
  /** The number that may leave next. */
  #next = 0;

  constructor(private readonly rules: Rules) {
    super();
  }

  get dueMs(): number {
    return Math.min(...this.waiting.map(({ sinceMs }) => sinceMs + this.rules.maxWaitMs));
  }

  settle(): string[] {
    return this.#skip('wait');
  }

  push(message: Message, nowMs: number): string[] {
    const { latePolicy, maxBuffer, maxWaitMs, overflowPolicy } = this.rules;
    const { id, seq } = message;
    const isHeld = this.waiting.some((one) => one.message.seq === seq);
    if (isHeld || this.#out.has(seq)) return [`duplicate #${String(id)} dropped`];
    if (seq < this.#next) {
      if (latePolicy === 'emit') return [`late #${String(id)} passed`, this.#leave(message)];
      return this.drop(`late #${String(id)}`, latePolicy, 'LateMessageError');
    }
    const isFull = this.held === maxBuffer && seq !== this.#next;
    if (isFull && overflowPolicy !== 'skip')
      return this.drop(`overflow #${String(id)}`, overflowPolicy, 'BufferOverflowError');
    this.waiting.push({ message, sinceMs: nowMs });
    const lines = this.#release();
    if (maxWaitMs === 0 && this.held > 0) lines.push(...this.#skip('wait'));
    return isFull ? [...lines, ...this.#skip('overflow')] : lines;
  }

  end(how: 'complete' | 'error'): string[] {
    if (how === 'error') return [...this.discard(), how];
    const lines: string[] = [];
    while (this.held > 0) lines.push(...this.#skip('completed'));
    return [...lines, how];
  }

  /** Waits for the lowest missing numbers no longer. */
  #skip(reason: string): string[] {
    const lowest = Math.min(...this.waiting.map(({ message }) => message.seq));
    const line = `skipped ${reason} ${String(this.#next)}-${String(lowest - 1)}`;
    this.#next = lowest;
    return [line, ...this.#release()];
  }

  #release(): string[] {
    const first = this.waiting.find(({ message }) => message.seq === this.#next);
    if (first === undefined) return [];
    this.waiting = this.waiting.filter((one) => one !== first);
    this.#next += 1;
    return [this.#leave(first.message), ...this.#release()];
  }

  #leave({ id, seq }: Message): string {
    this.#out.add(seq);
    return `out ${String(id)}`;
  }
}

function optionsOf({ boundMs, by, ...rules }: SortingRules): ReorderByOptions<Sortable> {
  const maxWaitMs = rules.maxWaitMs ?? Infinity;
  if (by === 'sparse') return { ...rules, by, maxWaitMs };
  return { ...rules, by, boundMs, maxWaitMs, maxSkewMs: rules.maxSkewMs ?? Infinity };
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
/** The last one ends a subscription, so that little else is seen of it. */
const mostly = <P>(one: P, other: P, seldom: P): fc.Arbitrary<P> =>
  fc.constantFrom(one, one, other, other, seldom);
const ruleSet: fc.Arbitrary<Rules> = fc.record({
  maxWaitMs: upTo(30),
  maxBuffer: upTo(8, 1),
  overflowPolicy: mostly('skip', 'drop-newest', 'error'),
  latePolicy: mostly('drop', 'emit', 'error'),
});
const steps = stepsOf<Drawn>(fc.record({ seq: fc.oneof(upTo(4), upTo(20)) }), 40);
const corners = [
  ...['skipped wait', 'skipped overflow', 'skipped completed', 'overflow dropped', 'late dropped'],
  ...['late passed', 'duplicate dropped', 'discarded error dropped', 'complete', 'error'],
  ...['LateMessageError', 'BufferOverflowError'],
];

const sortingRuleSet: fc.Arbitrary<SortingRules> = fc.record({
  by: fc.constantFrom('sparse', 'time'),
  boundMs: upTo(30),
  maxSkewMs: fc.option(upTo(40)),
  maxWaitMs: fc.option(upTo(30)),
  maxBuffer: upTo(8, 1),
  overflowPolicy: mostly('skip', 'drop-newest', 'error'),
  latePolicy: mostly('drop', 'emit', 'error'),
});
const ahead = fc.oneof(
  { weight: 8, arbitrary: upTo(6, -6) },
  { weight: 8, arbitrary: upTo(30, -30) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const sortingSteps = stepsOf<Placed>(fc.record({ ahead }), 30);
const sortingCorners = [
  ...['late dropped', 'late passed', 'duplicate dropped', 'overflow dropped', 'out'],
  ...['invalid skew dropped', 'invalid type dropped', 'invalid negative dropped'],
  ...['discarded error dropped', 'LateMessageError', 'BufferOverflowError', 'complete', 'error'],
];

describe('reorderBy', () => {
  it('does at every step what a list of what waits says', () => {
    const met = new Tally();
    checkerOf('reorderBy').check('commands', 5_000, [ruleSet, steps], (rules, list) => {
      const rig = new CommandRig<Message>((scheduler, onEvent) =>
        reorderBy<Message>(({ seq }) => seq, { ...rules, first: 0, scheduler, onEvent }),
      );
      met.add(runCommands({ rig, model: () => new Waiting(rules) }, list));
    });
    expect(met.rare(corners)).toEqual([]);
  });

  it('sorts at every step as a list of what waits says', () => {
    const met = new Tally();
    const drawn = fc.record({ rules: sortingRuleSet, list: sortingSteps });
    checkerOf('reorderBy').check('commands: sorting', 5_000, [drawn], ({ rules, list }) => {
      const rig = new CommandRig<Sortable>((scheduler, onEvent) =>
        reorderBy<Sortable>(orderOf, { ...optionsOf(rules), scheduler, onEvent }),
      );
      met.add(runCommands({ rig, model: () => new Sorting(rules) }, list));
    });
    expect(met.rare(sortingCorners)).toEqual([]);
  });
});
