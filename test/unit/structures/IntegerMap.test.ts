import { describe, expect, it } from 'vitest';
import { IntegerMap } from '../../../src/structures/IntegerMap.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

/** The number whose hash would be `mixed` if the secrets were 0. */
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

function get(map: IntegerMap, key: number): number {
  return map.valueAt(map.find(key));
}

function put(map: IntegerMap, key: number, value: number): void {
  map.put(map.find(key), key, value);
}

describe('IntegerMap', () => {
  it.each([0, -0, 1, -1, -2, 2 ** 31 - 1, -(2 ** 31)])('holds %d', (key) => {
    expect(IntegerMap.holds(key)).toBe(true);
    const map = new IntegerMap();
    expect(get(map, key)).toBe(0);
    put(map, key, 5);
    expect(get(map, key)).toBe(5);
    map.delete(map.find(key));
    expect(get(map, key)).toBe(0);
  });

  it.each([2 ** 31, -(2 ** 31) - 1, 0.5, NaN, Infinity, 1n, '1', undefined, null, {}])(
    'cannot hold %o',
    (key) => {
      expect(IntegerMap.holds(key)).toBe(false);
    },
  );

  it('takes 0 and -0 for the same', () => {
    const map = new IntegerMap();
    put(map, 0, 7);
    expect(get(map, -0)).toBe(7);
  });

  it('gives a key another value', () => {
    const map = new IntegerMap();
    put(map, 3, 1);
    put(map, 3, -(2 ** 31));
    expect(get(map, 3)).toBe(-(2 ** 31));
  });

  it('finds everything whatever was put in and taken out, however crowded', () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 300; round += 1) {
      const map = new IntegerMap();
      const model = new Map<number, number>();
      const range = random.integer(1, 60);
      let isRight = true;
      for (let step = 1; step < 300; step += 1) {
        const key = random.integer(0, range) * 2 ** random.integer(0, 24);
        isRight &&= get(map, key) === (model.get(key) ?? 0);
        if (model.has(key) && random.chance(0.7)) {
          map.delete(map.find(key));
          model.delete(key);
        } else {
          put(map, key, step);
          model.set(key, step);
        }
      }
      expect(isRight).toBe(true);
      expect([...model].every(([key, value]) => get(map, key) === value)).toBe(true);
    }
  });

  it('grows, and keeps what it holds', () => {
    const map = new IntegerMap();
    const keys = Array.from({ length: 100_000 }, (_, index) => index * 7);
    for (const key of keys) put(map, key, key + 1);
    expect(keys.every((key) => get(map, key) === key + 1)).toBe(true);
  });

  it('does not grow by new values of the same keys, nor by keys that come and go', () => {
    const map = new IntegerMap();
    const allocated: number[] = [];
    const Original = Int32Array;
    try {
      globalThis.Int32Array = class extends Original {
        constructor(length: number) {
          super(length);
          allocated.push(length);
        }
      } as Int32ArrayConstructor;
      for (let step = 1; step < 1_000; step += 1) {
        put(map, 1, step);
        put(map, 1_000 + step, step);
        map.delete(map.find(1_000 + step));
      }
    } finally {
      globalThis.Int32Array = Original;
    }
    expect(allocated).toEqual([]);
  });

  it('is not slowed down by numbers that collide where the secrets are 0', () => {
    const crafted = Array.from({ length: 16_000 }, (_, index) => unmixed((index + 1) << 16));
    const spread = Array.from({ length: 16_000 }, (_, index) => index);
    expect(crafted.every((key) => IntegerMap.holds(key))).toBe(true);
    const msOf = (keys: readonly number[]): number => {
      const map = new IntegerMap();
      const beganMs = performance.now();
      for (const key of keys) put(map, key, 1);
      return performance.now() - beganMs;
    };
    const best = (keys: readonly number[]): number =>
      Math.min(...Array.from({ length: 20 }, () => msOf(keys)));
    // Where they do collide it is more than a hundred times as long.
    expect(best(crafted)).toBeLessThan(10 * best(spread) + 1);
  });
});
