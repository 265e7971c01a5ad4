import { describe, expect, it } from 'vitest';
import { IntegerSet } from '../../../src/structures/IntegerSet.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

describe('IntegerSet', () => {
  it.each([0, -0, 1, 31, 32, -1, -32, -33, 2 ** 31 - 1, -(2 ** 31)])('holds %d', (key) => {
    const set = new IntegerSet();
    expect([set.add(key), set.add(key)]).toEqual([true, false]);
    set.delete(key);
    expect(set.add(key)).toBe(true);
  });

  it('takes 0 and -0 for the same', () => {
    const set = new IntegerSet();
    set.add(0);
    expect(set.add(-0)).toBe(false);
  });

  it('tells numbers apart that have their bit in common, or their word', () => {
    const set = new IntegerSet();
    const keys = [5, 37, 6, -27, 5 + 2 ** 30, 5 - 2 ** 31];
    expect(keys.map((key) => set.add(key))).toEqual(keys.map(() => true));
    expect(keys.map((key) => set.add(key))).toEqual(keys.map(() => false));
  });

  it.each([
    ['next to each other', 0],
    ['far apart', 24],
  ])('agrees with a Set, of numbers %s', (_, spread) => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 200; round += 1) {
      const set = new IntegerSet();
      const model = new Set<number>();
      const range = random.integer(1, 100);
      let isRight = true;
      for (let step = 0; step < 300; step += 1) {
        const key = random.integer(-range, range) * 2 ** random.integer(0, spread);
        if (model.has(key) && random.chance(0.7)) {
          set.delete(key);
          model.delete(key);
        } else {
          isRight &&= set.add(key) === !model.has(key);
          model.add(key);
        }
      }
      expect(isRight).toBe(true);
      expect([...model].some((key) => set.add(key))).toBe(false);
    }
  });
});
