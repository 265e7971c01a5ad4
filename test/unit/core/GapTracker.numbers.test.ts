import { describe, expect, it } from 'vitest';
import { rig, packets, gap } from '../../support/gapTrackerRig.js';

describe('GapTracker', () => {
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
});
