/** slaTimeout against a replay of all arrivals at every instant, and against itself on streams changed so that nothing should change. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { defer, from, NEVER, type SchedulerLike } from 'rxjs';
import { isSlaBreach, SlaBreachError, slaTimeout, type SlaTimeoutEvent } from 'rxjs-reliable';
import {
  arrivalsOf,
  type ControlScript,
  controlScript,
  type FaultScript,
  faultScript,
} from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import {
  runRepeatably,
  runTimed,
  type TimedEntry,
  type TimedMessage,
  type TimedRun,
  type TimedScript,
} from './support/runTimed.js';
import { effort } from './support/seed.js';
import { expectedSlaLog, type SlaMessage, type SlaRules } from './support/slaOracle.js';

type Event = SlaTimeoutEvent<SlaMessage, number>;
type Script = TimedScript<SlaMessage>;

/** How a script becomes messages. */
interface Shape {
  readonly keys: number;
  /** How many transactions there are. */
  readonly transactions: number;
  readonly startMs: number;
  readonly isMessageFirst: boolean;
}

const checker = checkerOf('slaTimeout');
const policies = ['report', 'drop', 'error', 'switch'] as const;
/** A multiple of every window, so that windows are divided alike after a shift. */
const dayMs = 86_400_000;

const upTo = (max: number): fc.Arbitrary<number> => fc.nat({ max });
const from1 = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const orNull = <V>(value: fc.Arbitrary<V>): fc.Arbitrary<V | null> =>
  fc.oneof(value, fc.constant(null));

function rulesOf(breachPolicy: SlaRules['breachPolicy']): fc.Arbitrary<SlaRules> {
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

const shapes: fc.Arbitrary<Shape> = fc.record({
  keys: from1(8),
  transactions: from1(12),
  startMs: fc.constantFrom(0, 19_700 * dayMs, -dayMs),
  isMessageFirst: fc.boolean(),
});
const scripts = faultScript({
  maxDelayMs: 500,
  faults: ['burst', 'loss', 'blackout', 'tail', 'duplicate', 'delay', 'straggler', 'corrupt'],
});

/** Rules without any limit get one; shares of limits are whole ms, because a message cuts in half a ms before a timer. */
function sound(drawn: SlaRules): SlaRules {
  const isShare = (drawn.softMs ?? 1) < 1;
  const rules = changed(drawn, (limit) => (isShare ? limit - (limit % 4) : limit));
  const { firstMs, responseMs, silenceMs, totalMs, withinMs } = rules;
  const limits = [firstMs, responseMs, silenceMs, totalMs, withinMs];
  return limits.every((limit) => limit === null) ? { ...rules, silenceMs: 100 } : rules;
}

function messagesOf(
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

function makeOperator(rules: SlaRules) {
  const { breachPolicy, keyed, markers, objective, spare } = rules;
  return (scheduler: SchedulerLike, report: (event: unknown) => void) =>
    (source: Parameters<ReturnType<typeof slaTimeout<SlaMessage>>>[0]) =>
      defer(() => {
        const baseMs = scheduler.now();
        const limits = {
          firstMs: rules.firstMs ?? undefined,
          silenceMs: rules.silenceMs ?? undefined,
          totalMs: rules.totalMs ?? undefined,
          responseMs: rules.responseMs ?? undefined,
          eventTimeOf: ({ timeMs }: SlaMessage) => timeMs + baseMs,
          transaction:
            rules.withinMs === null
              ? undefined
              : {
                  startOf: ({ starts }: SlaMessage) => starts ?? undefined,
                  finishOf: ({ finishes }: SlaMessage) => finishes ?? undefined,
                  withinMs: rules.withinMs,
                },
        };
        const options = {
          ...(keyed ? { keyBy: ({ key }: SlaMessage): number => key } : {}),
          maxKeys: rules.maxKeys,
          softMs: rules.softMs ?? undefined,
          breachPolicy,
          switchTo: () => (spare === null ? NEVER : from(spare as unknown as SlaMessage[])),
          objective: objective ?? undefined,
          scheduler,
          onEvent: (event: Event) => report(since(event, baseMs)),
        };
        return markers
          ? source.pipe(slaTimeout<SlaMessage, number>(limits, { ...options, markers: true }))
          : source.pipe(slaTimeout<SlaMessage, number>(limits, options));
      });
}

/** An event whose times count from the subscription. */
function since(event: Event, baseMs: number): object {
  return 'deadlineMs' in event ? { ...event, deadlineMs: event.deadlineMs - baseMs } : event;
}

function run(rules: SlaRules, script: Script): TimedRun<SlaMessage> {
  return runRepeatably<SlaMessage>(makeOperator(rules), script);
}

/** A log that can be compared: markers and errors as what they say, by the clock of the subscription. */
function plainLog({ log, beganMs }: TimedRun<SlaMessage>, startMs: number): TimedEntry[] {
  const baseMs = startMs + beganMs;
  return log.map((entry) => {
    if (entry.kind === 'next' && isSlaBreach(entry.value)) {
      const { deadlineMs, elapsedMs, key, limit, message, transaction } = entry.value;
      const fields = { limit, deadlineMs: deadlineMs - baseMs, elapsedMs, key };
      return { ...entry, value: { marker: true, ...fields, transaction, message } };
    }
    if (entry.kind === 'error' && entry.error instanceof SlaBreachError) {
      const { deadlineMs, elapsedMs, limit } = entry.error;
      return { ...entry, error: { limit, deadlineMs: deadlineMs - baseMs, elapsedMs } };
    }
    return entry;
  });
}

function expectEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

const eventsOf = (log: readonly TimedEntry[]): Event[] =>
  log.flatMap((one) => (one.kind === 'event' ? [one.event as Event] : []));
/** Messages by reference and how it ended, with times. */
const streamOf = (log: readonly TimedEntry[]): TimedEntry[] =>
  log.filter(({ kind }) => kind !== 'event');

function expectNothingLeft({ clock, isSourceObserved, timersLeft }: TimedRun<SlaMessage>): void {
  expect([timersLeft, isSourceObserved, clock.pending]).toEqual([0, false, 0]);
  expect(clock.maxPending).toBeLessThanOrEqual(1);
}

/** What happened in the streams of the oracle, and how often. */
const seen = new Map<string, number>();

describe('slaTimeout', () => {
  it.each(policies)('is what a replay of all arrivals says (%s)', (policy) => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), rulesOf(policy), shapes] as const;
    checker.check(`oracle: ${policy}`, 2_500, [...args], (records, control, drawn, shape) => {
      const rules = sound(drawn);
      const { isMessageFirst, startMs } = shape;
      const script = { arrivals: messagesOf(records, shape), control, startMs, isMessageFirst };
      const result = run(rules, script);
      for (const one of [result, result.again ?? result]) {
        const expected = expectedSlaLog(rules, script, startMs + one.beganMs);
        expectEqual(plainLog(one, startMs), expected);
        expectNothingLeft(one);
        for (const event of eventsOf(expected)) count(event);
      }
      const subscriptions = result.again === undefined ? 1 : 2;
      const wakeUps = 128 * (script.arrivals.length + 8) * subscriptions;
      expect(result.clock.scheduled).toBeLessThanOrEqual(wakeUps);
    });
  });

  it('met everything that can happen, often', () => {
    const limits = ['first', 'silence', 'total', 'response', 'transaction'];
    const kinds = ['objective-missed', 'objective-met', 'invalid type'];
    kinds.push('invalid started-twice', 'invalid not-started', 'abandoned silence overflow');
    kinds.push('abandoned transaction overflow', 'abandoned transaction completed');
    kinds.push('abandoned transaction error', 'abandoned transaction switched');
    for (const limit of limits) kinds.push(`breach ${limit}`, `warning ${limit}`);
    for (const limit of ['first', 'silence', 'total', 'transaction']) {
      kinds.push(`recovered ${limit}`);
    }
    const often = 4 * Math.min(effort, 1);
    expect(kinds.filter((kind) => (seen.get(kind) ?? 0) < often)).toEqual([]);
  });

  it('leaves the stream as it is: same messages, same times, same end', () => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), rulesOf('report'), shapes] as const;
    checker.check('identity', 1_000, [...args], (records, control, drawn, shape) => {
      const rules = { ...sound(drawn), markers: false };
      const script = { arrivals: messagesOf(records, shape), control, startMs: shape.startMs };
      const actual = run(rules, script);
      const bare = runTimed<SlaMessage>(() => (source) => source, script);
      for (const [one, other] of [
        [actual, bare],
        [actual.again, bare.again],
      ] as const) {
        const [ours, theirs] = [streamOf(one?.log ?? []), streamOf(other?.log ?? [])];
        expectEqual(ours, theirs);
        const valuesOf = (log: TimedEntry[]): unknown[] =>
          log.map((entry) => (entry.kind === 'next' ? entry.value : undefined));
        expect(valuesOf(ours).every((value, at) => value === valuesOf(theirs)[at])).toBe(true);
      }
    });
  });

  it('breaks no more guarantees when they are weaker', () => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), rulesOf('report'), shapes] as const;
    checker.check(
      'monotone',
      1_500,
      [...args, from1(100)],
      (records, control, drawn, shape, by) => {
        const rules = { ...sound(drawn), maxKeys: 10_000 };
        const script = { arrivals: messagesOf(records, shape), control };
        const weaker = breachesOf(run(relaxed(rules, by), script).log, by);
        const stronger = new Set(breachesOf(run(rules, script).log, 0));
        expect(weaker.filter((breach) => !stronger.has(breach))).toEqual([]);
      },
    );
  });

  it('does not care what keys and transactions are called', () => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), rulesOf('report'), shapes] as const;
    checker.check('renaming', 1_000, [...args, upTo(50)], (records, control, drawn, shape, by) => {
      const rules = sound(drawn);
      const arrivals = messagesOf(records, shape);
      const rename = (name: number | null): number | null => (name === null ? null : by - name * 7);
      const renamed = arrivals.map(({ atMs, message }) => {
        const { finishes, key, starts } = message;
        const names = { key: by - key * 7, starts: rename(starts), finishes: rename(finishes) };
        return { atMs, message: { ...message, ...names } };
      });
      const back = new Map(renamed.map(({ message }, at) => [message, arrivals[at]?.message]));
      const original = plainLog(run(rules, { arrivals, control }), 0);
      const other = plainLog(run(rules, { arrivals: renamed, control }), 0);
      const unnamed = (value: unknown): unknown => {
        if (typeof value !== 'object' || value === null) return value;
        const known = back.get(value as SlaMessage);
        if (known !== undefined) return known;
        const { key, message, transaction } = value as Record<string, unknown>;
        return {
          ...value,
          ...('key' in value ? { key: typeof key === 'number' ? (by - key) / 7 : key } : {}),
          ...('transaction' in value && typeof transaction === 'number'
            ? { transaction: (by - transaction) / 7 }
            : {}),
          ...('message' in value ? { message: unnamed(message) } : {}),
        };
      };
      const restored = other.map((entry) => {
        if (entry.kind === 'next') return { ...entry, value: unnamed(entry.value) };
        return entry.kind === 'event' ? { ...entry, event: unnamed(entry.event) } : entry;
      });
      expectEqual(restored, original);
    });
  });

  it('does the same at any other time', () => {
    const args = [scripts, controlScript({ maxMs: 2_000 }), shapes] as const;
    const rules = fc.oneof(...policies.map(rulesOf));
    const days = fc.integer({ min: -1_000, max: 30_000 });
    checker.check('time shift', 1_000, [...args, rules, days], (...drawn) => {
      const [records, control, shape, drawnRules, shift] = drawn;
      const script = { arrivals: messagesOf(records, shape), control };
      const startMs = shift * dayMs;
      const shifted = plainLog(run(sound(drawnRules), { ...script, startMs }), startMs);
      expectEqual(shifted, plainLog(run(sound(drawnRules), { ...script, startMs: 0 }), 0));
    });
  });

  it('says the same, only later, when timers are late', () => {
    const late = fc.oneof(from1(100), from1(8 * 3_600_000));
    const args = [scripts, rulesOf('report'), shapes, fc.boolean(), late] as const;
    checker.check('late timers', 1_000, [...args], (records, drawn, shape, isFailing, lateMs) => {
      const rules = sound(drawn);
      const control: ControlScript = {
        end: isFailing ? 'error' : 'complete',
        endAtMs: 2_000,
        unsubscribeAtMs: null,
        resubscribe: false,
      };
      const script = { arrivals: messagesOf(records, shape), control, startMs: shape.startMs };
      const saidBy = (result: TimedRun<SlaMessage>): unknown[] =>
        plainLog(result, shape.startMs).map((entry) => ({ ...entry, atMs: undefined }));
      const result = run(rules, { ...script, timersLateMs: lateMs });
      expectEqual(saidBy(result), saidBy(run(rules, script)));
      expectNothingLeft(result);
    });
  });

  it('is not moved by a clock that is set back', () => {
    const steps = fc.array(fc.record({ atMs: upTo(1_500), stepMs: upTo(5_000) }), { maxLength: 4 });
    const args = [scripts, rulesOf('report'), shapes, steps] as const;
    checker.check('clock set back', 1_000, [...args], (records, drawn, shape, drawnSteps) => {
      // With a limit of 0 ms there may be several breaches at one instant.
      const rules = relaxed({ ...drawn, responseMs: null, silenceMs: drawn.silenceMs ?? 100 }, 1);
      const script = { arrivals: messagesOf(records, shape) };
      const stepsBack = [...drawnSteps].sort((one, other) => one.atMs - other.atMs);
      const result = run(rules, { ...script, stepsBack });
      // Nothing is told twice, whatever else happens to deadlines while the clock is wrong.
      const told = eventsOf(result.log)
        .filter((event) => event.kind === 'breach')
        .map(({ deadlineMs, key, limit, transaction }) =>
          JSON.stringify([limit, key, transaction, deadlineMs]),
        );
      expect(new Set(told).size).toBe(told.length);
      expectEqual(
        streamOf(result.log).filter(({ kind, ...entry }) => !(kind === 'next' && isMark(entry))),
        streamOf(run(rules, script).log).filter(
          ({ kind, ...entry }) => !(kind === 'next' && isMark(entry)),
        ),
      );
      expectNothingLeft(result);
    });
  });

  it('has a property for every stored case', () => {
    expect(checker.stored.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});

const isMark = (entry: object): boolean => 'value' in entry && isSlaBreach(entry.value);

function count(event: Event): void {
  const limit = 'limit' in event ? ` ${event.limit}` : '';
  const reason = 'reason' in event ? ` ${event.reason}` : '';
  const name = `${event.kind}${limit}${reason}`;
  seen.set(name, (seen.get(name) ?? 0) + 1);
}

/** All limits are `by` ms longer. */
function relaxed(rules: SlaRules, by: number): SlaRules {
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

/** Which guarantees were broken, by what they were about and since when. */
function breachesOf(log: readonly TimedEntry[], by: number): string[] {
  return eventsOf(log).flatMap((event) => {
    if (event.kind !== 'breach') return [];
    const { deadlineMs, key, limit, message, transaction } = event;
    return [JSON.stringify([limit, deadlineMs - by, key, transaction, message?.id])];
  });
}
