import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/gapQuestRig.js';

describe('GapQuest', () => {
  describe('fallback', () => {
    it('is asked for one loss at a time, for what was not recovered', () => {
      const r = new Rig({ maxAttempts: 1 });
      r.a(1, 3, 5).at(100);
      expect(r.port.drain().filter((line) => line.startsWith('fallback'))).toEqual([
        'fallback a2-2',
      ]);
    });

    it('is asked for after an overflow of gaps', () => {
      const r = new Rig({}, { maxGaps: 2 });
      r.a(1, 3, 5, 7);
      expect(r.port.drain().slice(2)).toEqual(['a6-6#1', 'cancel a2-2#1', 'fallback a2-2']);
    });

    it('is not asked for because a gap is asked for in parts', () => {
      const r = new Rig({ maxRange: 1 }, { maxGaps: 1 });
      r.a(1, 5);
      r.a(2, 3, 4);
      expect(r.port.drain().filter((line) => line.startsWith('fallback'))).toEqual([]);
    });

    it('is not asked for at the end, and one under way is cancelled', () => {
      const r = new Rig({ maxAttempts: 1 });
      r.a(1, 3).at(100).a(5).b(1, 3);
      r.port.drain();
      r.end();
      expect(r.port.drain()).toEqual(['cancel fallback a2-2', 'cancel a4-4#1', 'cancel b2-2#1']);
    });

    it('is not asked for after a restart', () => {
      const r = new Rig({}, { restartAfter: 1 });
      r.a(500_000, 500_002, 1);
      expect(r.port.drain()).toEqual(['a500001-500001#1', 'cancel a500001-500001#1']);
    });

    it('is not asked for where there is none', () => {
      const r = new Rig({ maxAttempts: 1, hasFallback: false });
      r.a(1, 3).at(100);
      expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1']);
    });
  });
});
