import { describe, expect, it } from 'vitest';
import { BufferOverflowError } from '../../../src/errors.js';
import { rig, skipped } from '../../support/resequencerRig.js';

describe('Resequencer', () => {
  describe('wait', () => {
    it('ends exactly at the deadline, not 1 ms before', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1).at(50).push(3, 4);
      expect(r.machine.deadlineMs).toBe(150);
      r.at(149);
      expect(r.sink.log).toEqual([1]);
      r.at(150);
      expect(r.sink.log).toEqual([1, skipped(2, 2, 'wait'), 3, 4]);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('is over for a message that comes on the deadline', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1, 3).at(100).push(2);
      expect(r.sink.messages).toEqual([1, 3]);
      expect(r.kinds).toEqual(['skipped', 'late']);
    });

    it('is counted from the arrival of the message that waits longest', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1, 10).at(30).push(5).at(60).push(12);
      expect(r.machine.deadlineMs).toBe(100);
      r.at(100);
      expect(r.sink.log).toEqual([1, skipped(2, 4, 'wait'), 5, skipped(6, 9, 'wait'), 10]);
      expect(r.machine.deadlineMs).toBe(160);
      r.at(160);
      expect(r.sink.messages).toEqual([1, 5, 10, 12]);
    });

    it('begins anew for the next hole', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1, 3).at(90).push(5).push(2);
      expect(r.sink.messages).toEqual([1, 2, 3]);
      expect(r.machine.deadlineMs).toBe(190);
      r.at(189);
      expect(r.sink.events).toEqual([]);
      r.at(190);
      expect(r.sink.log).toEqual([1, 2, 3, skipped(4, 4, 'wait'), 5]);
    });

    it('of 0 lets nothing wait', () => {
      const r = rig({ maxWaitMs: 0, startWaitMs: 50 });
      r.push(1, 3, 2, 4);
      expect(r.sink.messages).toEqual([1, 3, 4]);
      expect(r.kinds).toEqual(['skipped', 'late']);
      expect(r.sink.events[0]).toEqual(skipped(2, 2, 'wait'));
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('of Infinity needs no clock', () => {
      const r = rig({ maxWaitMs: Infinity });
      r.push(1, 3, 5, 900_000);
      expect(r.machine.deadlineMs).toBe(Infinity);
      expect(r.reads).toBe(0);
      r.push(2);
      expect(r.sink.messages).toEqual([1, 2, 3]);
    });

    it('of what leaves before others that wait needs no clock', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1, 10);
      expect(r.reads).toBe(1);
      r.push(5, 7);
      expect(r.reads).toBe(1);
    });

    it('that is over for many is settled at once', () => {
      const r = rig({ maxWaitMs: 10 });
      r.push(0);
      for (let n = 2; n < 40; n += 2) r.at(n / 100).push(n);
      r.at(1_000_000);
      expect(r.sink.messages).toEqual(Array.from({ length: 20 }, (_, index) => index * 2));
      expect(r.sink.events.length).toBe(19);
    });
  });

  describe('buffer', () => {
    it('holds exactly maxBuffer messages; one more releases past the oldest hole', () => {
      const r = rig({ maxBuffer: 3 });
      r.push(1, 3, 4, 6);
      expect(r.sink.log).toEqual([1]);
      r.push(8);
      expect(r.sink.log).toEqual([1, skipped(2, 2, 'overflow'), 3, 4]);
      r.push(5, 7);
      expect(r.sink.messages).toEqual([1, 3, 4, 5, 6, 7, 8]);
    });

    it('that is full drops the newest with that policy, and reports it', () => {
      const r = rig({ maxBuffer: 2, overflowPolicy: 'drop-newest' });
      r.push(1, 3, 4, 5);
      expect(r.sink.events).toEqual([{ kind: 'overflow', message: 5, key: 'k', passed: false }]);
      r.push(3);
      expect(r.kinds).toEqual(['overflow', 'duplicate']);
      r.push(2, 5);
      expect(r.sink.messages).toEqual([1, 2, 3, 4, 5]);
    });

    it('that is full ends the stream with that policy', () => {
      const r = rig({ maxBuffer: 2, overflowPolicy: 'error' });
      r.push(1, 3, 4);
      expect(() => r.push(5)).toThrow(new BufferOverflowError('reorderBy', 2));
    });

    it('of 1 works', () => {
      const r = rig({ maxBuffer: 1 });
      r.push(1, 3, 5, 4, 9, 7);
      expect(r.sink.messages).toEqual([1, 3, 4, 5, 7]);
      expect(r.kinds).toEqual(['skipped', 'skipped']);
    });
  });
});
