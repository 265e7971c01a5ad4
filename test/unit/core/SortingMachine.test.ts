import { describe, expect, it } from 'vitest';
import { BufferOverflowError, LateMessageError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { Sink } from '../../support/Sink.js';
import { isCollected } from '../../support/garbage.js';
import { Rig, holding, sparse, type Dated, timed, feed, times } from '../../support/sortingRig.js';

describe('SortingMachine by sparse numbers', () => {
  it('holds each message maxWaitMs, then releases it in order', () => {
    const r = sparse({ maxWaitMs: 100 });
    r.push(10).at(30).push(5).at(60).push(40);
    expect(r.machine.deadlineMs).toBe(100);
    r.at(99);
    expect(r.sink.messages).toEqual([]);
    r.at(100);
    expect(r.sink.messages).toEqual([5, 10]);
    expect(r.machine.deadlineMs).toBe(160);
    r.at(160);
    expect(r.sink.messages).toEqual([5, 10, 40]);
    expect(r.machine.deadlineMs).toBe(Infinity);
    expect(r.sink.events).toEqual([]);
  });

  it('settles many deadlines at once', () => {
    const r = sparse({ maxWaitMs: 10 });
    for (let n = 0; n < 20; n += 1) r.at(n / 10).push(n * 7);
    r.at(1_000);
    expect(r.sink.messages.length).toBe(20);
  });

  it('drops what is behind the last one released', () => {
    const r = sparse({ maxWaitMs: 10 });
    r.push(10).at(10).push(7, 10, 11);
    expect(r.sink.events).toEqual([
      { kind: 'late', message: 7, key: 'k', behind: 3, passed: false },
      { kind: 'duplicate', message: 10, key: 'k', passed: false },
    ]);
    r.end();
    expect(r.sink.messages).toEqual([10, 11]);
  });

  it('passes what is late with that policy, after its event', () => {
    const r = sparse({ maxWaitMs: 10, latePolicy: 'emit' });
    r.push(10).at(10).push(7);
    expect(r.sink.log).toEqual([
      10,
      { kind: 'late', message: 7, key: 'k', behind: 3, passed: true },
      7,
    ]);
  });

  it('ends the stream for what is late with that policy', () => {
    const r = sparse({ maxWaitMs: 10, latePolicy: 'error' });
    r.push(10).at(10);
    expect(() => r.push(7)).toThrow(new LateMessageError('reorderBy', 3));
  });

  it('drops repeats of what is held and of the last maxBuffer released', () => {
    const r = sparse({ maxWaitMs: 10, maxBuffer: 2 });
    r.push(5, 5).at(10).push(6).at(20).push(7).at(30);
    r.push(5, 6, 7);
    expect(r.sink.messages).toEqual([5, 6, 7]);
    expect(r.kinds).toEqual(['duplicate', 'late', 'duplicate', 'duplicate']);
  });

  it('holds nothing with a wait of 0, and reads no clock', () => {
    const r = sparse({ maxWaitMs: 0, overflowPolicy: 'error', maxBuffer: 1 });
    r.push(5, 9, 7);
    expect(r.sink.messages).toEqual([5, 9]);
    expect(r.kinds).toEqual(['late']);
    expect(r.machine.deadlineMs).toBe(Infinity);
    expect(r.reads).toBe(0);
  });

  it('holds to the end with a wait of Infinity, and reads no clock', () => {
    const r = sparse({ maxWaitMs: Infinity });
    r.push(5, 9, 7);
    expect(r.machine.deadlineMs).toBe(Infinity);
    expect(r.reads).toBe(0);
    expect(r.sink.messages).toEqual([]);
    r.end();
    expect(r.sink.messages).toEqual([5, 7, 9]);
    expect(r.machine.deadlineMs).toBe(Infinity);
  });

  it.each<[value: unknown, reason: string]>([
    [NaN, 'type'],
    [1.5, 'type'],
    [2 ** 53, 'type'],
    ['7', 'type'],
    [undefined, 'type'],
    [null, 'type'],
    [{}, 'type'],
    [[1, 2], 'type'],
    [-1, 'negative'],
    [-1n, 'negative'],
  ])('refuses %s as %s', (value, reason) => {
    const r = sparse();
    r.push(value as number);
    expect(r.sink.events).toEqual([
      { kind: 'invalid', message: value, key: 'k', reason, passed: false },
    ]);
    expect(r.machine.deadlineMs).toBe(Infinity);
  });

  it('takes bigints, but not both types', () => {
    const base = 2n ** 80n;
    const r = sparse({ maxWaitMs: 10 });
    r.push(base + 5n, base, 7)
      .at(10)
      .push(base + 2n);
    expect(r.sink.messages).toEqual([base, base + 5n]);
    expect(r.sink.events).toMatchObject([
      { kind: 'invalid', reason: 'mixed', message: 7 },
      { kind: 'late', behind: 3n },
    ]);
  });

  it('holds bigints that no number can be as large as', () => {
    const base = 10n ** 400n;
    const r = sparse({ maxWaitMs: 10 });
    r.push(base + 2n, base, base + 1n);
    expect(r.sink.log).toEqual([]);
    r.at(10);
    expect(r.sink.log).toEqual([base, base + 1n, base + 2n]);
  });

  it('takes 0 and -0 for the same', () => {
    const r = sparse();
    r.push(0, -0).end();
    expect(r.kinds).toEqual(['duplicate']);
  });

  describe('buffer', () => {
    it('of exactly maxBuffer is held; one more releases the lowest', () => {
      const r = sparse({ maxBuffer: 3 });
      r.push(30, 10, 20);
      expect(r.sink.messages).toEqual([]);
      r.push(15);
      expect(r.sink.messages).toEqual([10]);
      r.push(12);
      expect(r.sink.messages).toEqual([10, 12]);
    });

    it('that is full drops the newest with that policy', () => {
      const r = sparse({ maxBuffer: 2, overflowPolicy: 'drop-newest' });
      r.push(30, 10, 20, 5, 10);
      expect(r.sink.events).toEqual([
        { kind: 'overflow', message: 20, key: 'k', passed: false },
        { kind: 'overflow', message: 5, key: 'k', passed: false },
        { kind: 'duplicate', message: 10, key: 'k', passed: false },
      ]);
      r.end();
      expect(r.sink.messages).toEqual([10, 30]);
    });

    it('that is full ends the stream with that policy', () => {
      const r = sparse({ maxBuffer: 2, overflowPolicy: 'error' });
      r.push(30, 10);
      expect(() => r.push(20)).toThrow(new BufferOverflowError('reorderBy', 2));
    });

    it('that is full of what is due is settled first', () => {
      const r = sparse({ maxBuffer: 2, overflowPolicy: 'error', maxWaitMs: 10 });
      r.push(30, 10).at(10).push(40);
      expect(r.sink.messages).toEqual([10, 30]);
    });
  });
});

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
