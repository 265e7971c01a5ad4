import { describe, expect, it } from 'vitest';
import { type LinkedEntry, LinkedTable } from '../../../src/structures/LinkedTable.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { isCollected } from '../../support/garbage.js';

/** Oldest first; checks the links the other way on its way. */
function keysOf<K>(table: LinkedTable<K, unknown>): K[] {
  const keys: K[] = [];
  let older: LinkedEntry<K, unknown> | undefined;
  for (let entry = table.oldest; entry !== undefined; entry = entry.newer) {
    expect(entry.older).toBe(older);
    older = entry;
    keys.push(entry.key);
  }
  expect(keys.length).toBe(table.size);
  return keys;
}

describe('LinkedTable', () => {
  it('is empty at first', () => {
    const table = new LinkedTable<string, number>();
    expect(table.size).toBe(0);
    expect(table.oldest).toBeUndefined();
    expect(table.get('a')).toBeUndefined();
  });

  it('keeps entries in the order they were added', () => {
    const table = new LinkedTable<string, number>();
    for (const [value, key] of ['c', 'a', 'b'].entries()) table.add(key, value);
    expect(keysOf(table)).toEqual(['c', 'a', 'b']);
    expect(table.get('a')?.value).toBe(1);
    expect(table.oldest?.key).toBe('c');
  });

  it.each([
    ['a', ['b', 'c', 'a']],
    ['b', ['a', 'c', 'b']],
    ['c', ['a', 'b', 'c']],
  ])('moves %s to the new end', (key, expected) => {
    const table = new LinkedTable<string, number>();
    for (const letter of 'abc') table.add(letter, 0);
    const entry = table.get(key);
    if (entry !== undefined) table.refresh(entry);
    expect(keysOf(table)).toEqual(expected);
  });

  it.each([
    ['a', ['b', 'c']],
    ['b', ['a', 'c']],
    ['c', ['a', 'b']],
  ])('takes %s out', (key, expected) => {
    const table = new LinkedTable<string, number>();
    for (const letter of 'abc') table.add(letter, 0);
    const entry = table.get(key);
    if (entry !== undefined) table.delete(entry);
    expect(table.get(key)).toBeUndefined();
    expect(keysOf(table)).toEqual(expected);
    table.add('d', 0);
    expect(keysOf(table)).toEqual([...expected, 'd']);
  });

  it('can become empty and be filled again', () => {
    const table = new LinkedTable<string, number>();
    table.delete(table.add('a', 0));
    expect(table.oldest).toBeUndefined();
    expect(keysOf(table)).toEqual([]);
    table.add('b', 0);
    expect(keysOf(table)).toEqual(['b']);
  });

  it('refreshes a lone entry', () => {
    const table = new LinkedTable<string, number>();
    table.refresh(table.add('a', 0));
    expect(keysOf(table)).toEqual(['a']);
  });

  it('has keys as a Map has', () => {
    const object = {};
    const keys: unknown[] = [0, '0', 0n, NaN, 1, '1', 1n, 2 ** 31, 2n ** 31n, -1, -1n];
    keys.push('__proto__', 'constructor', 'toString', '', null, undefined, true, object, {});
    const table = new LinkedTable<unknown, number>();
    for (const [value, key] of keys.entries()) table.add(key, value);
    for (const [value, key] of keys.entries()) expect(table.get(key)?.value).toBe(value);
    expect(table.get(-0)?.value).toBe(0);
    expect(table.get(Number.NaN)?.value).toBe(3);
    expect(keysOf(table)).toEqual(keys);
    expect(table.get(2)).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('keeps the key as it was given', () => {
    const table = new LinkedTable<number, undefined>();
    table.add(12_345, undefined);
    table.add(2 ** 40, undefined);
    expect(keysOf(table)).toEqual([12_345, 2 ** 40]);
  });

  it('agrees with a Map and an array under random operations', () => {
    const random = new SeededRandom(11);
    const special = [NaN, 0, -0, 1n, -1n, 2n ** 70n, '1', '__proto__', 2 ** 31, -5, 1.5];
    const table = new LinkedTable<unknown, number>();
    const model = new Map<unknown, number>();
    for (let round = 0; round < 3_000; round += 1) {
      const key = random.chance(0.5)
        ? special[random.integer(0, special.length - 1)]
        : random.integer(-40, 40);
      const entry = table.get(key);
      expect(entry?.value).toBe(model.get(key));
      if (entry === undefined) {
        table.add(key, round);
        model.set(key, round);
      } else if (random.chance(0.5)) {
        table.refresh(entry);
        model.delete(key);
        model.set(key, entry.value);
      } else {
        table.delete(entry);
        model.delete(key);
      }
      expect(table.size).toBe(model.size);
      expect(table.oldest?.value).toBe([...model.values()][0]);
      if (round % 100 === 0) expect(keysOf(table).length).toBe(model.size);
    }
    expect(keysOf(table).map((key) => table.get(key)?.value)).toEqual([...model.values()]);
  });

  it('lets go of what was taken out', async () => {
    const table = new LinkedTable<object, object>();
    const references = (() => {
      const entries = [{}, {}, {}].map((key) => table.add(key, { key }));
      for (const entry of entries) table.refresh(entry);
      const weak = entries.map((entry) => new WeakRef(entry.value));
      for (const entry of entries) table.delete(entry);
      return weak;
    })();
    table.add({}, {});
    for (const reference of references) expect(await isCollected(reference)).toBe(true);
    expect(table.size).toBe(1);
  });
});
