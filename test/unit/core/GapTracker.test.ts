import { describe, expect, it } from 'vitest';
import { GapMarker } from '../../../src/core/GapMarker.js';
import { GapUnrecoveredError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import type { SequenceNumber } from '../../../src/types.js';
import { rig, packets, gap } from '../../support/gapTrackerRig.js';
import type { Packet } from '../../support/machines.js';

describe('GapTracker', () => {
  it('passes messages in order on without an event, a deadline or a clock read', () => {
    const r = rig();
    r.push(3, 4, 5);
    expect(r.sink.log).toEqual([3, 4, 5]);
    expect(r.machine.deadlineMs).toBe(Infinity);
    expect(r.reads).toBe(0);
    expect(r.open).toEqual([]);
  });

  it('tells that a message in order left no trace, also where gaps are open', () => {
    const r = rig();
    const push = (message: SequenceNumber): boolean => r.machine.push(message, r.now);
    expect([1, 2, 5, 6, 3, 7, 7].map(push)).toEqual([false, true, false, true, false, true, false]);
  });

  describe('a gap', () => {
    it('is reported before the message that shows it', () => {
      const r = rig();
      r.push(1, 5);
      expect(r.sink.log).toEqual([1, gap('gap', 2, 4), 5]);
      expect(r.open).toEqual([[2, 4]]);
    });

    it('is filled by what comes late, in parts', () => {
      const r = rig();
      r.push(1, 6).at(7).push(3).at(9).push(2).at(10).push(5, 4);
      expect(r.sink.log.slice(2)).toEqual([
        6,
        gap('filled', 3, 3, { by: 'late', waitedMs: 7, message: 3 }),
        3,
        gap('filled', 2, 2, { by: 'late', waitedMs: 9, message: 2 }),
        2,
        gap('filled', 5, 5, { by: 'late', waitedMs: 10, message: 5 }),
        5,
        gap('filled', 4, 4, { by: 'late', waitedMs: 10, message: 4 }),
        4,
      ]);
      expect(r.open).toEqual([]);
    });

    it('of any length is one interval', () => {
      const r = rig({ maxJump: Number.MAX_SAFE_INTEGER });
      r.push(0, Number.MAX_SAFE_INTEGER, 2 ** 40);
      expect(r.open).toEqual([
        [1, 2 ** 40 - 1],
        [2 ** 40 + 1, Number.MAX_SAFE_INTEGER - 1],
      ]);
    });

    it('before the first message is known with `first`', () => {
      const r = rig({ first: 1 });
      r.push(3);
      expect(r.sink.log).toEqual([gap('gap', 1, 2), 3]);
    });

    it('is lost at the end', () => {
      const r = rig();
      r.push(1, 3, 6).end();
      expect(r.sink.events.slice(2)).toEqual([
        gap('lost', 2, 2, { reason: 'completed' }),
        gap('lost', 4, 5, { reason: 'completed' }),
      ]);
      expect(r.open).toEqual([]);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('is filled by a range, in one event for each gap', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: 3 }, { seq: 6 });
      const range: Packet = { seq: [2, 7] };
      r.push(range);
      expect(r.sink.events.slice(2)).toEqual([
        gap('filled', 2, 2, { by: 'late', waitedMs: 0, message: range }),
        gap('filled', 4, 5, { by: 'late', waitedMs: 0, message: range }),
      ]);
      expect(r.sink.messages.at(-1)).toBe(range);
      r.push({ seq: 8 });
      expect(r.kinds.length).toBe(4);
    });

    it('labels bigints and wrapping numbers as the sender does', () => {
      const big = rig();
      big.push(2n ** 70n, 2n ** 70n + 3n).end();
      expect(big.sink.events[0]).toEqual({
        kind: 'gap',
        first: 2n ** 70n + 1n,
        last: 2n ** 70n + 2n,
        count: 2n,
        key: 'k',
      });
      const wrapping = rig({ modulus: 16 });
      wrapping.push(14, 1);
      expect(wrapping.sink.events[0]).toEqual({ ...gap('gap', 15, 0), count: 2 });
    });
  });

  describe('toleranceMs', () => {
    it('makes a hole a gap exactly at its end', () => {
      const r = rig({ toleranceMs: 50 });
      r.at(5).push(1, 3);
      expect(r.machine.deadlineMs).toBe(55);
      r.at(54);
      expect(r.sink.events).toEqual([]);
      r.at(55);
      expect(r.sink.events).toEqual([gap('gap', 2, 2)]);
      expect(r.machine.deadlineMs).toBe(Infinity);
      r.at(60).push(2);
      expect(r.sink.events[1]).toMatchObject({ kind: 'filled', waitedMs: 55 });
    });

    it('keeps mere disorder silent', () => {
      const r = rig({ toleranceMs: 50 });
      r.push(1, 4).at(49).push(3, 2);
      expect(r.sink.log).toEqual([1, 4, 3, 2]);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('runs for both parts of a hole that is cut in two', () => {
      const r = rig({ toleranceMs: 50 });
      r.push(1, 7).push(4).at(50);
      expect(r.sink.events).toEqual([gap('gap', 2, 3), gap('gap', 5, 6)]);
    });

    it('runs for each hole by itself', () => {
      const r = rig({ toleranceMs: 50 });
      r.push(1, 3).at(20).push(5);
      expect(r.machine.deadlineMs).toBe(50);
      r.at(50);
      expect(r.sink.events).toEqual([gap('gap', 2, 2)]);
      expect(r.machine.deadlineMs).toBe(70);
    });

    it('of many holes ends in the order in which they appeared', () => {
      const r = rig({ toleranceMs: 50 });
      r.push(1);
      for (const index of [0, 1, 2, 3, 4]) r.at(10 * index).push(2 * index + 3);
      expect(r.machine.deadlineMs).toBe(50);
      for (const atMs of [50, 60, 70, 80, 90]) r.at(atMs);
      const firsts = r.sink.events.map((event) => 'first' in event && event.first);
      expect(firsts).toEqual([2, 4, 6, 8, 10]);
    });

    it('of Infinity never makes a gap, and reports both at the end', () => {
      const r = rig({ toleranceMs: Infinity });
      r.push(1, 3);
      expect(r.machine.deadlineMs).toBe(Infinity);
      r.end();
      expect(r.sink.events).toEqual([gap('gap', 2, 2), gap('lost', 2, 2, { reason: 'completed' })]);
    });
  });

  describe('maxGaps', () => {
    it('gives up the oldest gap when there is one more', () => {
      const r = rig({ maxGaps: 2 });
      r.push(1, 3, 5);
      expect(r.kinds).toEqual(['gap', 'gap']);
      r.push(7);
      expect(r.sink.events.slice(2)).toEqual([
        gap('gap', 6, 6),
        gap('lost', 2, 2, { reason: 'overflow' }),
      ]);
      expect(r.open).toEqual([
        [4, 4],
        [6, 6],
      ]);
    });

    it('bounds what is remembered as given up, too', () => {
      const r = rig({ maxGaps: 1, maxMisorder: 1_000 });
      r.push(1, 3, 5, 7, 9);
      r.push(6); // given up last, of {2, 4, 6}
      expect(r.kinds.at(-1)).toBe('late');
      r.push(2);
      expect(r.kinds.at(-1)).toBe('duplicate');
    });
  });

  describe('late messages', () => {
    it('come after their number was given up, or before the baseline, and are passed on', () => {
      const r = rig({ maxGaps: 2 });
      r.push(100, 102, 104, 106).sink.drainEvents();
      r.push(101, 99);
      expect(r.sink.events).toEqual([
        { kind: 'late', message: 101, key: 'k', behind: 5, passed: true },
        { kind: 'late', message: 99, key: 'k', behind: 7, passed: true },
      ]);
      expect(r.sink.messages).toEqual([100, 102, 104, 106, 101, 99]);
      r.push(101, 99);
      expect(r.kinds.slice(2)).toEqual(['duplicate', 'duplicate']);
    });

    it('are believed however far behind, if they were given up and not before the baseline', () => {
      const r = rig({ maxGaps: 1, maxMisorder: 5 });
      r.push(100, 102, 104, 50_000).sink.drainEvents();
      r.push(103, 101, 99);
      expect(r.kinds).toEqual(['late', 'invalid']); // only the last one given up is remembered
      expect(r.sink.messages.slice(-3)).toEqual([103, 101, 99]);
      r.end();
      expect(r.sink.events.slice(1, 3)).toMatchObject([{ message: 101 }, { message: 99 }]);
    });

    it('before the baseline are late up to maxMisorder', () => {
      const r = rig({ maxMisorder: 10 });
      r.push(100, 90);
      expect(r.kinds).toEqual(['late']);
      const none = rig({ maxMisorder: 0 });
      none.push(100, 100);
      expect(none.kinds).toEqual(['duplicate']);
    });
  });

  describe('repeats', () => {
    it('are passed and reported', () => {
      const r = rig();
      r.push(1, 2, 2, 1);
      expect(r.sink.log).toEqual([
        1,
        2,
        { kind: 'duplicate', message: 2, key: 'k', passed: true },
        2,
        { kind: 'duplicate', message: 1, key: 'k', passed: true },
        1,
      ]);
    });

    it('are dropped with that policy', () => {
      const r = rig({ duplicatePolicy: 'drop' });
      r.push(1, 3, 2, 2, 3);
      expect(r.sink.messages).toEqual([1, 3, 2]);
      expect(r.sink.events.slice(2)).toEqual([
        { kind: 'duplicate', message: 2, key: 'k', passed: false },
        { kind: 'duplicate', message: 3, key: 'k', passed: false },
      ]);
    });

    it('of part of a range are no repeats', () => {
      const r = packets({ duplicatePolicy: 'drop' });
      r.push({ seq: [1, 3] }, { seq: [3, 4] }, { seq: [2, 4] });
      expect(r.sink.messages.length).toBe(2);
      expect(r.kinds).toEqual(['duplicate']);
    });
  });

  describe('restart', () => {
    it('passes each message on once, and the open gaps are lost', () => {
      const r = rig({ restartAfter: 3 });
      r.push(500_000, 500_002, 1, 2, 3, 4);
      expect(r.sink.messages).toEqual([500_000, 500_002, 1, 2, 3, 4]);
      expect(r.sink.events).toEqual([
        gap('gap', 500_001, 500_001),
        gap('lost', 500_001, 500_001, { reason: 'reset' }),
        { kind: 'reset', key: 'k', reason: 'jump' },
      ]);
    });

    it('that is not confirmed makes the strays invalid, passed on already', () => {
      const r = rig();
      r.push(500_000, 1, 500_001);
      expect(r.sink.log).toEqual([
        500_000,
        1,
        { kind: 'invalid', message: 1, key: 'k', reason: 'jump', passed: true },
        500_001,
      ]);
    });

    it.each(['end', 'discard'] as const)('is given up at the %s', (how) => {
      const r = rig();
      r.push(500_000, 1);
      if (how === 'end') r.end();
      else r.machine.discard();
      expect(r.sink.events).toEqual([
        { kind: 'invalid', message: 1, key: 'k', reason: 'jump', passed: true },
      ]);
      expect(r.sink.messages).toEqual([500_000, 1]);
    });

    it('forgets what was given up', () => {
      const r = rig({ restartAfter: 1, maxMisorder: 3, maxGaps: 1 });
      r.push(10, 12, 14, 500_000, 500_001, 499_999);
      expect(r.kinds.slice(-3)).toEqual(['lost', 'reset', 'late']);
    });

    it('by epoch is immediate', () => {
      const r = packets({ epochOf: ({ epoch }) => epoch });
      r.push({ seq: 1, epoch: 1 }, { seq: 3, epoch: 1 }, { seq: 2, epoch: 2 });
      expect(r.kinds).toEqual(['gap', 'lost', 'reset']);
      expect(r.sink.messages.length).toBe(3);
    });
  });

  it('passes invalid messages on and reports them', () => {
    const r = rig();
    r.push(1, NaN, 2);
    expect(r.sink.log).toEqual([
      1,
      { kind: 'invalid', message: NaN, key: 'k', reason: 'type', passed: true },
      NaN,
      2,
    ]);
  });

  describe('markers', () => {
    it('stand where a gap is detected', () => {
      const r = rig({ markers: 'detected' });
      r.push(1, 4, 2).end();
      expect(r.sink.messages).toEqual([1, new GapMarker(2, 3, 2, 'k'), 4, 2]);
    });

    it('stand where a gap is given up', () => {
      const r = rig({ markers: 'lost', maxGaps: 1 });
      r.push(1, 4, 2, 6).end();
      expect(r.sink.messages).toEqual([
        1,
        4,
        2,
        new GapMarker(3, 3, 1, 'k'),
        6,
        new GapMarker(5, 5, 1, 'k'),
      ]);
    });
  });

  describe('lostPolicy error', () => {
    it('ends the stream after the event', () => {
      const r = rig({ lostPolicy: 'error', maxGaps: 1 });
      r.push(1, 4);
      expect(() => r.push(6)).toThrow(new GapUnrecoveredError('sequenceGaps', 2, 3));
      expect(r.kinds).toEqual(['gap', 'gap', 'lost']);
    });

    it('ends the stream at completion', () => {
      const r = rig({ lostPolicy: 'error' });
      r.push(1, 4);
      expect(() => r.end()).toThrow(GapUnrecoveredError);
    });
  });

  describe('closed output', () => {
    it('stops settling', () => {
      const r = rig({ toleranceMs: 10, markers: 'detected' }, 4);
      r.push(1, 3, 5).at(10);
      expect(r.sink.messages.length).toBe(4);
      expect(r.kinds).toEqual(['gap']);
    });

    it('stops the end', () => {
      const r = rig({ markers: 'lost' }, 4);
      r.push(1, 3, 5).end();
      expect(r.sink.messages.length).toBe(4);
      expect(r.kinds).toEqual(['gap', 'gap', 'lost']);
    });
  });

  it('agrees with a set under random faults', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = new SeededRandom(seed);
      const r = rig({ first: 0, duplicatePolicy: 'drop', toleranceMs: random.integer(0, 3) });
      const seen = new Set<number>();
      let high = -1;
      for (let round = 0; round < 200; round += 1) {
        if (random.chance(0.5)) r.at(r.nowMs + 1);
        const seq = Math.max(0, high + random.integer(-6, 4));
        r.push(seq);
        seen.add(seq);
        high = Math.max(high, seq);
      }
      expect(r.sink.messages).toEqual([...seen]);
      const missing = r.open.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      const expected = Array.from({ length: high + 1 }, (_, n) => n).filter((n) => !seen.has(n));
      expect(missing).toEqual(expected);
      r.end();
      const count = (kind: string): number =>
        r.sink.events.reduce(
          (sum, event) => sum + (event.kind === kind && 'count' in event ? Number(event.count) : 0),
          0,
        );
      expect(count('lost')).toBe(expected.length);
      // What is reported is filled or lost; what is tolerated is reported before it is lost.
      expect(count('gap')).toBe(count('filled') + count('lost'));
    }
  });
});
