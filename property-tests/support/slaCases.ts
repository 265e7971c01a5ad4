/** Rules and streams for slaTimeout. */
import * as fc from 'fast-check';
import { arrivalsOf, type FaultScript, faultScript } from 'rxjs-reliable/testing';
import type { TimedMessage } from './runTimed.js';
import type { SlaMessage, SlaRules } from './slaOracle.js';

/** How a script becomes messages. */
interface Shape {
  readonly keys: number;
  /** How many transactions there are. */
  readonly transactions: number;
  readonly startMs: number;
  readonly isMessageFirst: boolean;
}

export const policies = ['report', 'drop', 'error', 'switch'] as const;

/** A multiple of every window, so that windows are divided alike after a shift. */
export const dayMs = 86_400_000;

export const upTo = (max: number): fc.Arbitrary<number> => fc.nat({ max });
export const from1 = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const orNull = <V>(value: fc.Arbitrary<V>): fc.Arbitrary<V | null> =>
  fc.oneof(value, fc.constant(null));

export function rulesOf(breachPolicy: SlaRules['breachPolicy']): fc.Arbitrary<SlaRules> {
  return fc.record({
    firstMs: orNull(upTo(300)),
    silenceMs: orNull(upTo(300)),
    totalMs: orNull(upTo(3_000)),
    responseMs: orNull(upTo(300)),
    withinMs: orNull(upTo(300)),
    keyed: fc.boolean(),
    maxKeys: fc.oneof(from1(5), fc.constant(10_000)),
    softMs: orNull(fc.oneof(from1(200), fc.constantFrom(0.25, 0.5, 0.75))),
    breachPolicy: fc.constant(breachPolicy),
    spare: orNull(fc.constantFrom([], ['spare'], ['spare', 'part'])),
    objective: orNull(
      fc.record({
        ratio: fc.constantFrom(0.5, 0.75, 0.9, 1),
        windowMs: fc.constantFrom(60, 120, 600, 3_600),
      }),
    ),
    markers: fc.boolean(),
  });
}

export const shapes: fc.Arbitrary<Shape> = fc.record({
  keys: from1(8),
  transactions: from1(12),
  startMs: fc.constantFrom(0, 19_700 * dayMs, -dayMs),
  isMessageFirst: fc.boolean(),
});
export const scripts = faultScript({
  maxDelayMs: 500,
  faults: ['burst', 'loss', 'blackout', 'tail', 'duplicate', 'delay', 'straggler', 'corrupt'],
});

/** Rules without any limit get one; shares of limits are whole ms, because a message cuts in half a ms before a timer. */
export function sound(drawn: SlaRules): SlaRules {
  const isShare = (drawn.softMs ?? 1) < 1;
  const rules = changed(drawn, (limit) => (isShare ? limit - (limit % 4) : limit));
  const { firstMs, responseMs, silenceMs, totalMs, withinMs } = rules;
  const limits = [firstMs, responseMs, silenceMs, totalMs, withinMs];
  return limits.every((limit) => limit === null) ? { ...rules, silenceMs: 100 } : rules;
}

export function messagesOf(
  script: FaultScript,
  { keys, transactions }: Shape,
): TimedMessage<SlaMessage>[] {
  return arrivalsOf(script).map(({ atMs, message: { copy, index, sentAtMs, seq } }) => {
    const transaction = Math.floor(index / 2) % transactions;
    const message: SlaMessage = {
      id: `${index}.${copy}`,
      // Every third message is of the key before the last one.
      key: ((index % 3 === 2 ? index - 2 : index) * 5) % keys,
      timeMs: Number.isSafeInteger(seq) ? sentAtMs : NaN,
      starts: index % 5 !== 4 && index % 2 === 0 ? transaction : null,
      finishes: index % 2 === 1 || index % 10 === 4 || index % 20 === 2 ? transaction : null,
    };
    return { atMs, message: Object.freeze(message) };
  });
}

/** All limits are `by` ms longer. */
export function relaxed(rules: SlaRules, by: number): SlaRules {
  return changed(rules, (limit) => limit + by);
}

function changed(rules: SlaRules, change: (limitMs: number) => number): SlaRules {
  const changedBy = (limit: number | null): number | null =>
    limit === null ? null : change(limit);
  return {
    ...rules,
    firstMs: changedBy(rules.firstMs),
    silenceMs: changedBy(rules.silenceMs),
    totalMs: changedBy(rules.totalMs),
    responseMs: changedBy(rules.responseMs),
    withinMs: changedBy(rules.withinMs),
  };
}
