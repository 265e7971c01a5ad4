/** sequenceGaps toleranceMs: holes that are no gaps yet. */
import { describe, expect, it } from 'vitest';
import { filled, gap, lost, watching } from '../../support/sequenceGapsRig.js';

describe('sequenceGaps with toleranceMs', () => {
  it('says nothing about a hole that is closed in time', () => {
    const rig = watching({ toleranceMs: 100 }).send(1, 3).sendAt(99, 2);
    rig.clock.flush();
    expect(rig.events).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  });

  it('reports it exactly toleranceMs after it was noticed', () => {
    const rig = watching({ toleranceMs: 100 }).send(1, 3);
    expect(rig.clock.nextMs).toBe(100);
    rig.clock.flush();
    expect(rig.log.slice(2)).toEqual([[100, 'event', gap(2, 2)]]);
  });

  it('reports it before a message that comes at that instant and fills it', () => {
    const rig = watching({ toleranceMs: 100 }).send(1, 3).sendBeforeTimersAt(100, 2);
    expect(rig.events).toEqual([gap(2, 2), filled(2, 100)]);
  });

  it('reports what is left of it when part was filled in time', () => {
    const rig = watching({ toleranceMs: 100 }).send(1, 5).sendAt(50, 3);
    rig.clock.flush();
    expect(rig.events).toEqual([gap(2, 2), gap(4, 4)]);
  });

  it('reports what is tolerated still when the source completes', () => {
    const rig = watching({ toleranceMs: 100 }).send(1, 3).complete();
    expect(rig.events).toEqual([gap(2, 2), lost(2, 2, 'completed')]);
    expect(rig.isClean).toBe(true);
  });

  it('has one timer for many holes', () => {
    const rig = watching({ toleranceMs: 100 }).send(0);
    for (let n = 2; n <= 40; n += 2) {
      rig.sendAt(n, n);
      expect(rig.clock.pending).toBe(1);
    }
    rig.clock.flush();
    expect(rig.events).toHaveLength(20);
    expect(rig.log.at(-1)?.[0]).toBe(140);
  });

  it('tolerates for ever with Infinity, without a timer', () => {
    const rig = watching({ toleranceMs: Infinity }).send(1, 3);
    expect(rig.clock.pending).toBe(0);
    expect(rig.complete().events).toEqual([gap(2, 2), lost(2, 2, 'completed')]);
  });
});
