import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../src/inspect/Histogram.js';

/** Deterministic numbers between 0 and 1. */
function* random(seed: number): Generator<number, never, void> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const exact = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(1, Math.ceil(share * sorted.length - 1e-6)) - 1] ?? NaN;

const shapes: readonly [name: string, of: (r: number) => number][] = [
  ['even', (r) => r * 1_000],
  ['long-tailed', (r) => 0.5 * (1 - r) ** -2],
  ['tiny', (r) => r * 1e-3],
  ['whole', (r) => Math.floor(r * 100)],
];

describe('Histogram', () => {
  it.each(shapes)('answers within 1 %% for %s values, and never too low', (_, shape) => {
    const source = random(7);
    const values = Array.from({ length: 20_000 }, () => shape(source.next().value));
    const histogram = new Histogram();
    for (const value of values) histogram.add(value);
    const sorted = values.sort((a, b) => a - b);
    for (const share of [0.01, 0.5, 0.9, 0.99, 0.999, 1]) {
      const answer = histogram.percentile(share);
      expect(answer).toBeGreaterThanOrEqual(exact(sorted, share));
      expect(answer).toBeLessThanOrEqual(exact(sorted, share) * 1.01);
    }
  });

  it('is exact for whole numbers up to 100', () => {
    const histogram = new Histogram();
    for (let value = 1; value <= 100; value += 1) histogram.add(value);
    for (let value = 1; value <= 100; value += 1) {
      expect(histogram.percentile(value / 100)).toBe(value);
    }
  });

  it('answers 0 for no values and for zeros', () => {
    const histogram = new Histogram();
    expect(histogram.percentiles()).toEqual({ p50: 0, p90: 0, p99: 0, max: 0 });
    for (const value of [0, 0, 0, 8]) histogram.add(value);
    expect(histogram.percentiles()).toEqual({ p50: 0, p90: 8, p99: 8, max: 8 });
  });

  it('adds another one up', () => {
    const [one, other] = [new Histogram(), new Histogram()];
    for (const value of [1, 2, 3]) one.add(value);
    for (const value of [3, 40, 50]) other.add(value);
    one.merge(other);
    expect(one.count).toBe(6);
    expect(one.percentiles()).toEqual({ p50: 3, p90: 50, p99: 50, max: 50 });
    expect(other.count).toBe(3);
  });
});
