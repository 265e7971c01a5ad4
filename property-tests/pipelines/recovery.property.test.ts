/** sequenceGaps over senders that answer requests in every wrong way, against lists of single numbers. */
import * as fc from 'fast-check';
import { defer, EMPTY } from 'rxjs';
import {
  isGapMarker,
  sequenceGaps,
  type SequenceGapsEvent,
  type SequenceNumber,
} from 'rxjs-reliable';
import { accountFor, arrivalsOf, controlScript, faultScript } from 'rxjs-reliable/testing';
import type { FaultScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { Answerer, modes, type Plan } from '../support/Answerer.js';
import { checkerOf } from '../support/check.js';
import { Corners } from '../support/dedupeOracle.js';
import { describeLog, expectSameLog } from '../support/describeLog.js';
import { allFaults } from '../support/faultCases.js';
import {
  type GapMessage,
  type RecoverRules,
  RecoveryOracle,
  type Reply,
} from '../support/gapOracle.js';
import { expectedLog } from '../support/oracle.js';
import {
  runTimed,
  type TimedEntry,
  type TimedMessage,
  type TimedRun,
  type TimedScript,
} from '../support/runTimed.js';
import { WatchedClock } from '../support/WatchedClock.js';

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const or = <V>(value: V, other: fc.Arbitrary<V>): fc.Arbitrary<V> =>
  fc.oneof(fc.constant(value), other);

const ruleSet: fc.Arbitrary<RecoverRules> = fc.record({
  toleranceMs: or(0, upTo(100)),
  maxGaps: or(1_024, upTo(6, 2)),
  first: or<number | null>(null, upTo(40)),
  maxJump: upTo(40, 1),
  maxMisorder: upTo(20),
  restartAfter: upTo(4, 1),
  epochs: or(false, fc.boolean()),
  duplicatePolicy: fc.constantFrom('pass', 'drop'),
  lostPolicy: fc.constantFrom('report', 'report', 'report', 'error'),
  markers: fc.constantFrom('none', 'none', 'detected', 'lost'),
  maxAttempts: upTo(4, 1),
  timeoutMs: upTo(60, 1),
  delayMs: or(0, upTo(50)),
  factor: fc.constantFrom(1, 2),
  maxMs: or(30_000, upTo(100, 1)),
  maxInFlight: or(8, upTo(3, 1)),
  maxRange: or(1_024, upTo(5, 1)),
  deadlineMs: or<number | null>(null, upTo(200)),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  mode: fc.constantFrom(...(Object.keys(modes) as Plan['mode'][])),
  delayMs: or(0, upTo(120)),
  stepMs: or(0, upTo(20)),
});

type Event = SequenceGapsEvent<GapMessage>;

interface RecoveryRun {
  readonly run: TimedRun<GapMessage>;
  readonly answerer: Answerer;
}

/** Subscribes the operator to a source and a sender that answers by `plans`; every subscription has a sender of its own. */
function runRecovery(
  rules: RecoverRules,
  plans: readonly Plan[],
  script: TimedScript<GapMessage>,
): RecoveryRun[] {
  const { deadlineMs, epochs, factor, first, markers, maxMs } = rules;
  const answerers: Answerer[] = [];
  const run = runTimed<GapMessage>((clock, report) => {
    if (!(clock instanceof WatchedClock)) throw new TypeError('a clock that is watched');
    const operator = sequenceGaps<GapMessage>(({ seq }) => seq as SequenceNumber, {
      ...rules,
      first: first ?? undefined,
      epochOf: epochs ? ({ epoch }) => epoch : undefined,
      markers: (markers === 'none' ? undefined : markers) as 'lost',
      scheduler: clock,
      onEvent: (event) => {
        answerers.at(-1)?.countTimers();
        report(event);
      },
      recover: {
        ...rules,
        backoff: { factor, maxMs },
        deadlineMs: deadlineMs ?? Infinity,
        request: (gap) => answerers.at(-1)?.answer(gap) ?? EMPTY,
      },
    });
    return (source) =>
      defer(() => {
        answerers.push(new Answerer(plans, clock));
        return source.pipe(operator);
      });
  }, script);
  const runs = run.again === undefined ? [run] : [run, run.again];
  return answerers.map((answerer, index) => ({ run: runs[index] ?? run, answerer }));
}

/** Markers as events, so that their numbers are compared. */
function withoutMarkers(log: readonly TimedEntry[]): TimedEntry[] {
  return log.map((entry) => {
    if (entry.kind !== 'next' || !isGapMarker(entry.value)) return entry;
    const { first, last, count, key } = entry.value;
    return { atMs: entry.atMs, kind: 'event', event: { kind: 'marker', first, last, count, key } };
  });
}

const eventsOf = (log: readonly TimedEntry[]): Event[] =>
  log.flatMap((entry) => (entry.kind === 'event' ? [entry.event as Event] : []));

function oracleOf(rules: RecoverRules, { answerer, run }: RecoveryRun): RecoveryOracle {
  const told = eventsOf(run.log).flatMap((event) =>
    'message' in event && 'passed' in event ? [event] : [],
  );
  const about = new Map(told.map((event) => [event.message, event]));
  const silence: Reply = { values: [], end: 'never', endAfterMs: 0 };
  return new RecoveryOracle(
    rules,
    [],
    (message) => about.get(message),
    (ordinal) => answerer.replies[ordinal] ?? silence,
  );
}

/** The log up to the first end: an oracle does not know that an error ended the stream. */
function untilEnd(log: readonly TimedEntry[]): readonly TimedEntry[] {
  const end = log.findIndex(({ kind }) => kind === 'complete' || kind === 'error');
  return end < 0 ? log : log.slice(0, end + 1);
}

/** Every message and answer that was taken is emitted or reported as dropped. */
function expectAccounted({ answerer, run }: RecoveryRun): void {
  const messages = answerer.replies
    .flatMap(({ values }) => values)
    .flatMap(({ value }) => ('id' in value ? [value] : []));
  const values = withoutMarkers(run.log).flatMap((entry) =>
    entry.kind === 'next' ? [entry.value] : [],
  );
  // What was not said yet when the answer was cancelled.
  const account = accountFor([...run.sent, ...messages], values, eventsOf(run.log), {
    maxHeld: Infinity,
  });
  expect(account.problem).toBeUndefined();
  if (run.ending === 'complete')
    expect(account.missing.filter((one) => run.sent.includes(one))).toEqual([]);
}

const checker = checkerOf('sequenceGaps');
const faults = allFaults.filter((kind) => kind !== 'corrupt');
const feed = faultScript({ maxDelayMs: 300, faults });
const ending = controlScript({ maxMs: 2_000 });
const planList = fc.array(plan, { minLength: 1, maxLength: 6, size: 'max' });

function arrivalsIn(script: FaultScript, first: number): TimedMessage<GapMessage>[] {
  return arrivalsOf(script, first).map(({ atMs, message: { copy, epoch, index, seq } }) => ({
    atMs,
    message: Object.freeze({ id: `${index}.${copy}`, seq, key: 0, epoch }),
  }));
}

const corners = [
  ...['request', 'request-failed', 'filled request', 'filled absent', 'filled late', 'late passed'],
  ...['lost attempts', 'lost unrecovered', 'lost overflow', 'lost reset', 'lost completed'],
  ...['duplicate dropped', 'invalid type', 'invalid jump', 'GapUnrecoveredError'],
];

describe('sequenceGaps with recovery', () => {
  it('is what lists of single numbers say', () => {
    const args = [feed, ending, ruleSet, planList, upTo(30)] as const;
    const met = new Corners();
    checker.check(
      'recovery: oracle',
      10_000,
      [...args],
      (records, control, drawn, plans, first) => {
        // Whether parts that are asked for one by one are gaps of their own is nobody's promise.
        const rules = drawn.maxGaps > 6 ? drawn : { ...drawn, maxRange: 1_024 };
        const script = { arrivals: arrivalsIn(records, first), control };
        for (const one of runRecovery(rules, plans, script)) {
          const { answerer, run } = one;
          const oracle = oracleOf(rules, one);
          const messages = [...script.arrivals.map(({ message }) => message), ...answerer.said];
          const expected = untilEnd(expectedLog(oracle, script));
          expectSameLog(
            describeLog(withoutMarkers(run.log), messages),
            describeLog(expected, messages),
          );
          expectAccounted(one);
          met.add(run.log);
          expect([answerer.active, run.isSourceObserved]).toEqual([0, false]);
          expect(answerer.mostTimers).toBeLessThanOrEqual(1);
          expect(answerer.mostActive).toBeLessThanOrEqual(rules.maxInFlight);
          const closedAtMs = oracle.asks.map((ask) => ask.closedAtMs);
          if (run.ending !== 'unsubscribe') expect(answerer.closedAtMs).toEqual(closedAtMs);
        }
      },
    );
    expect(met.rare(corners)).toEqual([]);
  });

  it('does not depend on whether message or timer comes first', () => {
    const args = [feed, ending, ruleSet, planList, upTo(30)] as const;
    checker.check('recovery: ties', 3_000, [...args], (records, control, rules, plans, first) => {
      const arrivals = arrivalsIn(records, first);
      const [one, other] = [true, false].map((isMessageFirst) => {
        const [result] = runRecovery(rules, plans, { arrivals, control, isMessageFirst });
        const messages = arrivals.map(({ message }) => message);
        return describeLog(withoutMarkers(result?.run.log ?? []), messages);
      });
      expectSameLog(one ?? [], other ?? []);
    });
  });

  it('has a property for every stored case', () => {
    const ours = checker.stored.filter((property) => property.startsWith('recovery: '));
    expect(ours.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});
