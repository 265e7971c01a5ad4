import { describe, expect, it } from 'vitest';
import { type Fate, fateDice } from '../../../../examples/demo/faults.js';

const faults = { loss: 0.2, burst: 0, repeat: 0.1, jitterMs: 80, seed: 1 };
const many = 20_000;

const fates = (changes: Partial<typeof faults> = {}, stream = 1): Fate[] => {
  const dice = fateDice({ ...faults, ...changes }, stream);
  return Array.from({ length: many }, dice);
};

const isLost = (fate: Fate): boolean => fate.length === 0;
const share = (all: readonly Fate[], holds: (fate: Fate) => boolean): number =>
  all.filter(holds).length / all.length;

describe('fateDice', () => {
  it('repeats itself for the same seed, and only for that', () => {
    expect(fates()).toEqual(fates());
    expect(fates({ seed: 2 })).not.toEqual(fates());
    expect(fates({}, 2)).not.toEqual(fates());
  });

  it('loses and repeats as often as it was told', () => {
    const all = fates();
    expect(share(all, isLost)).toBeCloseTo(0.2, 1);
    expect(share(all, (fate) => fate.length === 2)).toBeCloseTo(0.8 * 0.1, 1);
  });

  it('does neither when told so', () => {
    expect(fates({ loss: 0, repeat: 0 }).every((fate) => fate.length === 1)).toBe(true);
  });

  it('delays each copy by 0 to the jitter, both ends included', () => {
    const delays = fates({ jitterMs: 5 }).flat();
    expect([...new Set(delays)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('loses the same share in bursts, of the given mean length', () => {
    const all = fates({ burst: 10 });
    const bursts = all.filter((fate, at) => isLost(fate) && !isLost(all[at - 1] ?? [0])).length;
    expect(share(all, isLost)).toBeCloseTo(0.2, 1);
    expect(all.filter(isLost).length / bursts).toBeGreaterThan(8);
    expect(all.filter(isLost).length / bursts).toBeLessThan(12);
  });
});
