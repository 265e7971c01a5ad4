import { describe, expect, it } from 'vitest';
import { workTime } from '../../../../examples/demo/workTime.js';

const settings = { seed: 1, shards: 4, ratePerSecond: 1_000 };
const many = 20_000;

const times = (changes: Partial<typeof settings> = {}): number[] => {
  const timeOf = workTime({ ...settings, ...changes });
  return Array.from({ length: many }, (_, seq) => timeOf(seq));
};

const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one) / all.length;

describe('workTime', () => {
  it('repeats itself for the same seed, and only for that', () => {
    expect(times()).toEqual(times());
    expect(times({ seed: 2 })).not.toEqual(times());
  });

  it('is short, but now and then long', () => {
    expect([...new Set(times())].sort((one, other) => one - other)).toEqual([0, 1, 2, 40]);
    expect(times().filter((ms) => ms === 40).length / many).toBeCloseTo(0.01, 2);
  });

  it.each([
    { shards: 1 },
    { ratePerSecond: 50_000 },
    { shards: 64, ratePerSecond: 50_000 },
    { shards: 1, ratePerSecond: 10_000 },
  ])('leaves the shards time to spare: %j', (changes) => {
    const { shards, ratePerSecond } = { ...settings, ...changes };
    expect(mean(times(changes))).toBeLessThan((0.7 * 1_000 * shards) / ratePerSecond);
    expect(Math.max(...times(changes))).toBe(40);
  });
});
