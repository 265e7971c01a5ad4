import { describe, expect, it, vi } from 'vitest';
import { type LinkedEntry, LinkedTable } from '../../../src/structures/LinkedTable.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { isCollected } from '../../support/garbage.js';

class Entry<K, V = number> implements LinkedEntry<K> {
  older: this | undefined;
  newer: this | undefined;

  constructor(
    readonly key: K,
    readonly value: V,
  ) {}
}

class Table<K, V = number> extends LinkedTable<K, Entry<K, V>> {
  put(key: K, value: V): Entry<K, V> {
    const entry = new Entry(key, value);
    this.add(entry);
    return entry;
  }
}

/** Oldest first; checks the links the other way on its way. */
function keysOf<K>(table: Table<K, unknown>): K[] {
  const keys: K[] = [];
  let older: LinkedEntry<unknown> | undefined;
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
    const table = new Table<string>();
    expect(table.size).toBe(0);
    expect(table.oldest).toBeUndefined();
    expect(table.get('a')).toBeUndefined();
  });

  it('keeps entries in the order they were added', () => {
    const table = new Table<string>();
    for (const [value, key] of ['c', 'a', 'b'].entries()) table.put(key, value);
    expect(keysOf(table)).toEqual(['c', 'a', 'b']);
    expect(table.get('a')?.value).toBe(1);
    expect(table.oldest?.key).toBe('c');
  });

  it.each([
    ['a', ['b', 'c', 'a']],
    ['b', ['a', 'c', 'b']],
    ['c', ['a', 'b', 'c']],
  ])('moves %s to the new end', (key, expected) => {
    const table = new Table<string>();
    for (const letter of 'abc') table.put(letter, 0);
    const entry = table.get(key);
    if (entry !== undefined) table.refresh(entry);
    expect(keysOf(table)).toEqual(expected);
  });

  it.each([
    ['a', ['b', 'c']],
    ['b', ['a', 'c']],
    ['c', ['a', 'b']],
  ])('takes %s out', (key, expected) => {
    const table = new Table<string>();
    for (const letter of 'abc') table.put(letter, 0);
    const entry = table.get(key);
    if (entry !== undefined) table.delete(entry);
    expect(table.get(key)).toBeUndefined();
    expect(keysOf(table)).toEqual(expected);
    table.put('d', 0);
    expect(keysOf(table)).toEqual([...expected, 'd']);
  });

  it('can become empty and be filled again', () => {
    const table = new Table<string>();
    table.delete(table.put('a', 0));
    expect(table.oldest).toBeUndefined();
    expect(keysOf(table)).toEqual([]);
    table.put('b', 0);
    expect(keysOf(table)).toEqual(['b']);
  });

  it('refreshes a lone entry', () => {
    const table = new Table<string>();
    table.refresh(table.put('a', 0));
    expect(keysOf(table)).toEqual(['a']);
  });

  it('has keys as a Map has', () => {
    const object = {};
    const keys: unknown[] = [0, '0', 0n, NaN, 1, '1', 1n, 2 ** 31, 2n ** 31n, -1, -1n];
    keys.push('__proto__', 'constructor', 'toString', '', null, undefined, true, object, {});
    const table = new Table<unknown>();
    for (const [value, key] of keys.entries()) table.put(key, value);
    for (const [value, key] of keys.entries()) expect(table.get(key)?.value).toBe(value);
    expect(table.get(-0)?.value).toBe(0);
    expect(table.get(Number.NaN)?.value).toBe(3);
    expect(keysOf(table)).toEqual(keys);
    expect(table.get(2)).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('keeps the key as it was given', () => {
    const table = new Table<number, undefined>();
    table.put(12_345, undefined);
    table.put(2 ** 40, undefined);
    expect(keysOf(table)).toEqual([12_345, 2 ** 40]);
  });

  it('agrees with a Map and an array under random operations', () => {
    const random = new SeededRandom(11);
    const special = [NaN, 0, -0, 1n, -1n, 2n ** 70n, '1', '__proto__', 2 ** 31, -5, 1.5];
    const table = new Table<unknown>();
    const model = new Map<unknown, number>();
    for (let round = 0; round < 3_000; round += 1) {
      const key = random.chance(0.5)
        ? special[random.integer(0, special.length - 1)]
        : random.integer(-40, 40);
      const entry = table.get(key);
      expect(entry?.value).toBe(model.get(key));
      if (entry === undefined) {
        table.put(key, round);
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
    const table = new Table<object, object>();
    const references = (() => {
      const entries = [{}, {}, {}].map((key) => table.put(key, { key }));
      for (const entry of entries) table.refresh(entry);
      const weak = entries.map((entry) => new WeakRef(entry.value));
      for (const entry of entries) table.delete(entry);
      return weak;
    })();
    table.put({}, {});
    for (const reference of references) expect(await isCollected(reference)).toBe(true);
    expect(table.size).toBe(1);
  });

  it('parts what was taken out from what leaves after it', async () => {
    const table = new Table<string, object>();
    const first = table.put('a', {});
    const reference = (() => {
      const second = table.put('b', {});
      table.put('c', {});
      table.delete(first);
      table.delete(second);
      return new WeakRef(second.value);
    })();
    expect(await isCollected(reference)).toBe(true);
    expect(first).toMatchObject({ key: 'a', older: undefined, newer: undefined });
  });

  describe('of keys that take turns', () => {
    /** Looks keys up, each of which becomes the newest; returns for how many there was a look into the `Map`. */
    const use = (table: Table<unknown>, keys: Iterable<unknown>): number => {
      const spy = vi.spyOn(Map.prototype, 'get');
      for (const key of keys) {
        const entry = table.get(key);
        if (entry !== undefined) table.refresh(entry);
      }
      const { length } = spy.mock.calls;
      spy.mockRestore();
      return length;
    };

    const tableOf = (keys: Iterable<unknown>): Table<unknown> => {
      const table = new Table<unknown>();
      for (const key of keys) table.put(key, table.size);
      return table;
    };

    it('finds the next one without a look-up', () => {
      const table = tableOf('abcd');
      expect(use(table, 'abcd')).toBe(2);
      expect(use(table, 'abcd')).toBe(0);
      expect(keysOf(table).join('')).toBe('abcd');
    });

    it('goes on where one was left out', () => {
      const table = tableOf('abcdefg');
      use(table, 'abcdefg');
      expect(use(table, 'abdefg')).toBe(2);
      expect(keysOf(table).join('')).toBe('cabdefg');
    });

    it('finds it although others leave, and although one comes several times', () => {
      expect(use(tableOf('ab'), 'aaba')).toBe(3);
      const table = tableOf('abcd');
      use(table, 'abcdab');
      // It is the one behind the next.
      const { oldest } = table;
      if (oldest?.newer !== undefined) table.delete(oldest.newer);
      expect(use(table, 'c')).toBe(0);
    });

    it('compares no keys where they do not', () => {
      const table = tableOf('abcd');
      const key = vi.fn(() => 'b');
      Object.defineProperty(table.get('b'), 'key', { get: key });
      use(table, 'a');
      for (const letter of 'dcd') expect(table.get(letter)?.key).toBe(letter);
      expect(key).not.toHaveBeenCalled();
    });

    it('does not find what was taken out, whatever its key', () => {
      const table = tableOf(['a', 'b', undefined, 'c']);
      use(table, 'ab');
      const next = table.get(undefined);
      expect(next?.value).toBe(2);
      if (next !== undefined) table.delete(next);
      expect(table.get(undefined)).toBeUndefined();
      const other = table.put(undefined, 7);
      expect(table.get(undefined)).toBe(other);
    });

    it('finds what is not equal to itself, and zeros of both signs', () => {
      const table = tableOf([NaN, 0, 'a']);
      use(table, [NaN, 0, 'a']);
      for (const [key, value] of [
        [NaN, 0],
        [-0, 1],
        ['a', 2],
      ] as const) {
        const entry = table.get(key);
        expect(entry?.value).toBe(value);
        if (entry !== undefined) table.refresh(entry);
      }
    });
  });
});
