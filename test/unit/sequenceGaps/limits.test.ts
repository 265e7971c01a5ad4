/** sequenceGaps maxGaps: how many gaps are open at a time. */
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { duplicate, gap, late, lost, watching } from '../../support/sequenceGapsRig.js';

describe('sequenceGaps with maxGaps', () => {
  it('gives up the oldest gap when there is one more', () => {
    const rig = watching({ maxGaps: 2 }).send(0, 2, 4, 6);
    expect(rig.events).toEqual([gap(1, 1), gap(3, 3), gap(5, 5), lost(1, 1, 'overflow')]);
  });

  it('gives up the lowest part when a message in the middle makes two gaps of one', () => {
    const rig = watching({ maxGaps: 1 }).send(0, 10, 5);
    expect(rig.events.at(-1)).toEqual(lost(1, 4, 'overflow'));
    expect(rig.complete().events.at(-1)).toEqual(lost(6, 9, 'completed'));
  });

  it('takes what comes for a gap given up for late, not for a duplicate', () => {
    const rig = watching({ maxGaps: 1 }).send(0, 2, 4, 1, 1);
    expect(rig.events.slice(3)).toEqual([late(1, 3), duplicate(1, true)]);
    expect(rig.values).toEqual([0, 2, 4, 1, 1]);
  });

  it('reports a gap it gives up before its tolerance is over', () => {
    const rig = watching({ maxGaps: 1, toleranceMs: 100 }).send(0, 2, 4);
    expect(rig.events).toEqual([gap(1, 1), lost(1, 1, 'overflow')]);
  });

  it('keeps 1,024 gaps if not told otherwise', () => {
    const rig = watching();
    for (let n = 0; n <= 2_048; n += 2) rig.send(n);
    expect(kinds(rig)).toEqual(Array.from({ length: 1_024 }, () => 'gap'));
    rig.send(2_050);
    expect(kinds(rig).slice(1_024)).toEqual(['gap', 'lost']);
  });

  it('spends one interval on a gap of any length', () => {
    const rig = watching({ maxGaps: 1, maxJump: Number.MAX_SAFE_INTEGER }).send(0, 2 ** 52);
    expect(rig.events).toEqual([gap(1, 2 ** 52 - 1)]);
  });
});
