/** dedupeWithin, one thing done to it after another, beside a list of the keys it remembers. */
import * as fc from 'fast-check';
import { dedupeWithin, type DedupeWindowOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { CommandRig } from '../support/CommandRig.js';
import { type Model, type Numbered, runCommands, stepsOf } from '../support/modelCommands.js';
import { Tally } from '../support/Tally.js';

interface Drawn {
  readonly key: number;
}
type Message = Numbered<Drawn>;

interface Rules {
  readonly kind: 'time' | 'refreshed' | 'count' | 'sequence';
  /** How many ms, keys or numbers are remembered. */
  readonly size: number;
  readonly maxKeys: number;
  readonly repeatPolicy: 'drop' | 'pass';
}

/** The keys that came, each once, the one that came first in front. */
class Remembered implements Model<Message> {
  readonly held = 0;
  readonly dueMs = Infinity;
  #keys: { readonly key: number; sinceMs: number }[] = [];

  constructor(private readonly rules: Rules) {}

  settle(): string[] {
    return [];
  }

  push({ id, key }: Message, nowMs: number): string[] {
    const { kind, repeatPolicy, size } = this.rules;
    const isTimed = kind === 'time' || kind === 'refreshed';
    if (isTimed) this.#keys = this.#keys.filter(({ sinceMs }) => nowMs - sinceMs < size);
    const high = Math.max(...this.#keys.map((one) => one.key));
    if (kind === 'sequence' && key <= high - size) return [`late #${String(id)} dropped`];
    const known = this.#keys.find((one) => one.key === key);
    if (known === undefined) return [...this.#remember(key, nowMs), `out ${String(id)}`];
    if (kind === 'refreshed') this.#remember(key, nowMs);
    if (repeatPolicy === 'drop') return [`duplicate #${String(id)} dropped`];
    return [`duplicate #${String(id)} passed`, `out ${String(id)}`];
  }

  end(how: 'complete' | 'error'): string[] {
    return [how];
  }

  #remember(key: number, nowMs: number): string[] {
    const { kind, maxKeys, size } = this.rules;
    this.#keys = [...this.#keys.filter((one) => one.key !== key), { key, sinceMs: nowMs }];
    const limit = kind === 'count' ? size : kind === 'sequence' ? Infinity : maxKeys;
    if (this.#keys.length <= limit) return [];
    const [oldest] = this.#keys.splice(0, 1);
    return kind === 'count' ? [] : [`evicted ${String(oldest?.key)}`];
  }
}

function windowOf({ kind, size }: Rules): DedupeWindowOptions<Message> {
  if (kind === 'count') return { kind, count: size };
  if (kind === 'sequence') return { kind, size, sequenceOf: ({ key }) => key };
  return { kind: 'time', ms: size, refresh: kind === 'refreshed' };
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const ruleSet: fc.Arbitrary<Rules> = fc.record({
  kind: fc.constantFrom('time', 'refreshed', 'count', 'sequence'),
  size: upTo(30, 1),
  maxKeys: fc.oneof(upTo(4, 1), fc.constant(100)),
  repeatPolicy: fc.constantFrom('drop', 'pass'),
});
const steps = stepsOf<Drawn>(fc.record({ key: fc.oneof(upTo(4), upTo(60)) }), 30);
const corners = [
  ...['duplicate passed', 'duplicate dropped', 'evicted', 'late dropped', 'complete', 'error'],
];

describe('dedupeWithin', () => {
  it('does at every step what a list of the keys that came says', () => {
    const met = new Tally();
    checkerOf('dedupeWithin').check('commands', 5_000, [ruleSet, steps], (rules, list) => {
      const { maxKeys, repeatPolicy } = rules;
      const keyBy = rules.kind === 'sequence' ? undefined : ({ key }: Message): number => key;
      const rig = new CommandRig<Message>((scheduler, onEvent) =>
        dedupeWithin<Message, number>(windowOf(rules), {
          ...{ keyBy, maxKeys, repeatPolicy, scheduler, onEvent },
        }),
      );
      met.add(runCommands({ rig, model: () => new Remembered(rules) }, list));
      expect(rig.clock.scheduled).toBe(0);
    });
    expect(met.rare(corners)).toEqual([]);
  });
});
