/** sequenceGaps without recovery against lists of single numbers; with recovery: pipelines/recovery.property.test.ts. */
import * as fc from 'fast-check';
import { filter, type OperatorFunction, Subject } from 'rxjs';
import {
  GapUnrecoveredError,
  isGapMarker,
  type KeyedAnnouncement,
  sequenceGaps,
  type SequenceGapsEvent,
  type SequenceGapsOptions,
  type SequenceNumber,
} from 'rxjs-reliable';
import { accountFor, arrivalsOf, controlScript, faultScript } from 'rxjs-reliable/testing';
import type { ControlScript, FaultScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import { Corners } from './support/dedupeOracle.js';
import { describeLog, expectSameLog } from './support/describeLog.js';
import { allFaults } from './support/faultCases.js';
import {
  type Announcement,
  type GapMessage,
  GapOracle,
  type GapRules,
  type Witness,
} from './support/gapOracle.js';
import { KeyedOracle } from './support/keyedOracle.js';
import { expectedLog } from './support/oracle.js';
import { expectThat, messagesOf, valuesOf } from './support/reorderChecks.js';
import {
  type MakeOperator,
  runRepeatably,
  sourceError,
  type TimedEntry,
  type TimedMessage,
  type TimedRun,
} from './support/runTimed.js';

type Item = GapMessage | Announcement;
type Event = SequenceGapsEvent<GapMessage, number>;

/** How a script becomes messages and announcements. */
interface Shape {
  readonly first: number;
  /** How wide ranges are at most. */
  readonly width: number;
  /** 0: no `keyBy`. */
  readonly keys: number;
  readonly maxKeys: number;
  /** Every so often there is an announcement in place of the message; 0: never. */
  readonly announceEvery: number;
  readonly startMs: number;
  readonly isMessageFirst: boolean;
}

const checker = checkerOf('sequenceGaps');

const from1 = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const upTo = (max: number): fc.Arbitrary<number> => fc.nat({ max });
const or = <V>(value: V, other: fc.Arbitrary<V>): fc.Arbitrary<V> =>
  fc.oneof(fc.constant(value), other);

const ruleSet: fc.Arbitrary<GapRules> = fc.record({
  toleranceMs: or(0, upTo(200)),
  maxGaps: or(1_024, from1(6)),
  first: or<number | null>(null, upTo(60)),
  maxJump: fc.oneof({ weight: 9, arbitrary: from1(60) }, fc.constant(2_000)),
  maxMisorder: fc.oneof({ weight: 9, arbitrary: upTo(20) }, fc.constant(1_024)),
  restartAfter: from1(4),
  epochs: fc.boolean(),
  duplicatePolicy: fc.constantFrom('pass', 'drop'),
  lostPolicy: fc.constantFrom('report', 'report', 'report', 'error'),
  markers: fc.constantFrom('none', 'detected', 'lost'),
});
const shapes: fc.Arbitrary<Shape> = fc.record({
  first: upTo(50),
  width: upTo(4),
  keys: or(0, from1(4)),
  maxKeys: or(10_000, from1(3)),
  announceEvery: or(0, from1(9)),
  startMs: fc.constantFrom(0, 1_700_000_000_000, -1_000),
  isMessageFirst: fc.boolean(),
});

function itemsOf(script: FaultScript, shape: Shape): TimedMessage<Item>[] {
  const { announceEvery, first, keys, width } = shape;
  const share = Math.max(keys, 1);
  return arrivalsOf(script, first).map(({ atMs, message: { copy, epoch, index, seq } }) => {
    const isSound = Number.isSafeInteger(seq) && seq >= 0;
    const number = isSound ? Math.floor(seq / share) : typeof seq === 'bigint' ? 'seven' : seq;
    const id = `${index}.${copy}`;
    const key = isSound ? seq % share : index % share;
    if (index % announceEvery === 1) return { atMs, message: { id, announced: number, key } };
    const wide = isSound && index % 4 === 2 ? (index * 3) % (width + 1) : 0;
    const numbers = wide > 0 ? [number, (number as number) + wide] : number;
    return { atMs, message: Object.freeze({ id, seq: numbers, key, epoch }) };
  });
}

function optionsOf(
  rules: GapRules,
  { keys, maxKeys }: Shape,
): SequenceGapsOptions<GapMessage, number> {
  return {
    ...rules,
    ...(keys > 0 ? { keyBy: ({ key }) => key, maxKeys } : {}),
    first: rules.first ?? undefined,
    epochOf: rules.epochs ? ({ epoch }) => epoch : undefined,
    markers: undefined,
  };
}

/** The operator, fed with announcements by the same source. */
function makeOf(rules: GapRules, shape: Shape): MakeOperator<Item> {
  return (scheduler, report) => {
    const announced = new Subject<SequenceNumber | KeyedAnnouncement<number>>();
    const operator = sequenceGaps<GapMessage, number>(({ seq }) => seq as SequenceNumber, {
      ...optionsOf(rules, shape),
      scheduler,
      announced,
      onEvent: report,
      markers: rules.markers === 'none' ? undefined : rules.markers,
    } as SequenceGapsOptions<GapMessage, number> & { markers: 'lost' });
    return splitting(operator, (mark) => {
      const sequence = mark.announced as SequenceNumber;
      announced.next(shape.keys > 0 ? { key: mark.key, sequence } : sequence);
    });
  };
}

/** Takes announcements out of the source. */
function splitting<R>(
  operator: OperatorFunction<GapMessage, R>,
  announce: (mark: Announcement) => void,
): OperatorFunction<Item, R> {
  const isMessage = (item: Item): item is GapMessage => {
    if ('announced' in item) announce(item);
    return 'seq' in item;
  };
  return (source) => source.pipe(filter(isMessage), operator);
}

/** At one instant the sequence that began first is settled first. */
class Sequences extends KeyedOracle<Item, number | undefined> {
  constructor(
    rules: GapRules,
    { keys, maxKeys }: Shape,
    witness: Witness,
    private readonly made: GapOracle[] = [],
  ) {
    super(
      ({ key }) => (keys > 0 ? key : undefined),
      maxKeys,
      (key, log) => {
        const oracle = new GapOracle(rules, key, log, witness);
        made.push(oracle);
        return oracle;
      },
    );
  }

  override settle(nowMs: number): void {
    for (const oracle of this.made) oracle.settle(nowMs);
  }
}

interface Input {
  readonly arrivals: readonly TimedMessage<Item>[];
  readonly control: ControlScript;
}

function oracleLog(
  rules: GapRules,
  shape: Shape,
  input: Input,
  told: readonly Event[],
): TimedEntry[] {
  const about = new Map(
    told.map((event) => ['message' in event ? event.message : undefined, event]),
  );
  const oracle = new Sequences(rules, shape, (message) => {
    const event = about.get(message);
    return event !== undefined && 'passed' in event ? event : undefined;
  });
  try {
    return expectedLog(oracle, input);
  } catch (error) {
    // At completion: the one call from which nothing was expected to be thrown.
    if (!(error instanceof GapUnrecoveredError)) throw error;
    oracle.discard(input.control.endAtMs);
    return [...oracle.log, { atMs: input.control.endAtMs, kind: 'error', error }];
  }
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
  log.flatMap((one) => (one.kind === 'event' ? [one.event as Event] : []));

/** Every message is emitted or reported as dropped; every number reported missing is filled, lost or still missing. */
function expectAccounted({ ending, log, sent }: TimedRun<Item>): void {
  const messages = sent.filter((item) => 'seq' in item);
  const isFatal = log.some((one) => one.kind === 'error' && one.error !== sourceError);
  // The message that brought the error about is in no event.
  const account = accountFor<unknown>(messages, valuesOf(withoutMarkers(log)), eventsOf(log), {
    maxHeld: isFatal ? 1 : 0,
  });
  expectThat(account.balanced, account.problem ?? '');
  const count = (...kinds: readonly Event['kind'][]): number => {
    const counts = eventsOf(log).map((one) =>
      'count' in one && kinds.includes(one.kind) ? Number(one.count) : 0,
    );
    return counts.reduce((sum, one) => sum + one, 0);
  };
  const open = count('gap') - count('filled', 'lost');
  expectThat(ending === 'complete' ? open === 0 : open >= 0, `${open} numbers open`);
}

/** Reasons and, without one, whether the message was passed on. */
const corners = [
  ...['gap', 'marker', 'filled late', 'evicted', 'complete', 'Error', 'GapUnrecoveredError'],
  ...['lost overflow', 'lost reset', 'lost evicted', 'lost completed', 'reset epoch', 'reset jump'],
  ...['duplicate passed', 'duplicate dropped', 'late passed', 'invalid type', 'invalid negative'],
  ...['invalid range', 'invalid jump', 'invalid-announcement type', 'invalid-announcement jump'],
];

describe('sequenceGaps', () => {
  it('is what lists of single numbers say', () => {
    const script = faultScript({ maxDelayMs: 400, faults: allFaults });
    const args = [script, controlScript({ maxMs: 2_000 }), ruleSet, shapes] as const;
    const met = new Corners();
    checker.check('oracle: gaps', 10_000, [...args], (records, control, rules, shape) => {
      const arrivals = itemsOf(records, shape);
      const { isMessageFirst, startMs } = shape;
      const result = runRepeatably(makeOf(rules, shape), {
        arrivals,
        control,
        startMs,
        isMessageFirst,
      });
      met.add(withoutMarkers(result.log));
      for (const one of [result, result.again ?? result]) {
        const expected = oracleLog(rules, shape, { arrivals, control }, eventsOf(one.log));
        const messages = messagesOf(arrivals);
        expectSameLog(
          describeLog(withoutMarkers(one.log), messages),
          describeLog(expected, messages),
        );
        expectAccounted(one);
        expect([one.timersLeft, one.isSourceObserved]).toEqual([0, false]);
      }
      expect(result.clock.maxPending).toBeLessThanOrEqual(rules.toleranceMs > 0 ? 1 : 0);
    });
    expect(met.rare(corners)).toEqual([]);
  });

  it('has a property for every stored case', () => {
    const ours = checker.stored.filter((property) => property.startsWith('oracle: '));
    expect(ours.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});
