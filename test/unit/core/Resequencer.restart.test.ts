import { describe, expect, it } from 'vitest';
import { rig, packets, skipped } from '../../support/resequencerRig.js';

describe('Resequencer: numbers', () => {
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
});
