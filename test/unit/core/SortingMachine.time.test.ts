import { describe, expect, it } from 'vitest';
import { BufferOverflowError, LateMessageError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { Sink } from '../../support/Sink.js';
import { isCollected } from '../../support/garbage.js';
import { Rig, holding, type Dated, timed, feed, times } from '../../support/sortingRig.js';

describe('SortingMachine by time', () => {
  it('releases what is at or below the watermark', () => {
    const r = timed({ boundMs: 10 });
    feed(r, 100, 95, 110);
    expect(times(r)).toEqual([95]); // watermark 99
    feed(r, 111);
    expect(times(r)).toEqual([95, 100]);
    feed(r, 112);
    expect(times(r)).toEqual([95, 100]);
    r.end();
    expect(times(r)).toEqual([95, 100, 110, 111, 112]);
    expect(r.sink.events).toEqual([]);
  });

  it('takes a message above the watermark, and finds one at it late', () => {
    const r = timed({ boundMs: 10 });
    feed(r, 100, 90, 89, 88);
    expect(r.sink.events.map((event) => 'behind' in event && event.behind)).toEqual([1, 2]);
    r.end();
    expect(times(r)).toEqual([90, 100]);
  });

  it('keeps equal times in order of arrival', () => {
    const r = timed({ boundMs: 5 });
    r.push([10, 'a'], [8, 'b'], [10, 'c'], [8, 'd'], [10, 'e']);
    r.end();
    expect(r.sink.messages.map(([, letter]) => letter).join('')).toBe('bdace');
  });

  it('releases at once what only the next ms may be below, with a bound of 0', () => {
    const r = timed({ boundMs: 0 });
    feed(r, 10, 10, 11, 10);
    expect(times(r)).toEqual([10, 10]);
    expect(r.sink.events).toMatchObject([{ kind: 'late', behind: 1 }]);
  });

  it('releases after maxWaitMs when the input stops', () => {
    const r = timed({ boundMs: 10, maxWaitMs: 50 });
    feed(r, 100).at(20);
    feed(r, 105);
    expect(r.machine.deadlineMs).toBe(50);
    r.at(50);
    expect(times(r)).toEqual([100]);
    expect(r.machine.deadlineMs).toBe(70);
    feed(r, 99, 100);
    expect(r.sink.events).toMatchObject([{ kind: 'late', behind: 1 }]); // 100 itself is not
    r.at(70);
    expect(times(r)).toEqual([100, 100, 105]);
    expect(r.machine.deadlineMs).toBe(Infinity);
  });

  it('takes any finite time', () => {
    const r = timed({ boundMs: 10 });
    feed(r, -5.5, -5, 0.25, -0);
    r.end();
    expect(times(r)).toEqual([-5.5, -5, -0, 0.25]);
    expect(r.sink.events).toEqual([]);
  });

  it.each([NaN, Infinity, -Infinity, '5', 5n, undefined, null, new Date(5)])(
    'refuses %s',
    (value) => {
      const r = timed();
      r.push([value as number]);
      expect(r.sink.events).toMatchObject([{ kind: 'invalid', reason: 'type', passed: false }]);
    },
  );

  it('refuses a time too far in the future, and is not dragged along', () => {
    const r = timed({ maxSkewMs: 5, boundMs: 10 });
    r.at(100);
    feed(r, 105, 106);
    expect(r.sink.events).toMatchObject([{ kind: 'invalid', reason: 'skew', message: [106] }]);
    feed(r, 100).end();
    expect(times(r)).toEqual([100, 105]);
  });

  it('reads no clock for the skew if there is no limit', () => {
    const r = timed({ maxWaitMs: Infinity });
    feed(r, 1e15, 5);
    expect(r.reads).toBe(0);
  });

  it('passes late messages or ends with those policies', () => {
    const r = timed({ latePolicy: 'emit', boundMs: 10 });
    feed(r, 100, 80);
    expect(r.sink.log).toEqual([
      { kind: 'late', message: [80], key: 'k', behind: 10, passed: true },
      [80],
    ]);
    const strict = timed({ latePolicy: 'error', boundMs: 10 });
    feed(strict, 100);
    expect(() => feed(strict, 80)).toThrow(new LateMessageError('reorderBy', 10));
  });

  describe('buffer', () => {
    it('that is full makes room by what the newest releases', () => {
      const r = timed({ maxBuffer: 2, overflowPolicy: 'drop-newest', boundMs: 10 });
      feed(r, 100, 101);
      feed(r, 110); // watermark 99: nothing leaves
      expect(r.kinds).toEqual(['overflow']);
      feed(r, 111); // watermark 100: 100 leaves
      expect(r.kinds).toEqual(['overflow']);
      expect(times(r)).toEqual([100]);
      r.end();
      expect(times(r)).toEqual([100, 101, 111]);
    });

    it('that is full releases the lowest with skip', () => {
      const r = timed({ maxBuffer: 2, boundMs: 1_000 });
      feed(r, 100, 102, 101, 99);
      expect(times(r)).toEqual([100]);
      expect(r.sink.events).toMatchObject([{ kind: 'late', behind: 1 }]);
    });

    it('that is full ends the stream with that policy', () => {
      const r = timed({ maxBuffer: 1, overflowPolicy: 'error', boundMs: 10 });
      feed(r, 100);
      expect(() => feed(r, 105)).toThrow(BufferOverflowError);
    });
  });

  it('discards what is held, in order', () => {
    const r = timed();
    feed(r, 100, 95);
    r.machine.discard();
    expect(r.sink.events).toEqual(
      [95, 100].map((atMs) => ({
        kind: 'discarded',
        message: [atMs],
        key: 'k',
        reason: 'error',
        passed: false,
      })),
    );
    expect(r.sink.messages).toEqual([]);
  });

  it('stops at a closed output', () => {
    const r = timed({ boundMs: 100 }, 2);
    feed(r, 1, 2, 3, 4).end();
    expect(times(r)).toEqual([1, 2]);
    const settled = timed({ boundMs: 100, maxWaitMs: 10 }, 2);
    for (let atMs = 1; atMs <= 4; atMs += 1) feed(settled.at(atMs), atMs);
    settled.at(100);
    expect(times(settled)).toEqual([1, 2]);
  });

  it('needs nobody who listens to events', () => {
    const r = new Rig<Dated>(
      {
        ...holding,
        by: 'time',
        boundMs: 10,
        orderOf: ([atMs]) => atMs,
        maxBuffer: 2,
        overflowPolicy: 'drop-newest',
      },
      new Sink(),
      false,
    );
    feed(r, 100, 101, 102, NaN, 1);
    r.machine.discard();
    const s = new Rig<number>(
      { ...holding, by: 'sparse', boundMs: Infinity, orderOf: (order) => order },
      new Sink(),
      false,
    );
    s.push(1, 1).end();
    expect(s.sink.messages).toEqual([1]);
  });

  it('keeps no message it released', async () => {
    const r = new Rig<{ at: number }>({
      ...holding,
      by: 'time',
      boundMs: 0,
      orderOf: ({ at }) => at,
    });
    const reference = (() => {
      const message = { at: 1 };
      r.push(message, { at: 2 }, { at: 3 });
      r.sink.messages.length = r.sink.log.length = 0;
      return new WeakRef(message);
    })();
    expect(await isCollected(reference)).toBe(true);
    expect(r.machine.deadlineMs).toBe(1_000);
  });

  it('agrees with sorting, and accounts for every message, under random times', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = new SeededRandom(seed);
      const boundMs = random.integer(0, 20);
      const r = timed({ boundMs, maxWaitMs: Infinity, maxBuffer: 1_000 });
      const kept: number[] = [];
      let greatest = -Infinity;
      for (let n = 0; n < 200; n += 1) {
        const at = n + random.integer(0, 25);
        if (at > greatest - boundMs - 1) kept.push(at);
        greatest = Math.max(greatest, at);
        feed(r, at);
      }
      r.end();
      expect(times(r)).toEqual(kept.sort((one, other) => one - other));
      expect(r.sink.events.length).toBe(200 - kept.length);
    }
  });
});
