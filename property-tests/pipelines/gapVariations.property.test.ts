/** sequenceGaps against itself: on streams changed so that the outcome has to be the same, or changes in a known way. */
import * as fc from 'fast-check';
import {
  isGapMarker,
  sequenceGaps,
  type SequenceGapsEvent,
  type SequenceGapsOptions,
  type SequenceNumber,
} from 'rxjs-reliable';
import { arrivalsOf, faultScript, type FaultScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { calmFaults } from '../support/calmFaults.js';
import { checkerOf } from '../support/check.js';
import { describeLog, expectSameLog } from '../support/describeLog.js';
import { eventsOf, messagesOf, valuesOf } from '../support/reorderChecks.js';
import {
  runTimed,
  type TimedEntry,
  type TimedMessage,
  type TimedRun,
  type TimedScript,
} from '../support/runTimed.js';

interface Message {
  readonly seq: number;
  readonly key: number;
}
type Event = SequenceGapsEvent<Message, number>;
type Options = SequenceGapsOptions<Message, number>;
/** What may be drawn, as plain JSON. */
type Drawn = Pick<Options, 'toleranceMs' | 'maxGaps' | 'maxJump' | 'maxMisorder' | 'restartAfter'> &
  Pick<Options, 'duplicatePolicy'> & { readonly mark: 'none' | 'detected' | 'lost' };

const checker = checkerOf('sequenceGaps');
const calm = faultScript({ maxDelayMs: 400, faults: [...calmFaults] });
const restarting = faultScript({ maxDelayMs: 400, faults: [...calmFaults, 'restart'] });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  toleranceMs: fc.oneof(fc.constant(0), fc.nat({ max: 200 })),
  maxGaps: fc.constantFrom(1, 2, 5, 1_024),
  maxJump: fc.constantFrom(3, 60, 500),
  maxMisorder: fc.constantFrom(0, 20, 200),
  restartAfter: fc.integer({ min: 1, max: 4 }),
  duplicatePolicy: fc.constantFrom('pass', 'drop'),
  mark: fc.constantFrom('none', 'detected', 'lost'),
});

/** Reorders nothing: everything takes equally long, and nothing is lost or repeated. */
const clean = faultScript({ faults: ['burst'] });

function messagesIn(script: FaultScript, first: number, keys = 1): TimedMessage<Message>[] {
  return arrivalsOf(script, first).map(({ atMs, message: { seq } }) => {
    const message = { seq: Math.floor(seq / keys), key: seq % keys };
    return { atMs, message: Object.freeze(message) };
  });
}

function run(
  { mark, ...settings }: Drawn,
  script: TimedScript<Message>,
  sequenceOf: (message: Message) => SequenceNumber = ({ seq }) => seq,
  options: Options = {},
): TimedRun<Message> {
  return runTimed<Message>((scheduler, onEvent) => {
    const markers = (mark === 'none' ? undefined : mark) as 'lost';
    const all = { ...settings, ...options, markers, scheduler, onEvent };
    return sequenceGaps<Message, number>(sequenceOf, all);
  }, script);
}

/** The log with numbers in events and markers as the plain stream has them, markers as events. */
function relabelled(
  log: readonly TimedEntry[],
  numberOf: (seq: SequenceNumber) => number,
): TimedEntry[] {
  return log.map((entry) => {
    const event = asEvent(entry);
    if (event === undefined) return entry;
    const behind = event.behind === undefined ? {} : { behind: Number(event.behind) };
    const count = Number(event.count);
    const numbers = Number.isNaN(count)
      ? {}
      : {
          first: numberOf(event.first ?? 0),
          last: numberOf(event.last ?? 0),
          count,
        };
    return { atMs: entry.atMs, kind: 'event', event: { ...event, ...behind, ...numbers } };
  });
}

interface AnyEvent {
  readonly kind: string;
  readonly first?: SequenceNumber;
  readonly last?: SequenceNumber;
  readonly count?: SequenceNumber;
  readonly behind?: SequenceNumber;
}

function asEvent(entry: TimedEntry): AnyEvent | undefined {
  if (entry.kind === 'event') return entry.event as AnyEvent;
  if (entry.kind !== 'next' || !isGapMarker(entry.value)) return undefined;
  const { first, last, count } = entry.value;
  return { kind: 'marker', first, last, count };
}

function expectRelabelled(
  changed: TimedRun<Message>,
  plain: TimedRun<Message>,
  numberOf: (seq: SequenceNumber) => number,
): void {
  const messages = changed.sent;
  const same = (seq: SequenceNumber): number => Number(seq);
  const expected = describeLog(relabelled(plain.log, same), messages);
  expectSameLog(describeLog(relabelled(changed.log, numberOf), messages), expected);
}

describe('sequenceGaps', () => {
  it('does not care where numbers begin', () => {
    const by = fc.constantFrom('1', '4503599627370496', String(2n ** 80n));
    checker.check('variation: shift', 2_000, [restarting, drawn, by], (script, settings, shift) => {
      const input = { arrivals: messagesIn(script, 500) };
      const isHuge = BigInt(shift) > Number.MAX_SAFE_INTEGER;
      const changed = run(settings, input, ({ seq }) =>
        isHuge ? BigInt(seq) + BigInt(shift) : seq + Number(shift),
      );
      expectRelabelled(changed, run(settings, input), (seq) => Number(BigInt(seq) - BigInt(shift)));
    });
  });

  it('does not care whether numbers wrap', () => {
    const modulus = fc.constantFrom(2 ** 12, 2 ** 16, 2 ** 32);
    const before = fc.nat({ max: 70 });
    checker.check(
      'variation: wrap',
      2_000,
      [calm, drawn, modulus, before],
      (script, settings, wrapsAt, early) => {
        const input = { arrivals: messagesIn(script, wrapsAt - early) };
        const plain = run(settings, input);
        const numberOf = (seq: SequenceNumber): number =>
          Number(seq) < wrapsAt / 2 ? Number(seq) + wrapsAt : Number(seq);
        const changed = run(settings, input, ({ seq }) => seq % wrapsAt, { modulus: wrapsAt });
        expectRelabelled(changed, plain, numberOf);
        const big = BigInt(wrapsAt);
        const bigints = run(settings, input, ({ seq }) => BigInt(seq) % big, { modulus: big });
        expectRelabelled(bigints, plain, numberOf);
      },
    );
  });

  it('does not care what time it is', () => {
    const byMs = fc.constantFrom(1, 1_000, 2 ** 31, 1_700_000_000_000);
    checker.check(
      'variation: time',
      2_000,
      [restarting, drawn, byMs],
      (script, settings, laterMs) => {
        const arrivals = messagesIn(script, 0);
        const later = arrivals.map(({ atMs, message }) => ({ atMs: atMs + laterMs, message }));
        const control = {
          end: 'complete',
          endAtMs: 1_000,
          unsubscribeAtMs: null,
          resubscribe: false,
        } as const;
        const plain = run(settings, { arrivals, control, startMs: laterMs });
        const moved = run(settings, {
          arrivals: later,
          control: { ...control, endAtMs: 1_000 + laterMs },
        });
        const log = moved.log.map((entry) => ({ ...entry, atMs: entry.atMs - laterMs }));
        expectSameLog(
          describeLog(log, messagesOf(arrivals)),
          describeLog(plain.log, messagesOf(arrivals)),
        );
      },
    );
  });

  it('understands messages that name the one before them', () => {
    checker.check('variation: pointers', 2_000, [calm, drawn], (script, settings) => {
      const input = { arrivals: messagesIn(script, 500) };
      const changed = run(settings, input, undefined, { previousOf: ({ seq }) => seq - 1 });
      expectRelabelled(changed, run(settings, input), Number);
    });
  });

  it('treats every key as if it were alone', () => {
    const keys = fc.integer({ min: 1, max: 5 });
    checker.check(
      'variation: keys',
      2_000,
      [restarting, drawn, keys],
      (script, settings, count) => {
        const arrivals = messagesIn(script, 0, count);
        const together = run(settings, { arrivals }, undefined, { keyBy: ({ key }) => key });
        for (let own = 0; own < count; own += 1) {
          const alone = run(
            settings,
            { arrivals: arrivals.filter(({ message }) => message.key === own) },
            undefined,
            { keyBy: ({ key }) => key },
          );
          const isOwn = (entry: TimedEntry): boolean => {
            if (entry.kind === 'event') return (entry.event as Event).key === own;
            return entry.kind === 'next' && (entry.value as Message).key === own;
          };
          const messages = messagesOf(arrivals);
          expectSameLog(
            describeLog(together.log.filter(isOwn), messages),
            describeLog(alone.log, messages),
          );
        }
      },
    );
  });

  it('reports every immediate repeat, and nothing else because of it', () => {
    checker.check('variation: repeats', 2_000, [calm, drawn], (script, settings) => {
      const sound = { ...settings, maxJump: 500, maxMisorder: 200 };
      const arrivals = messagesIn(script, 0);
      const repeats = new Set<unknown>();
      const doubled = arrivals.flatMap(({ atMs, message }) => {
        const repeat = { ...message };
        repeats.add(repeat);
        return [
          { atMs, message },
          { atMs, message: repeat },
        ];
      });
      const changed = run(sound, { arrivals: doubled });
      const isRepeat = (entry: TimedEntry): boolean =>
        (entry.kind === 'next' && repeats.has(entry.value)) ||
        (entry.kind === 'event' &&
          repeats.has((entry.event as { readonly message?: unknown }).message));
      const told = changed.log.filter(isRepeat);
      const passed = sound.duplicatePolicy === 'pass' ? 2 : 1;
      expect(told).toHaveLength(repeats.size * passed);
      expect(eventsOf(told).every(({ kind }) => kind === 'duplicate')).toBe(true);
      const rest = changed.log.filter((entry) => !isRepeat(entry));
      const messages = messagesOf(arrivals);
      expectSameLog(
        describeLog(rest, messages),
        describeLog(run(sound, { arrivals }).log, messages),
      );
    });
  });

  it('finds out the same if it is woken late', () => {
    const lateMs = fc.integer({ min: 1, max: 2_000 });
    checker.check(
      'variation: late timers',
      2_000,
      [restarting, drawn, lateMs],
      (script, settings, timersLateMs) => {
        const input = { arrivals: messagesIn(script, 0) };
        const punctual = run(settings, input);
        const late = run(settings, { ...input, timersLateMs });
        const linesOf = ({ log }: TimedRun<Message>): string[] => {
          const markers = relabelled(log, Number);
          return describeLog(
            markers.map((entry) => ({ ...entry, atMs: 0 })),
            messagesOf(input.arrivals),
          ).sort();
        };
        expectSameLog(linesOf(late), linesOf(punctual));
      },
    );
  });

  it('needs neither timer nor clock, and has nothing to say, where nothing is missing', () => {
    checker.check('variation: clean', 2_000, [clean, drawn], (script, settings) => {
      const arrivals = messagesIn(script, 7);
      const result = run(settings, { arrivals });
      expect(valuesOf(result.log)).toEqual(messagesOf(arrivals));
      expect(result.log).toHaveLength(arrivals.length);
      expect([result.clock.scheduled, result.clock.reads]).toEqual([0, 0]);
    });
  });

  it('has a property for every stored case', () => {
    const ours = checker.stored.filter((property) => property.startsWith('variation: '));
    expect(ours.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});
