import { describe, expect, it } from 'vitest';
import { type Held, SortedList } from '../../../src/structures/SortedList.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { heapBytes } from '../../support/cost.js';
import { isCollected } from '../../support/garbage.js';

const at = (first: number, message: string, last = first): Held<string> => ({
  first,
  last,
  message,
});

function drain<T, P extends number | bigint>(list: SortedList<T, P>): T[] {
  const messages: T[] = [];
  for (let entry = list.shift(); entry !== undefined; entry = list.shift()) {
    messages.push(entry.message);
  }
  return messages;
}

describe('SortedList', () => {
  it('is empty at first', () => {
    const list = new SortedList<string>();
    expect(list.size).toBe(0);
    expect(list.lowest).toBeUndefined();
    expect(list.shift()).toBeUndefined();
    expect(list.floor(Infinity)).toBeUndefined();
    list.add(at(1, 'a'));
    expect(drain(list)).toEqual(['a']);
  });

  it('gives entries back in order', () => {
    const list = new SortedList<string>();
    for (const entry of [at(3, 'c'), at(1, 'a'), at(5, 'e'), at(2, 'b'), at(4, 'd')]) {
      list.add(entry);
    }
    expect(list.size).toBe(5);
    expect(list.lowest?.message).toBe('a');
    expect(drain(list)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(list.size).toBe(0);
  });

  it('keeps equal entries in order of arrival', () => {
    const list = new SortedList<string>();
    const arrivals: [number, string][] = [
      [2, 'x'],
      [1, 'a'],
      [2, 'y'],
      [1, 'b'],
      [2, 'z'],
      [1, 'c'],
    ];
    for (const [first, message] of arrivals) list.add(at(first, message));
    expect(drain(list)).toEqual(['a', 'b', 'c', 'x', 'y', 'z']);
  });

  it.each([
    [0, undefined],
    [1, 'a'],
    [2, 'a'],
    [3, 'c'],
    [4, 'c'],
    [5, 'e'],
    [6, 'e'],
  ])('finds the highest entry at or below %i', (first, message) => {
    const list = new SortedList<string>();
    for (const entry of [at(5, 'e'), at(1, 'a'), at(3, 'b'), at(3, 'c')]) list.add(entry);
    expect(list.floor(first)?.message).toBe(message);
  });

  it('does not find what was taken', () => {
    const list = new SortedList<string>();
    for (const entry of [at(1, 'a'), at(2, 'b'), at(3, 'c')]) list.add(entry);
    list.shift();
    expect(list.floor(1)).toBeUndefined();
    expect(list.floor(2)?.message).toBe('b');
    expect(list.size).toBe(2);
    expect(list.lowest?.message).toBe('b');
    list.add(at(0, 'z'));
    expect(drain(list)).toEqual(['z', 'b', 'c']);
  });

  it('takes bigints', () => {
    const list = new SortedList<string, bigint>();
    for (const order of [2n ** 80n, 5n, 2n ** 64n]) {
      list.add({ first: order, last: order, message: String(order) });
    }
    expect(list.floor(2n ** 70n)?.first).toBe(2n ** 64n);
    expect(drain(list)).toEqual(['5', String(2n ** 64n), String(2n ** 80n)]);
  });

  it('agrees with stable sorting under random operations, across its clean-ups', () => {
    const random = new SeededRandom(5);
    const list = new SortedList<number>();
    let model: Held<number>[] = [];
    for (let round = 0; round < 6_000; round += 1) {
      // Grows to some hundreds, then shrinks, so that both kinds of clean-up happen.
      if (random.chance(round % 2_000 < 1_000 ? 0.8 : 0.2)) {
        const first = random.integer(0, 300);
        const entry = { first, last: first, message: round };
        list.add(entry);
        model.push(entry);
        model = model.sort((one, other) => one.first - other.first);
      } else {
        expect(list.shift()).toBe(model.shift());
      }
      expect(list.size).toBe(model.length);
      expect(list.lowest).toBe(model[0]);
      const probe = random.integer(0, 300);
      if (round % 7 === 0) {
        expect(list.floor(probe)).toBe(model.filter(({ first }) => first <= probe).at(-1));
      }
    }
  });

  it('does not grow with what passes through it', () => {
    const list = new SortedList<undefined>();
    for (const first of [0, 1, 2]) list.add({ first, last: first, message: undefined });
    const before = heapBytes();
    for (let position = 3; position < 500_000; position += 1) {
      list.add({ first: position, last: position, message: undefined });
      list.shift();
    }
    expect(heapBytes() - before).toBeLessThan(2 ** 20);
    expect(list.size).toBe(3);
  });

  it('takes little room for the one entry that most of many keys have', () => {
    const lists = Array.from({ length: 10_000 }, () => new SortedList<undefined>());
    const entry = { first: 0, last: 0, message: undefined };
    const before = heapBytes();
    for (const list of lists) list.add(entry);
    expect((heapBytes() - before) / lists.length).toBeLessThan(64);
  });

  it('takes the lowest of very many without moving the others', () => {
    const list = new SortedList<undefined>();
    const count = 250_000;
    for (let first = 0; first < count; first += 1)
      list.add({ first, last: first, message: undefined });
    let taken = 0;
    while (list.shift() !== undefined) taken += 1;
    expect(taken).toBe(count);
  });

  it('lets go of a message as soon as it is taken', async () => {
    const list = new SortedList<object>();
    const reference = (() => {
      const message = {};
      list.add({ first: 0, last: 0, message });
      return new WeakRef(message);
    })();
    list.add({ first: 1, last: 1, message: {} });
    list.shift();
    expect(await isCollected(reference)).toBe(true);
    expect(list.size).toBe(1);
  });
});
