/** dedupeWithin against itself: on streams changed so that the outcome has to be the same, or changes in a known way. */
import * as fc from 'fast-check';
import { distinct, from, type OperatorFunction, pipe } from 'rxjs';
import {
  dedupeWithin,
  type DedupeWithinEvent,
  type DedupeWithinOptions,
  type SequenceNumber,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import {
  countWindow,
  type Drawn,
  exotic,
  feed,
  idOf,
  idsOf,
  keyBy,
  keyCount,
  keyWindow,
  linesOf,
  type Message,
  messagesIn,
  run,
  sequenceOf,
  sequenceWindow,
  timeWindow,
  windowOf,
} from '../support/dedupeCases.js';
import { eventsOf } from '../support/reorderChecks.js';
import { runTimed } from '../support/runTimed.js';

const checker = checkerOf('dedupeWithin');

describe('dedupeWithin', () => {
  it('takes keys of any kind', () => {
    checker.check('variation: keys', 3_000, [feed, keyCount, keyWindow], (script, keys, drawn) => {
      const arrivals = messagesIn(script, keys);
      let read = 0;
      const labels = exotic.map((label) => label(false));
      const plain = run(windowOf(drawn), arrivals, { keyBy, maxKeys: 100 });
      const strange = run(windowOf(drawn), arrivals, {
        keyBy: ({ key }) => exotic[key]?.((read++ & 1) === 1),
        maxKeys: 100,
      });
      const plainKey = (key: unknown): number =>
        labels.findIndex((label) => Object.is(label, key) || label === key);
      expect(linesOf(strange, idOf, plainKey)).toEqual(linesOf(plain, idOf));
    });
  });

  it('is rxjs distinct if it never forgets', () => {
    const endless = fc.constantFrom<Drawn>(
      { kind: 'time', ms: Number.MAX_VALUE, refresh: false },
      { kind: 'time', ms: Number.MAX_VALUE, refresh: true },
      { kind: 'count', count: 20 },
      { kind: 'watermark', delayMs: 10 ** 9, latePolicy: 'drop' },
    );
    checker.check(
      'variation: distinct',
      2_000,
      [feed, keyCount, endless],
      (script, keys, drawn) => {
        const arrivals = messagesIn(script, keys);
        const ids: string[] = [];
        from(arrivals.map(({ message }) => message))
          .pipe(distinct(keyBy))
          .subscribe(({ id }) => ids.push(id));
        expect(idsOf(run(windowOf(drawn), arrivals, { keyBy }).log)).toEqual(ids);
      },
    );
  });

  it('finds nothing more to drop the second time', () => {
    const window = fc.oneof(timeWindow, countWindow, sequenceWindow);
    checker.check('variation: twice', 2_000, [feed, keyCount, window], (script, keys, drawn) => {
      const dedupe = (
        scheduler: DedupeWithinOptions<Message>['scheduler'],
      ): OperatorFunction<Message, Message> =>
        drawn.kind === 'sequence'
          ? dedupeWithin<Message>(
              { ...drawn, sequenceOf, latePolicy: 'drop', maxJump: 65_536 },
              { scheduler },
            )
          : dedupeWithin<Message, number>(windowOf(drawn), { scheduler, keyBy });
      const script2 = { arrivals: messagesIn(script, keys) };
      const once = runTimed<Message>((scheduler) => dedupe(scheduler), script2);
      const twice = runTimed<Message>(
        (scheduler) => pipe(dedupe(scheduler), dedupe(scheduler)),
        script2,
      );
      expect(idsOf(twice.log)).toEqual(idsOf(once.log));
    });
  });

  it('drops every immediate repeat, and nothing else because of it', () => {
    const window = fc.oneof(timeWindow, countWindow, sequenceWindow);
    const maxKeys = fc.constantFrom(2, 5, 100_000);
    checker.check(
      'variation: repeats',
      2_000,
      [feed, keyCount, window, maxKeys],
      (script, keys, drawn, most) => {
        const arrivals = messagesIn(script, keys);
        const sound =
          drawn.kind === 'sequence'
            ? { ...drawn, latePolicy: 'drop' as const, maxJump: 65_536 }
            : drawn;
        const doubled = arrivals.flatMap(({ atMs, message }) => [
          { atMs, message },
          { atMs, message: { ...message, id: `${message.id} again` } },
        ]);
        const options = drawn.kind === 'sequence' ? {} : { keyBy, maxKeys: most };
        const single = run(windowOf(sound), arrivals, options);
        const double = run(windowOf(sound), doubled, options);
        expect(idsOf(double.log)).toEqual(idsOf(single.log));
        const kinds = eventsOf(double.log).map((event) => [
          event.kind,
          (event.message as Message | undefined)?.id,
        ]);
        const repeats = kinds.filter(([kind, id]) => kind !== 'evicted' && id?.endsWith('again'));
        expect(repeats).toHaveLength(arrivals.length);
      },
    );
  });
});

describe('dedupeWithin of sequence numbers', () => {
  const shift = fc.constantFrom<string>(
    '0',
    '1',
    '2251799813685248',
    '4503599627370496',
    String(2n ** 80n),
  );

  it('does not care where they begin', () => {
    checker.check('variation: shift', 2_000, [feed, sequenceWindow, shift], (script, drawn, by) => {
      const arrivals = messagesIn(script, 1);
      const shifted = (seq: number): SequenceNumber =>
        BigInt(by) > Number.MAX_SAFE_INTEGER ? BigInt(seq) + BigInt(by) : seq + Number(by);
      const plain = run({ ...drawn, sequenceOf }, arrivals);
      const moved = run({ ...drawn, sequenceOf: ({ seq }) => shifted(seq) }, arrivals);
      expect(linesOf(moved, idOf)).toEqual(linesOf(plain, idOf));
    });
  });

  it('does not care whether they wrap', () => {
    const modulus = fc.constantFrom(2 ** 8, 2 ** 16, 2 ** 32);
    const before = fc.integer({ min: 0, max: 70 });
    checker.check(
      'variation: wrap',
      2_000,
      [feed, sequenceWindow, modulus, before],
      (script, drawn, wrapsAt, early) => {
        const arrivals = messagesIn(script, 1, wrapsAt - early);
        const window = { ...drawn, maxJump: 60 };
        const plain = run({ ...window, sequenceOf }, arrivals);
        const wrapped = run(
          { ...window, sequenceOf: ({ seq }) => seq % wrapsAt, modulus: wrapsAt },
          arrivals,
        );
        const bigints = run(
          { ...window, sequenceOf: ({ seq }) => BigInt(seq % wrapsAt), modulus: BigInt(wrapsAt) },
          arrivals,
        );
        expect(linesOf(wrapped, idOf)).toEqual(linesOf(plain, idOf));
        expect(linesOf(bigints, idOf)).toEqual(linesOf(plain, idOf));
      },
    );
  });

  it('treats every key as if it were alone', () => {
    checker.check(
      'variation: senders',
      2_000,
      [feed, keyCount, sequenceWindow],
      (script, keys, drawn) => {
        const arrivals = messagesIn(script, keys).map(({ atMs, message }) => ({
          atMs,
          message: { ...message, seq: Math.floor(message.seq / keys) },
        }));
        const together = run({ ...drawn, sequenceOf }, arrivals, { keyBy });
        for (let own = 0; own < keys; own += 1) {
          const alone = run(
            { ...drawn, sequenceOf },
            arrivals.filter(({ message }) => message.key === own),
            { keyBy },
          );
          const log = together.log.filter((entry) =>
            entry.kind === 'next'
              ? (entry.value as Message).key === own
              : entry.kind === 'event' &&
                (entry.event as DedupeWithinEvent<Message, number>).key === own,
          );
          expect(linesOf({ ...together, log }, idOf)).toEqual(linesOf(alone, idOf));
        }
      },
    );
  });

  it('has a property for every stored case', () => {
    const ours = checker.stored.filter((property) => property.startsWith('variation: '));
    expect(ours.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});

describe('dedupeWithin behind a change of all times', () => {
  it('only changes times', () => {
    const byMs = fc.constantFrom(1, 1_000, 2 ** 31, 1_700_000_000_000);
    checker.check(
      'variation: time',
      2_000,
      [feed, keyCount, keyWindow, byMs],
      (script, keys, drawn, laterMs) => {
        const arrivals = messagesIn(script, keys);
        const later = arrivals.map(({ atMs, message }) => ({
          atMs: atMs + laterMs,
          message: { ...message, timeMs: message.timeMs + laterMs },
        }));
        const plain = run(windowOf(drawn), arrivals, { keyBy });
        const moved = run(windowOf(drawn), later, { keyBy });
        const log = moved.log.map((entry) => {
          const back = { ...entry, atMs: entry.atMs - laterMs };
          if (back.kind !== 'event') return back;
          const event = back.event as { readonly first?: number };
          return event.first === undefined
            ? back
            : { ...back, event: { ...event, first: event.first - laterMs } };
        });
        expect(linesOf({ ...moved, log }, idOf)).toEqual(linesOf(plain, idOf));
      },
    );
  });
});
