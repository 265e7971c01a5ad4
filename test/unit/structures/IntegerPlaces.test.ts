import { describe, expect, it, vi } from 'vitest';
import { IntegerPlaces } from '../../../src/structures/IntegerPlaces.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

describe('IntegerPlaces', () => {
  it.each([0, 1, 7, 8, -1, -8, -9, 2 ** 31 - 1, -(2 ** 31)])('holds %d', (key) => {
    const places = new IntegerPlaces();
    expect(places.get(key)).toBe(0);
    places.add(key, 3);
    expect(places.get(key)).toBe(3);
    places.delete(key);
    expect(places.get(key)).toBe(0);
  });

  it('tells neighbours apart, and those of other blocks', () => {
    const places = new IntegerPlaces();
    const keys = [3, 4, 11, -5, 3 + 2 ** 30, 3 - 2 ** 31];
    for (const [index, key] of keys.entries()) places.add(key, index + 1);
    expect(keys.map((key) => places.get(key))).toEqual([1, 2, 3, 4, 5, 6]);
    places.delete(3);
    expect(keys.map((key) => places.get(key))).toEqual([0, 2, 3, 4, 5, 6]);
  });

  it('uses a block again that was left, as empty as a new one', () => {
    const places = new IntegerPlaces();
    for (const key of [0, 8, 16]) places.add(key, 9);
    for (const key of [0, 8]) places.delete(key);
    for (const [first, place] of [
      [80, 4],
      [160, 5],
      [240, 6],
    ] as const) {
      const keys = Array.from({ length: 8 }, (_, index) => first + index);
      expect(keys.map((key) => places.get(key))).toEqual(keys.map(() => 0));
      places.add(first + 1, place);
      expect(keys.map((key) => places.get(key))).toEqual([0, place, 0, 0, 0, 0, 0, 0]);
    }
    expect(places.get(16)).toBe(9);
  });

  it('needs no more room for blocks that come and go', () => {
    const places = new IntegerPlaces();
    const copied = vi.spyOn(Int32Array.prototype, 'set');
    for (let key = 0; key < 10_000; key += 1) {
      places.add(key * 8, 1);
      places.delete(key * 8);
    }
    expect(copied).not.toHaveBeenCalled();
    places.add(0, 1);
    places.add(8, 1);
    expect(copied).toHaveBeenCalledOnce();
    copied.mockRestore();
  });

  it.each([
    ['next to each other', 0],
    ['far apart', 24],
  ])('agrees with a Map, of numbers %s', (_, spread) => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 200; round += 1) {
      const places = new IntegerPlaces();
      const model = new Map<number, number>();
      const range = random.integer(1, 60);
      let isRight = true;
      for (let step = 1; step < 300; step += 1) {
        const key = random.integer(-range, range) * 2 ** random.integer(0, spread);
        isRight &&= places.get(key) === (model.get(key) ?? 0);
        if (model.delete(key)) {
          places.delete(key);
        } else {
          places.add(key, step);
          model.set(key, step);
        }
      }
      expect(isRight).toBe(true);
      expect([...model].every(([key, place]) => places.get(key) === place)).toBe(true);
    }
  });
});
