import { describe, expect, it } from 'vitest';
import type { SequenceNumber } from '../../../src/types.js';
import { rig, packets, skipped } from '../../support/resequencerRig.js';

describe('Resequencer: numbers', () => {
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
});
