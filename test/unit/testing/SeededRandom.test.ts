import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

/** sfc32 once more, as PractRand writes it, in arithmetic that cannot overflow unnoticed. */
function* reference(stream: bigint, low: bigint, high: bigint): Generator<number> {
  const wrap = (value: bigint): bigint => BigInt.asUintN(32, value);
  let [a, b, c, counter] = [stream, low, high, 1n];
  for (let round = 0; ; round += 1) {
    const sum = wrap(a + b + counter);
    counter = wrap(counter + 1n);
    a = b ^ (b >> 9n);
    b = wrap(c + (c << 3n));
    c = wrap((wrap(c << 21n) | (c >> 11n)) + sum);
    if (round >= 12) yield Number(sum);
  }
}

describe('SeededRandom', () => {
  it.each([
    [0, 0],
    [1, 3],
    [0xffffffff, 7],
    [2 ** 40 + 12_345, 1],
    [Number.MAX_SAFE_INTEGER, 2],
  ])('is sfc32 for seed %d, stream %d', (seed, stream) => {
    const random = new SeededRandom(seed, stream);
    const expected = reference(BigInt(stream), BigInt(seed) & 0xffffffffn, BigInt(seed) >> 32n);
    for (let index = 0; index < 1_000; index += 1) {
      expect(random.bits()).toBe(expected.next().value);
    }
  });

  it('gives other numbers for another seed and another stream', () => {
    const first = (seed: number, stream: number): number => new SeededRandom(seed, stream).bits();
    const all = [first(1, 0), first(2, 0), first(1, 1), first(-1, 0), first(2 ** 33, 0)];
    expect(new Set(all).size).toBe(all.length);
  });

  it('draws integers evenly, both ends included', () => {
    const random = new SeededRandom(5);
    const counts = new Map<number, number>();
    for (let index = 0; index < 60_000; index += 1) {
      const face = random.integer(1, 6);
      counts.set(face, (counts.get(face) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('draws normal and exponential numbers with the right mean and deviation', () => {
    const random = new SeededRandom(9);
    const describeDraws = (draw: () => number): { mean: number; deviation: number } => {
      const draws = Array.from({ length: 100_000 }, draw);
      const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
      const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
      return { mean, deviation: Math.sqrt(variance) };
    };
    const normal = describeDraws(() => random.normal());
    expect(normal.mean).toBeCloseTo(0, 1);
    expect(normal.deviation).toBeCloseTo(1, 1);
    const exponential = describeDraws(() => random.exponential());
    expect(exponential.mean).toBeCloseTo(1, 1);
    expect(exponential.deviation).toBeCloseTo(1, 1);
  });
});
