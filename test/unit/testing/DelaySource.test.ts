import { describe, expect, it } from 'vitest';
import type { Delay } from '../../../src/testing/Delay.js';
import { DelaySource } from '../../../src/testing/DelaySource.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

const count = 100_000;
const draw = (delay: Delay, correlation: number): number[] => {
  const source = new DelaySource(delay, correlation, new SeededRandom(3));
  return Array.from({ length: count }, () => source.nextMs());
};
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((one, other) => one - other)[Math.floor(share * values.length)] ?? NaN;

/** How much each is like the one before it. */
function likeness(values: readonly number[]): number {
  const middle = mean(values);
  const off = values.map((value) => value - middle);
  return (
    mean(off.map((one, index) => one * (off[index - 1] ?? 0))) / mean(off.map((one) => one ** 2))
  );
}

const delays: readonly Delay[] = [
  { kind: 'uniform', minMs: 100, maxMs: 900 },
  { kind: 'exponential', meanMs: 200 },
  { kind: 'normal', meanMs: 500, deviationMs: 100 },
  { kind: 'pareto', minMs: 200, shape: 3 },
  { kind: 'paretonormal', meanMs: 500, deviationMs: 100 },
];

describe('DelaySource', () => {
  it.each(delays)('keeps the distribution whatever the correlation: %j', (delay) => {
    const [independent, correlated] = [draw(delay, 0), draw(delay, 0.8)];
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      const ratio = quantile(correlated, share) / quantile(independent, share);
      expect(Math.abs(ratio - 1), String(share)).toBeLessThan(0.06);
    }
    expect(mean(correlated) / mean(independent)).toBeCloseTo(1, 1);
    expect(Math.abs(likeness(independent))).toBeLessThan(0.02);
    expect(likeness(correlated)).toBeGreaterThan(0.6);
  });

  it('is as correlated as asked where that is exact', () => {
    const delay = { kind: 'normal', meanMs: 5_000, deviationMs: 500 } as const;
    for (const correlation of [0.2, 0.5, 0.95]) {
      expect(likeness(draw(delay, correlation))).toBeCloseTo(correlation, 1);
    }
  });

  it('has a heavy tail above its mean, if Pareto and normal', () => {
    const values = draw({ kind: 'paretonormal', meanMs: 500, deviationMs: 100 }, 0);
    expect(mean(values) / 500).toBeCloseTo(1, 1);
    expect(quantile(values, 0.999) - 500).toBeGreaterThan(2 * (500 - quantile(values, 0.001)));
  });

  it('is always the same, if constant', () => {
    expect(new Set(draw(7, 0.9))).toEqual(new Set([7]));
  });
});
