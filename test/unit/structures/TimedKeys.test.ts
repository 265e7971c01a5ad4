import { describe, expect, it } from 'vitest';
import { TimedKeys } from '../../../src/structures/TimedKeys.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { isCollected } from '../../support/garbage.js';

/** All that is in, the oldest first, as it leaves. */
function drain<K>(timed: TimedKeys<K>): unknown[] {
  const left: unknown[] = [];
  while (timed.oldest > 0) {
    const { oldest } = timed;
    left.push([timed.keyAt(oldest), timed.firstMsAt(oldest), timed.sinceMsAt(oldest)]);
    timed.delete(oldest);
  }
  expect(timed.size).toBe(0);
  return left;
}

describe('TimedKeys', () => {
  it('knows when each key was seen, the oldest first', () => {
    const timed = new TimedKeys<unknown>();
    timed.add('a', 1);
    timed.add(7, 2.5);
    timed.add('b', Infinity);
    expect(timed.size).toBe(3);
    expect(timed.firstMsAt(timed.find(7))).toBe(2.5);
    expect(timed.find('c')).toBe(0);
    expect(timed.find(8)).toBe(0);
    expect(drain(timed)).toEqual([
      ['a', 1, 1],
      [7, 2.5, 2.5],
      ['b', Infinity, Infinity],
    ]);
  });

  it.each(['a', 'b', 'c'])('moves %s to the new end, and keeps when it was first seen', (key) => {
    const timed = new TimedKeys<string>();
    for (const [index, each] of ['a', 'b', 'c'].entries()) timed.add(each, index);
    const firstMs = timed.firstMsAt(timed.find(key));
    timed.refresh(timed.find(key), 9);
    expect(timed.size).toBe(3);
    expect(drain(timed).at(-1)).toEqual([key, firstMs, 9]);
  });

  it('tells keys apart as in a Map', () => {
    const object = {};
    const keys = [0, '0', 0n, NaN, -1, 0.5, 2 ** 31, 2 ** 60, undefined, null, true, object, {}];
    const timed = new TimedKeys<unknown>();
    for (const [index, key] of keys.entries()) {
      expect(timed.find(key)).toBe(0);
      timed.add(key, index);
    }
    expect(timed.find(-0)).toBe(timed.find(0));
    expect(keys.map((key) => timed.firstMsAt(timed.find(key)))).toEqual([...keys.keys()]);
    expect(drain(timed).map((entry) => (entry as unknown[])[0])).toEqual(keys);
    expect(keys.map((key) => timed.find(key))).toEqual(keys.map(() => 0));
  });

  it('agrees with a Map, of keys of all kinds', () => {
    const random = new SeededRandom(3);
    const kinds: ((key: number) => unknown)[] = [
      (key) => key - 1,
      (key) => -(key + 1) * 2 ** 20,
      String,
      BigInt,
      (key) => key + 0.5,
      (key) => key * 2 ** 31,
    ];
    for (let round = 0; round < 200; round += 1) {
      const timed = new TimedKeys<unknown>();
      const model = new Map<unknown, number[]>();
      const range = random.integer(1, 30);
      for (let step = 1; step < 200; step += 1) {
        const key = (kinds[random.integer(0, kinds.length - 1)] ?? String)(
          random.integer(0, range),
        );
        const place = timed.find(key);
        const known = model.get(key);
        expect(place > 0).toBe(known !== undefined);
        if (known === undefined) {
          timed.add(key, step);
          model.set(key, [step, step]);
        } else {
          model.delete(key);
          if (random.chance(0.5)) timed.delete(place);
          else {
            timed.refresh(place, step);
            model.set(key, [known[0] ?? 0, step]);
          }
        }
        expect(timed.size).toBe(model.size);
      }
      expect(drain(timed)).toEqual([...model].map(([key, times]) => [key, ...times]));
    }
  });

  it('needs no more room for keys that come and go', () => {
    const timed = new TimedKeys<string>();
    const places = new Set<number>();
    for (let step = 0; step < 1_000; step += 1) {
      timed.add(String(step), step);
      places.add(timed.find(String(step)));
      if (timed.size > 2) timed.delete(timed.oldest);
    }
    expect(places.size).toBe(3);
  });

  it('lets go of a key that left', async () => {
    const timed = new TimedKeys<object>();
    const reference = (() => {
      const key = {};
      timed.add(key, 1);
      return new WeakRef(key);
    })();
    timed.delete(timed.oldest);
    expect(await isCollected(reference)).toBe(true);
    expect(timed.size).toBe(0);
  });
});
