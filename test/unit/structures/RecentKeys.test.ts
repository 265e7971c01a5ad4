import { describe, expect, it } from 'vitest';
import { RecentKeys } from '../../../src/structures/RecentKeys.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { isCollected } from '../../support/garbage.js';

describe('RecentKeys', () => {
  it('knows the last keys, first in first out, whatever repeats', () => {
    const recent = new RecentKeys<string>(2);
    const isNew = (...keys: string[]): boolean[] => keys.map((key) => recent.add(key));
    expect(isNew('a', 'b', 'a', 'b', 'c')).toEqual([true, true, false, false, true]);
    expect(isNew('b', 'a', 'c', 'b')).toEqual([false, true, false, true]);
  });

  it('knows one', () => {
    const recent = new RecentKeys<number>(1);
    expect([1, 1, 2, 1].map((key) => recent.add(key))).toEqual([true, false, true, true]);
  });

  it('tells keys apart as in a Map', () => {
    const object = {};
    const keys = [0, '0', 0n, NaN, -1, 0.5, 2 ** 31, 2 ** 60, undefined, null, true, object, {}];
    const recent = new RecentKeys<unknown>(keys.length);
    for (const key of keys) expect(recent.add(key)).toBe(true);
    for (const key of [...keys, -0]) expect(recent.add(key)).toBe(false);
  });

  it('agrees with a list, of keys of all kinds', () => {
    const random = new SeededRandom(3);
    const kinds: ((key: number) => unknown)[] = [
      (key) => key - 1,
      (key) => -key,
      String,
      BigInt,
      (key) => key + 0.5,
      (key) => key * 2 ** 31,
    ];
    for (let round = 0; round < 200; round += 1) {
      const capacity = random.integer(1, 12);
      const recent = new RecentKeys<unknown>(capacity);
      const list: unknown[] = [];
      for (let step = 0; step < 200; step += 1) {
        const kind = kinds[random.integer(0, kinds.length - 1)] ?? String;
        const key = kind(random.integer(0, 4));
        const isNew = !list.some((other) => other === key);
        expect(recent.add(key)).toBe(isNew);
        if (isNew) list.push(key);
        if (list.length > capacity) list.shift();
      }
    }
  });

  it('lets go of a key that left', async () => {
    const recent = new RecentKeys<object>(1);
    const reference = (() => {
      const key = {};
      recent.add(key);
      return new WeakRef(key);
    })();
    recent.add({});
    expect(await isCollected(reference)).toBe(true);
  });
});
