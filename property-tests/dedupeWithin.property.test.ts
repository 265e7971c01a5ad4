/** dedupeWithin against a list of all it remembers, and against itself on streams changed so that nothing should change. */
import * as fc from 'fast-check';
import { defer } from 'rxjs';
import {
  dedupeWithin,
  type DedupeWindowOptions,
  type DedupeWithinEvent,
  type SequenceNumber,
} from 'rxjs-reliable';
import { arrivalsOf, controlScript, faultScript } from 'rxjs-reliable/testing';
import type { ControlScript, FaultScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import {
  Corners,
  type DedupeMessage,
  DedupeOracle,
  type DedupeRules,
  type DedupeWindowRules,
} from './support/dedupeOracle.js';
import { describeLog, expectSameLog } from './support/describeLog.js';
import { allFaults } from './support/faultCases.js';
import { expectedLog } from './support/oracle.js';
import { eventsOf, expectClean, messagesOf, valuesOf } from './support/reorderChecks.js';
import { runRepeatably, type TimedMessage, type TimedRun } from './support/runTimed.js';

type Kind = DedupeWindowRules['kind'];
type Message = DedupeMessage & { readonly id: string };

/** How a script becomes messages. */
interface Shape {
  readonly keys: number;
  /** The first number. */
  readonly first: number;
  /** How wide ranges are at most. */
  readonly width: number;
  /** How far ahead some clocks are, in ms. */
  readonly skewMs: number;
  readonly startMs: number;
  readonly isMessageFirst: boolean;
}

const checker = checkerOf('dedupeWithin');
const kinds: readonly Kind[] = ['time', 'count', 'watermark', 'sequence'];

const upTo = (max: number): fc.Arbitrary<number> => fc.nat({ max });
const from1 = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const orNull = (max: number): fc.Arbitrary<number | null> => fc.oneof(upTo(max), fc.constant(null));
const latePolicy = fc.constantFrom('drop' as const, 'emit' as const, 'error' as const);
const windows: Readonly<Record<Kind, fc.Arbitrary<DedupeWindowRules>>> = {
  time: fc.record({ kind: fc.constant('time'), ms: orNull(300), refresh: fc.boolean() }),
  count: fc.record({ kind: fc.constant('count'), count: fc.oneof(from1(4), from1(20)) }),
  watermark: fc.record({
    kind: fc.constant('watermark'),
    delayMs: upTo(300),
    maxSkewMs: orNull(300),
    latePolicy,
  }),
  sequence: fc.record({
    kind: fc.constant('sequence'),
    size: from1(80),
    maxJump: from1(60),
    restartAfter: from1(4),
    latePolicy,
    keyed: fc.boolean(),
    epochs: fc.boolean(),
  }),
};
const shapes: fc.Arbitrary<Shape> = fc.record({
  keys: from1(20),
  first: upTo(50),
  width: upTo(60),
  skewMs: upTo(400),
  startMs: fc.constantFrom(0, 1_700_000_000_000, -1_000),
  isMessageFirst: fc.boolean(),
});

function rulesOf(kind: Kind): fc.Arbitrary<DedupeRules> {
  return fc.record({
    window: windows[kind],
    maxKeys: fc.oneof(from1(6), fc.constant(100_000)),
    repeatPolicy: fc.constantFrom('drop', 'pass'),
  });
}

/** With few keys remembered no two events may happen at one time: which of them is older is nobody's promise. */
const spreadOf = ({ window, maxKeys }: DedupeRules): number =>
  window.kind === 'watermark' && maxKeys < 100 ? 64 : 1;

function spread(rules: DedupeRules): DedupeRules {
  const { window } = rules;
  if (spreadOf(rules) === 1 || window.kind !== 'watermark') return rules;
  return { ...rules, window: { ...window, delayMs: window.delayMs * 64, maxSkewMs: null } };
}

function arrivalsIn(
  script: FaultScript,
  { first, keys, skewMs, width }: Shape,
  times = 1,
): TimedMessage<Message>[] {
  return arrivalsOf(script, first).map(
    ({ atMs, message: { copy, epoch, index, sentAtMs, seq } }) => {
      const isSound = Number.isSafeInteger(seq) && seq >= 0;
      const ahead = index % 3 === 1 ? skewMs : 0;
      const timeMs = isSound ? (sentAtMs + ahead) * times + (index % times) : NaN;
      const wide = isSound && index % 4 === 2 ? (index * 17) % (width + 1) : 0;
      const message = {
        id: `${index}.${copy}`,
        key: scattered(index) % keys,
        timeMs,
        seq: wide > 0 ? [seq, seq + wide] : typeof seq === 'bigint' ? 'seven' : seq,
        epoch,
      };
      return { atMs, message: Object.freeze(message) };
    },
  );
}

/** Keys come again after few messages and after many, so that small windows show what large ones do. */
function scattered(index: number): number {
  return Math.imul(index % 3 === 2 ? index - 2 : index, 0x9e3779b1) >>> 16;
}

function windowOf(rules: DedupeWindowRules, baseMs: () => number): DedupeWindowOptions<Message> {
  switch (rules.kind) {
    case 'time':
      return { ...rules, ms: rules.ms ?? Infinity };
    case 'count':
      return rules;
    case 'watermark': {
      const eventTimeOf = ({ timeMs }: Message): number => timeMs + baseMs();
      return { ...rules, eventTimeOf, maxSkewMs: rules.maxSkewMs ?? undefined };
    }
    case 'sequence': {
      const sequenceOf = ({ seq }: Message): SequenceNumber => seq as SequenceNumber;
      const epochOf = rules.epochs ? ({ epoch }: Message): unknown => epoch : undefined;
      return { ...rules, sequenceOf, epochOf };
    }
  }
}

interface Input {
  readonly arrivals: readonly TimedMessage<Message>[];
  readonly control?: ControlScript;
}

/** Runs the operator; times in events are counted from the subscription. */
function run(rules: DedupeRules, shape: Shape, input: Input): TimedRun<Message> {
  const { arrivals, control } = input;
  return runRepeatably<Message>(
    (scheduler, report) => {
      let baseMs = 0;
      const isUnkeyed = rules.window.kind === 'sequence' && !rules.window.keyed;
      const operator = dedupeWithin<Message, number>(
        windowOf(rules.window, () => baseMs),
        {
          ...(isUnkeyed ? {} : { keyBy: ({ key }) => key }),
          maxKeys: rules.maxKeys,
          repeatPolicy: rules.repeatPolicy,
          scheduler,
          onEvent: (event) => report(since(event, baseMs)),
        },
      );
      return (source) =>
        defer(() => {
          baseMs = scheduler.now();
          return source.pipe(operator);
        });
    },
    { arrivals, control, startMs: shape.startMs, isMessageFirst: shape.isMessageFirst },
  );
}

function since(event: DedupeWithinEvent<Message, number>, baseMs: number): object {
  const hasTime = 'first' in event && event.first !== undefined;
  return hasTime ? { ...event, first: event.first - baseMs } : event;
}

const noShape = { keys: 1, first: 0, width: 0, skewMs: 0, startMs: 0, isMessageFirst: false };

/** Throws if a run differs from what the oracle says, or does not account for every message. */
function expectOracle(rules: DedupeRules, one: TimedRun<Message>, input: Input): void {
  const told = new Set(eventsOf(one.log).map((event) => event.message));
  const silent = new Set(valuesOf(one.log).filter((value) => !told.has(value)));
  const oracle = new DedupeOracle(rules, (message) => silent.has(message));
  const messages = messagesOf(input.arrivals);
  const expected = describeLog(expectedLog(oracle, input), messages);
  expectSameLog(describeLog(one.log, messages), expected);
  expectClean(one, 0);
}

const always = ['complete', 'Error', 'duplicate passed', 'duplicate dropped'];
const lateness = ['late passed', 'late dropped', 'LateMessageError', 'invalid type'];
const corners: Readonly<Record<Kind, readonly string[]>> = {
  time: [...always, 'evicted'],
  count: always,
  watermark: [...always, ...lateness, 'evicted', 'invalid skew'],
  sequence: [
    ...[...always, ...lateness, 'evicted', 'reset epoch', 'reset jump'],
    ...['invalid negative', 'invalid range', 'invalid jump'],
  ],
};

describe('dedupeWithin', () => {
  it.each(kinds)('is what a list of all it remembers says (%s)', (kind) => {
    const script = faultScript({ maxDelayMs: 500, faults: allFaults });
    const args = [script, controlScript({ maxMs: 2_000 }), rulesOf(kind), shapes] as const;
    const met = new Corners();
    checker.check(`oracle: ${kind}`, 3_000, [...args], (records, control, drawn, shape) => {
      const rules = spread(drawn);
      const arrivals = arrivalsIn(records, shape, spreadOf(drawn));
      const result = run(rules, shape, { arrivals, control });
      met.add(result.log);
      for (const one of [result, result.again ?? result]) {
        expectOracle(rules, one, { arrivals, control });
      }
      const subscriptions = result.again === undefined ? 1 : 2;
      const messages = result.sent.length + (result.again?.sent.length ?? 0);
      expect(result.clock.scheduled).toBe(0);
      expect(result.clock.reads - subscriptions).toBeLessThanOrEqual(
        needsTime(rules) ? messages : 0,
      );
    });
    expect(met.rare(corners[kind])).toEqual([]);
  });

  it('is exact at the edges of a sequence window, for ranges too', () => {
    const step = fc.record({ ahead: fc.integer({ min: -90, max: 40 }), width: upTo(70) });
    const steps = fc.array(step, { maxLength: 12, size: 'max' });
    const size = fc.oneof(fc.constantFrom(31, 32, 33, 64), from1(70));
    checker.check('oracle: edges', 10_000, [steps, size], (drawn, windowSize) => {
      const window = { kind: 'sequence', size: windowSize, maxJump: 100, restartAfter: 2 } as const;
      const rules: DedupeRules = {
        window: { ...window, latePolicy: 'drop', keyed: false, epochs: false },
        maxKeys: 1,
        repeatPolicy: 'drop',
      };
      let high = 100;
      const arrivals = drawn.map(({ ahead, width }, index) => {
        const seq = [high + ahead, high + ahead + width];
        high = Math.max(high, high + ahead + width);
        return { atMs: 0, message: { id: String(index), key: 0, timeMs: 0, seq, epoch: 0 } };
      });
      const result = run(rules, noShape, { arrivals });
      expectOracle(rules, result, { arrivals });
    });
  });

  it('has a property for every stored case', () => {
    const ours = checker.stored.filter((property) => property.startsWith('oracle: '));
    expect(ours.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});

function needsTime({ window }: DedupeRules): boolean {
  return window.kind === 'time' || (window.kind === 'watermark' && window.maxSkewMs !== null);
}
