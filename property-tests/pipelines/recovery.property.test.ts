/** sequenceGaps over senders that answer requests in every wrong way, against lists of single numbers. */
import * as fc from 'fast-check';
import { defer, EMPTY, Observable, type Subscription } from 'rxjs';
import {
  type Gap,
  isGapMarker,
  noSuchMessages,
  type NoSuchMessages,
  sequenceGaps,
  type SequenceGapsEvent,
  type SequenceNumber,
} from 'rxjs-reliable';
import { accountFor, arrivalsOf, controlScript, faultScript } from 'rxjs-reliable/testing';
import type { FaultScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { Corners, listOf } from '../support/dedupeOracle.js';
import { describeLog, expectSameLog } from '../support/describeLog.js';
import { allFaults } from '../support/faultCases.js';
import {
  failure,
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

/** How the sender answers one request; times in ms. */
interface Plan {
  readonly mode: keyof typeof modes;
  readonly delayMs: number;
  /** Between one value and the next. */
  readonly stepMs: number;
}

/** A number, a range of numbers, something else, or `absent` ones. */
type Value = number | [number, number] | string | { readonly absent: [number, number] };
type Mode = (first: number, last: number) => readonly Value[];
const every: Mode = (first, last) => listOf(first, last);
const none: Mode = () => [];
const modes = {
  all: every,
  slow: every,
  partial: (first, last) => listOf(first, last).filter((n) => n % 2 === 0),
  extra: (first, last) => [Math.max(first - 1, 0), last + 1, ...listOf(first, last)],
  wrong: (first, last) => [last + 1, Math.max(first - 2, 0), last + 3],
  far: (first, last) => [last + 10 ** 9, first],
  twice: (first, last) => listOf(first, last).flatMap((n) => [n, n]),
  range: (first, last) => [[first, last]],
  wide: (first, last) => [[Math.max(first - 1, 0), last + 1]],
  absent: (first, last) => [{ absent: [first, last] }],
  absentWide: (first, last) => [{ absent: [Math.max(first - 3, 0), last + 3] }],
  absentPart: (first, last) => [{ absent: [first, first] }, last],
  broken: (first) => ['seven', first],
  endless: (first, last) => listOf(first, last + 2).map(() => first),
  never: none,
  throw: none,
  error: (first) => [first],
  empty: none,
} satisfies Record<string, Mode>;

const noPlan: Plan = { mode: 'never', delayMs: 0, stepMs: 0 };

/** No answer comes at the very instant at which its request is given up: which of them is first is nobody's promise. */
function replyTo(plans: readonly Plan[], ordinal: number, asked: Gap): Reply {
  const { mode, delayMs, stepMs } = plans[ordinal % plans.length] ?? noPlan;
  const timeOf = (index: number): number => {
    const afterMs = delayMs + index * stepMs;
    return afterMs === 0
      ? 0
      : afterMs + Math.floor(((ordinal + 1) * 0.618034 * 2 ** 20) % 2 ** 20) / 2 ** 30;
  };
  const values = modes[mode](Number(asked.first), Number(asked.last)).map((value, index) => ({
    afterMs: timeOf(index),
    value:
      typeof value === 'object' && 'absent' in value
        ? value
        : { id: `answer ${ordinal}.${index}`, seq: value, key: 0, epoch: 0 },
  }));
  const end =
    mode === 'never' || mode === 'endless'
      ? 'never'
      : mode === 'throw' || mode === 'error'
        ? mode
        : 'complete';
  return { values, end, endAfterMs: mode === 'throw' ? 0 : timeOf(values.length) };
}

/** The sender, in the flesh. */
class Answerer {
  readonly replies: Reply[] = [];
  readonly closedAtMs: number[] = [];
  /** Answers under way, and the most there were. */
  active = 0;
  mostActive = 0;
  /** The most timers there were, apart from those of answers. */
  mostTimers = 0;
  readonly #pending = new Set<object>();
  readonly #beganMs: number;

  constructor(
    private readonly plans: readonly Plan[],
    private readonly clock: WatchedClock,
  ) {
    this.#beganMs = clock.now();
  }

  /** What it said that had to be taken, and more. */
  get said(): readonly unknown[] {
    return this.replies.flatMap(({ values }) => values.map(({ value }) => value));
  }

  countTimers(): void {
    this.mostTimers = Math.max(this.mostTimers, this.clock.pending - this.#pending.size);
  }

  answer(gap: Gap): Observable<GapMessage | NoSuchMessages> {
    const ordinal = this.replies.length;
    const { values, end, endAfterMs } = replyTo(this.plans, ordinal, gap);
    this.replies.push({ values, end, endAfterMs });
    const close = (): void => {
      this.closedAtMs[ordinal] = this.clock.now() - this.#beganMs;
    };
    if (end === 'throw') {
      close();
      throw failure;
    }
    return new Observable((listener) => {
      this.mostActive = Math.max(this.mostActive, (this.active += 1));
      const later = (afterMs: number, act: () => void): void => {
        if (afterMs === 0 && !listener.closed) act();
        else if (!listener.closed) listener.add(this.#schedule(act, afterMs));
      };
      for (const { afterMs, value } of values) {
        const said = 'id' in value ? value : noSuchMessages(...value.absent);
        later(afterMs, () => listener.next(said));
      }
      if (end === 'error') later(endAfterMs, () => listener.error(failure));
      if (end === 'complete') later(endAfterMs, () => listener.complete());
      return () => {
        this.active -= 1;
        close();
      };
    });
  }

  #schedule(act: () => void, afterMs: number): Subscription {
    const pending = {};
    this.#pending.add(pending);
    const timer = this.clock.schedule(() => {
      this.#pending.delete(pending);
      act();
    }, afterMs);
    timer.add(() => this.#pending.delete(pending));
    return timer;
  }
}

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
