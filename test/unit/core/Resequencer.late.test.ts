import { describe, expect, it } from 'vitest';
import { LateMessageError } from '../../../src/errors.js';
import { rig } from '../../support/resequencerRig.js';

describe('Resequencer', () => {
  describe('repeats', () => {
    it('of held and of released messages are dropped', () => {
      const r = rig();
      r.push(1, 2, 4, 4, 2, 1);
      expect(r.sink.messages).toEqual([1, 2]);
      expect(r.sink.events).toEqual(
        [4, 2, 1].map((message) => ({ kind: 'duplicate', message, key: 'k', passed: false })),
      );
    });

    it('of a late message that was passed are duplicates', () => {
      const r = rig({ maxWaitMs: 10, latePolicy: 'emit' });
      r.push(1, 4).at(10).push(2, 2, 3);
      expect(r.sink.messages).toEqual([1, 4, 2, 3]);
      expect(r.kinds).toEqual(['skipped', 'late', 'duplicate', 'late']);
    });
  });

  describe('late messages', () => {
    it('are dropped and reported with how far behind they are', () => {
      const r = rig({ maxWaitMs: 10 });
      r.push(1, 4).at(10).push(2, 3, 5);
      expect(r.sink.log.slice(2)).toEqual([
        4,
        { kind: 'late', message: 2, key: 'k', behind: 3, passed: false },
        { kind: 'late', message: 3, key: 'k', behind: 2, passed: false },
        5,
      ]);
    });

    it('are late again when they come again, as long as they are dropped', () => {
      const r = rig({ maxWaitMs: 10 });
      r.push(1, 4).at(10).push(2, 2);
      expect(r.kinds).toEqual(['skipped', 'late', 'late']);
    });

    it('are passed after their event with that policy', () => {
      const r = rig({ maxWaitMs: 10, latePolicy: 'emit' });
      r.push(1, 4).at(10).push(2);
      expect(r.sink.log.slice(-2)).toEqual([
        { kind: 'late', message: 2, key: 'k', behind: 3, passed: true },
        2,
      ]);
    });

    it('end the stream with that policy', () => {
      const r = rig({ maxWaitMs: 10, latePolicy: 'error' });
      r.push(1, 4).at(10);
      expect(() => r.push(2)).toThrow(new LateMessageError('reorderBy', 3));
      expect(() => r.push(4)).not.toThrow(); // a duplicate, not late
    });

    it('from before the baseline are late, up to maxMisorder behind', () => {
      const r = rig({ maxMisorder: 10 });
      r.push(100, 99, 91, 90);
      expect(r.kinds).toEqual(['late', 'late', 'late']);
      r.push(89);
      expect(r.kinds.length).toBe(3); // not believed: it waits for others
    });

    it('behind by more than maxMisorder of the high-water mark are believed while they are near the turn', () => {
      const r = rig({ maxMisorder: 10 });
      r.push(1, 200, 2);
      expect(r.sink.messages).toEqual([1, 2]);
      expect(r.sink.events).toEqual([]);
    });

    it('are believed to exactly maxMisorder behind the last one that left', () => {
      const r = rig({ maxMisorder: 5, latePolicy: 'emit' });
      r.push(10, 100, 5, 5, 4);
      expect(r.kinds).toEqual(['late', 'duplicate']);
      r.end();
      expect(r.sink.events.at(-1)).toMatchObject({ kind: 'invalid', message: 4, reason: 'jump' });
    });

    it('are believed however far behind, if they were skipped', () => {
      const r = rig({ maxMisorder: 10, maxWaitMs: 1 });
      r.push(1, 5)
        .at(1)
        .push(...Array.from({ length: 1_000 }, (_, index) => index + 6));
      r.push(3);
      expect(r.sink.events.at(-1)).toMatchObject({ kind: 'late', message: 3, behind: 1_003 });
      r.push(1, 0); // released long ago, and from before the baseline
      r.end();
      expect(r.kinds.slice(2)).toEqual(['invalid', 'invalid']);
    });

    it('are forgotten to have been skipped after 1,024 more runs', () => {
      const r = rig({ maxWaitMs: 0, maxMisorder: 100_000 });
      for (let n = 0; n <= 2 * 1_025; n += 2) r.push(n);
      r.sink.drainEvents();
      r.push(1, 3);
      expect(r.kinds).toEqual(['duplicate', 'late']);
    });
  });
});
