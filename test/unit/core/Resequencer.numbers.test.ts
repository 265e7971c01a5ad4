import { describe, expect, it } from 'vitest';
import type { SequenceNumber } from '../../../src/types.js';
import { rig, packets, skipped } from '../../support/resequencerRig.js';

describe('Resequencer: numbers', () => {
  describe('ranges', () => {
    it('stand for all their numbers', () => {
      const r = packets();
      const [a, b, c, d] = [{ seq: 1 }, { seq: [2, 4] }, { seq: [5, 9] }, { seq: 10 }] as const;
      r.push(a, c, d, b);
      expect(r.sink.log).toEqual([a, b, c, d]);
    });

    it('are duplicates if all of them was released, and pass if any was not', () => {
      const r = packets();
      r.push({ seq: [1, 5] }, { seq: [2, 5] }, { seq: [4, 6] }, { seq: 7 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([[1, 5], [4, 6], 7]);
      expect(r.kinds).toEqual(['duplicate']);
    });

    it('that cover a held message make it a duplicate', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: 5 }, { seq: [2, 6] });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, [2, 6]]);
      expect(r.sink.events).toEqual([
        { kind: 'duplicate', message: { seq: 5 }, key: 'k', passed: false },
      ]);
    });

    it('that cover a held message do not make it stand for a later number', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: 5, name: 'five' }, { seq: [2, 20] }, { seq: 21, name: 'new' });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, [2, 20], 21]);
    });

    it('that are held cover held messages, too', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: 5 }, { seq: [3, 8] }, { seq: 2 }, { seq: 9 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, 2, [3, 8], 9]);
      expect(r.kinds).toEqual(['duplicate']);
    });

    it('that single messages made up for are duplicates', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: [3, 4] }, { seq: 3 }, { seq: 4 }, { seq: 2 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, 2, [3, 4]]);
      expect(r.kinds).toEqual(['duplicate', 'duplicate']);
      const other = packets();
      other.push({ seq: 1 }, { seq: 3 }, { seq: 4 }, { seq: [3, 4] }, { seq: 2 });
      expect(other.sink.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect(other.kinds).toEqual(['duplicate']);
    });

    it('are late if any of them was skipped', () => {
      const r = packets({ maxWaitMs: 10, latePolicy: 'emit' });
      r.push({ seq: 1 }, { seq: 9 })
        .at(10)
        .push({ seq: [1, 3] }, { seq: [2, 3] }, { seq: [3, 4] });
      expect(r.kinds).toEqual(['skipped', 'late', 'duplicate', 'late']);
    });

    it('that overlap are released in order', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: [4, 6] }, { seq: [3, 5] }, { seq: 2 }, { seq: 7 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, 2, [3, 5], [4, 6], 7]);
    });
  });

  describe('first number', () => {
    it('makes what is missing before the first message known', () => {
      const r = rig({ first: 5, maxWaitMs: 10 });
      r.push(7, 8);
      expect(r.sink.log).toEqual([]);
      r.at(10);
      expect(r.sink.log).toEqual([skipped(5, 6, 'wait'), 7, 8]);
    });

    it('is the baseline at once, whatever startWaitMs', () => {
      const r = rig({ first: 5, startWaitMs: 100 });
      r.push(5, 6);
      expect(r.sink.messages).toEqual([5, 6]);
    });

    it('makes lower numbers late', () => {
      const r = rig({ first: 5 });
      r.push(4, 5);
      expect(r.sink.messages).toEqual([5]);
      expect(r.sink.events).toEqual([
        { kind: 'late', message: 4, key: 'k', behind: 1, passed: false },
      ]);
    });

    it('can be a bigint', () => {
      const r = rig({ first: 2n ** 64n, maxWaitMs: 10 });
      r.push(2n ** 64n + 2n).at(10);
      expect(r.sink.events).toEqual([skipped(2n ** 64n, 2n ** 64n + 1n, 'wait')]);
    });
  });

  describe('startWaitMs', () => {
    it('collects before the baseline is fixed at the lowest number', () => {
      const r = rig({ startWaitMs: 50 });
      r.at(10).push(7, 5).at(20).push(6, 9, 6);
      expect(r.sink.messages).toEqual([]);
      expect(r.kinds).toEqual(['duplicate']);
      expect(r.machine.deadlineMs).toBe(60);
      r.at(59);
      expect(r.sink.messages).toEqual([]);
      r.at(60);
      expect(r.sink.messages).toEqual([5, 6, 7]);
      r.push(8);
      expect(r.sink.messages).toEqual([5, 6, 7, 8, 9]);
      r.push(4);
      expect(r.kinds).toEqual(['duplicate', 'late']);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('is no longer than maxWaitMs', () => {
      const r = rig({ startWaitMs: 500, maxWaitMs: 30 });
      r.push(2, 1);
      expect(r.machine.deadlineMs).toBe(30);
      r.at(30);
      expect(r.sink.messages).toEqual([1, 2]);
    });

    it('lets what is held wait from its own arrival', () => {
      const r = rig({ startWaitMs: 50, maxWaitMs: 80 });
      r.push(1).at(20).push(9).at(50);
      expect(r.sink.messages).toEqual([1]);
      expect(r.machine.deadlineMs).toBe(100);
      r.at(100);
      expect(r.sink.messages).toEqual([1, 9]);
    });

    it('ends early when the buffer is full, or the source completes', () => {
      const r = rig({ startWaitMs: 50, maxBuffer: 2 });
      r.push(5, 4, 2);
      expect(r.sink.log).toEqual([2]);
      r.push(3);
      expect(r.sink.log).toEqual([2, 3, 4, 5]);
      const other = rig({ startWaitMs: 50 });
      other.push(5, 4, 2).end();
      expect(other.sink.log).toEqual([2, skipped(3, 3, 'completed'), 4, 5]);
      expect(other.machine.deadlineMs).toBe(Infinity);
    });

    it('drops or fails at a full buffer with those policies', () => {
      const r = rig({ startWaitMs: 50, maxBuffer: 2, overflowPolicy: 'drop-newest' });
      r.push(5, 4, 2).at(50);
      expect(r.sink.messages).toEqual([4, 5]);
      expect(r.kinds).toEqual(['overflow']);
    });

    it('collects ranges', () => {
      const r = packets({ startWaitMs: 50 });
      r.push({ seq: [4, 6] }, { seq: 3 }, { seq: [5, 6] }).at(50);
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([3, [4, 6]]);
      expect(r.kinds).toEqual(['duplicate']);
    });

    it.each<[SequenceNumber, SequenceNumber]>([
      [5, 4],
      [5n, 4n],
    ])('of Infinity releases all in order at the end (%s, %s)', (one, other) => {
      const r = rig({ startWaitMs: Infinity, maxWaitMs: Infinity });
      r.push(one, other);
      expect(r.machine.deadlineMs).toBe(Infinity);
      r.end();
      expect(r.sink.log).toEqual([other, one]);
    });

    it('waits for suspects as well', () => {
      const r = rig({ startWaitMs: 50, maxWaitMs: 80 });
      r.push(100_000).at(10).push(1); // far behind the first: not believed yet
      expect(r.machine.deadlineMs).toBe(50);
      r.at(50);
      expect(r.sink.messages).toEqual([100_000]);
      expect(r.machine.deadlineMs).toBe(90);
      r.at(89);
      expect(r.sink.events).toEqual([]);
      r.at(90);
      expect(r.kinds).toEqual(['invalid']);
    });

    it('begins anew after a restart', () => {
      const r = packets({ startWaitMs: 50, epochOf: ({ epoch }) => epoch });
      r.push({ seq: 7, epoch: 1 }, { seq: 3, epoch: 2 }, { seq: 2, epoch: 2 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([7]);
      r.at(50);
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([7, 2, 3]);
    });
  });

  describe('restart', () => {
    it('is held for as long as the run is too short', () => {
      const r = rig({ restartAfter: 3 });
      r.push(500_000, 500_001);
      r.push(1, 2);
      expect(r.sink.messages).toEqual([500_000, 500_001]);
      expect(r.machine.deadlineMs).toBe(1_000);
      r.push(3, 4);
      expect(r.sink.log).toEqual([
        500_000,
        500_001,
        { kind: 'reset', key: 'k', reason: 'jump' },
        1,
        2,
        3,
        4,
      ]);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('lets what is held go first', () => {
      const r = rig({ restartAfter: 2 });
      r.push(500_000, 500_002, 1, 2);
      expect(r.sink.log).toEqual([
        500_000,
        skipped(500_001, 500_001, 'reset'),
        500_002,
        { kind: 'reset', key: 'k', reason: 'jump' },
        1,
        2,
      ]);
    });

    it('is given up after maxWaitMs', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(500_000).at(20).push(1).at(40).push(2);
      expect(r.machine.deadlineMs).toBe(120);
      r.at(120);
      expect(r.sink.events).toEqual([
        { kind: 'invalid', message: 1, key: 'k', reason: 'jump', passed: false },
      ]);
      r.at(140);
      expect(r.kinds).toEqual(['invalid', 'invalid']);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('keeps suspects without end if maxWaitMs is Infinity, and gives them up at the end', () => {
      const r = rig({ maxWaitMs: Infinity });
      r.push(500_000, 1);
      expect(r.machine.deadlineMs).toBe(Infinity);
      r.machine.settle(1e15);
      expect(r.sink.events).toEqual([]);
      r.end();
      expect(r.kinds).toEqual(['invalid']);
    });

    it('is measured from the greatest number held, whatever has come or left since', () => {
      const r = rig({ maxJump: 20 });
      r.push(1, 15, 30, 22, 2, 50);
      expect(r.sink.messages).toEqual([1, 2]);
      r.end();
      expect(r.sink.messages).toEqual([1, 2, 15, 22, 30, 50]);
      expect(r.kinds).not.toContain('invalid');
    });

    it('collects nothing where it is confirmed: the run says where it begins', () => {
      const r = rig({ startWaitMs: 50, restartAfter: 2 });
      r.push(900_000).at(50).push(1, 2);
      expect(r.sink.messages).toEqual([900_000, 1, 2]);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('tells what it refuses if maxWaitMs is 0', () => {
      const r = rig({ maxWaitMs: 0 });
      r.push(1, 900_000);
      expect(r.sink.events).toEqual([
        { kind: 'invalid', message: 900_000, key: 'k', reason: 'jump', passed: false },
      ]);
    });

    it('holds nothing if maxWaitMs is 0, but is confirmed all the same', () => {
      const r = rig({ maxWaitMs: 0, restartAfter: 3 });
      r.push(500_000, 1, 2, 3, 4);
      expect(r.sink.messages).toEqual([500_000, 3, 4]);
      expect(r.kinds).toEqual(['invalid', 'invalid', 'reset']);
    });

    it('forgets what was skipped before', () => {
      const r = rig({ restartAfter: 1, maxWaitMs: 10, maxMisorder: 4 });
      r.push(100, 103).at(10).push(1, 2);
      expect(r.kinds).toEqual(['skipped', 'reset']);
      r.push(0);
      expect(r.kinds).toEqual(['skipped', 'reset', 'late']);
    });

    it('by epoch lets go of what is held', () => {
      const r = packets({ epochOf: ({ epoch }) => epoch, first: 0 });
      r.push({ seq: 0, epoch: 'a' }, { seq: 2, epoch: 'a' }, { seq: 0, epoch: 'b' });
      expect(r.sink.messages.map(({ seq, epoch }) => `${String(epoch)}${String(seq)}`)).toEqual([
        'a0',
        'a2',
        'b0',
      ]);
      expect(r.sink.events).toEqual([
        skipped(1, 1, 'reset'),
        { kind: 'reset', key: 'k', reason: 'epoch' },
      ]);
    });
  });

  describe('invalid numbers', () => {
    it('are dropped and reported', () => {
      const r = rig();
      r.push(1, NaN, -1, 1.5, 2n, 2);
      expect(r.sink.messages).toEqual([1, 2]);
      expect(r.sink.events.map((event) => 'reason' in event && event.reason)).toEqual([
        'type',
        'negative',
        'type',
        'mixed',
      ]);
      expect(r.sink.events[0]).toEqual({
        kind: 'invalid',
        message: NaN,
        key: 'k',
        reason: 'type',
        passed: false,
      });
    });
  });

  describe('wrap', () => {
    it.each(Array.from({ length: 16 }, (_, index) => 65_536 - 8 + index))(
      'at 2^16 keeps order from %i on',
      (start) => {
        const seqs = Array.from({ length: 32 }, (_, index) => (start + index) % 65_536);
        for (let swap = 1; swap < 31; swap += 1) {
          const order = [...seqs];
          const [moved = 0] = order.splice(swap, 1);
          order.splice(swap + 1, 0, moved);
          const r = rig({ modulus: 65_536 });
          r.push(...order);
          expect(r.sink.log).toEqual(seqs);
        }
      },
    );

    it('labels a hole across it', () => {
      const r = rig({ modulus: 16, maxWaitMs: 10 });
      r.push(14, 2).at(10).push(1);
      expect(r.sink.log).toEqual([
        14,
        { ...skipped(15, 1, 'wait'), count: 3 },
        2,
        { kind: 'late', message: 1, key: 'k', behind: 2, passed: false },
      ]);
    });

    it('finds exactly half the modulus ambiguous', () => {
      const r = rig({ modulus: 16 });
      r.push(3, 11);
      expect(r.sink.events).toMatchObject([{ kind: 'invalid', message: 11, reason: 'ambiguous' }]);
    });
  });

  describe('bigints', () => {
    it('are put in order', () => {
      const base = 2n ** 80n;
      const r = rig({ maxWaitMs: 10 });
      r.push(base, base + 2n, base + 1n, base + 5n)
        .at(10)
        .push(base + 3n);
      expect(r.sink.log).toEqual([
        base,
        base + 1n,
        base + 2n,
        skipped(base + 3n, base + 4n, 'wait'),
        base + 5n,
        { kind: 'late', message: base + 3n, key: 'k', behind: 3n, passed: false },
      ]);
    });
  });
});
