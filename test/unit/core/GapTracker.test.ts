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
