import { describe, expect, it } from 'vitest';
import { IntegerSet } from '../../../src/structures/IntegerSet.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

/** The number, plus one, whose hash would be `mixed` if the secrets were 0. */
function unmixed(mixed: number): number {
  const inverse = (odd: number): number => {
    let result = odd;
    for (let round = 0; round < 5; round += 1) {
      result = Math.imul(result, 2 - Math.imul(odd, result));
    }
    return result;
  };
  const unshift = (shifted: number): number => shifted ^ (shifted >>> 15) ^ (shifted >>> 30);
  const half = Math.imul(unshift(mixed), inverse(0x297a2d39));
  return Math.imul(unshift(half), inverse(0x2c1b3c6d));
}

describe('IntegerSet', () => {
  it.each([0, -0, 1, -2, 2 ** 31 - 1, -(2 ** 31)])('holds %d', (key) => {
    expect(IntegerSet.holds(key)).toBe(true);
    const set = new IntegerSet();
    expect([set.add(key), set.add(key), set.size]).toEqual([true, false, 1]);
    set.delete(key);
    expect([set.size, set.add(key)]).toEqual([0, true]);
  });

  it.each([-1, 2 ** 31, -(2 ** 31) - 1, 0.5, NaN, Infinity, 1n, '1', undefined, null, {}])(
    'cannot hold %o',
    (key) => {
      expect(IntegerSet.holds(key)).toBe(false);
    },
  );

  it('takes 0 and -0 for the same', () => {
    const set = new IntegerSet();
    set.add(0);
    expect(set.add(-0)).toBe(false);
  });

  it('finds everything whatever was added and taken out, however crowded', () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 300; round += 1) {
      const set = new IntegerSet();
      const model = new Set<number>();
      const range = random.integer(1, 60);
      let isRight = true;
      for (let step = 0; step < 300; step += 1) {
        const key = random.integer(0, range) * 2 ** random.integer(0, 24);
        if (model.has(key) && random.chance(0.7)) {
          set.delete(key);
          model.delete(key);
        } else {
          isRight &&= set.add(key) === !model.has(key);
          model.add(key);
        }
        isRight &&= set.size === model.size;
      }
      expect(isRight).toBe(true);
      expect([...model].some((key) => set.add(key))).toBe(false);
    }
  });

  it('grows, and keeps what it holds', () => {
    const set = new IntegerSet();
    const keys = Array.from({ length: 100_000 }, (_, index) => index * 7);
    expect(keys.every((key) => set.add(key))).toBe(true);
    expect(keys.some((key) => set.add(key))).toBe(false);
    expect(set.size).toBe(100_000);
  });

  it('is not slowed down by numbers that collide where the secrets are 0', () => {
    const crafted = Array.from(
      { length: 16_000 },
      (_, index) => (unmixed((index + 1) << 16) - 1) | 0,
    );
    const spread = Array.from({ length: 16_000 }, (_, index) => index);
    expect(crafted.every((key) => IntegerSet.holds(key))).toBe(true);
    const msOf = (keys: readonly number[]): number => {
      const set = new IntegerSet();
      const beganMs = performance.now();
      for (const key of keys) set.add(key);
      return performance.now() - beganMs;
    };
    const best = (keys: readonly number[]): number =>
      Math.min(...Array.from({ length: 20 }, () => msOf(keys)));
    // Where they do collide it is more than a hundred times as long.
    expect(best(crafted)).toBeLessThan(10 * best(spread) + 1);
  });
});
