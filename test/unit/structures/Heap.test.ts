import { describe, expect, it } from 'vitest';
import { Heap, type HeapItem } from '../../../src/structures/Heap.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

class Item implements HeapItem {
  heapIndex = -1;
  constructor(public rank: number) {}
}

const make = (): Heap<Item> => new Heap<Item>((one, other) => one.rank < other.rank);

/** Takes everything out, top first. */
function drain(heap: Heap<Item>): number[] {
  const ranks: number[] = [];
  for (let top = heap.top; top !== undefined; top = heap.top) {
    ranks.push(top.rank);
    heap.remove(top);
  }
  return ranks;
}

const ascending = (one: number, other: number): number => one - other;

describe('Heap', () => {
  it('is empty at first', () => {
    const heap = make();
    expect(heap.size).toBe(0);
    expect(heap.top).toBeUndefined();
  });

  it('gives items back in order', () => {
    const heap = make();
    for (const rank of [5, 3, 8, 1, 9, 2, 7]) heap.place(new Item(rank));
    expect(heap.size).toBe(7);
    expect(drain(heap)).toEqual([1, 2, 3, 5, 7, 8, 9]);
    expect(heap.size).toBe(0);
  });

  it('sorts every order of six items', () => {
    const permute = (rest: number[]): number[][] =>
      rest.length < 2
        ? [rest]
        : rest.flatMap((rank) => permute(rest.filter((r) => r !== rank)).map((p) => [rank, ...p]));
    for (const ranks of permute([1, 2, 3, 4, 5, 6])) {
      const heap = make();
      for (const rank of ranks) heap.place(new Item(rank));
      expect(drain(heap)).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it('moves an item whose order changed, up or down, without counting it twice', () => {
    const heap = make();
    const items = [10, 20, 30, 40, 50, 60, 70].map((rank) => new Item(rank));
    for (const item of items) heap.place(item);
    const [first, , , fourth] = items;
    if (first === undefined || fourth === undefined) throw new Error('no items');
    fourth.rank = 5;
    heap.place(fourth);
    expect(heap.top).toBe(fourth);
    first.rank = 65;
    heap.place(first);
    expect(heap.size).toBe(7);
    expect(drain(heap)).toEqual([5, 20, 30, 50, 60, 65, 70]);
  });

  it('marks items that are outside', () => {
    const heap = make();
    const one = new Item(1);
    const two = new Item(2);
    heap.place(one);
    heap.place(two);
    expect([one.heapIndex, two.heapIndex]).toEqual([0, 1]);
    heap.remove(one);
    expect([one.heapIndex, two.heapIndex]).toEqual([-1, 0]);
    heap.remove(two);
    expect(two.heapIndex).toBe(-1);
  });

  it('ignores the removal of an item that is not in', () => {
    const heap = make();
    const item = new Item(1);
    heap.place(item);
    heap.remove(new Item(0));
    expect(heap.top).toBe(item);
    heap.remove(item);
    heap.remove(item);
    expect(heap.size).toBe(0);
  });

  it('removes the last item without disturbing the others', () => {
    const heap = make();
    const items = [1, 2, 3].map((rank) => new Item(rank));
    for (const item of items) heap.place(item);
    const last = items.at(-1);
    if (last !== undefined) heap.remove(last);
    expect(drain(heap)).toEqual([1, 2]);
  });

  it('lifts what takes the place of a removed item where it belongs above', () => {
    // 1 / 10 2 / 11 12 3 4: taking 11 out puts 4 below 10, which is greater.
    const heap = make();
    const items = [1, 10, 2, 11, 12, 3, 4].map((rank) => new Item(rank));
    for (const item of items) heap.place(item);
    const eleven = items[3];
    if (eleven !== undefined) heap.remove(eleven);
    expect(drain(heap)).toEqual([1, 2, 3, 4, 10, 12]);
  });

  it('can take an item back', () => {
    const heap = make();
    const item = new Item(1);
    heap.place(item);
    heap.remove(item);
    heap.place(item);
    expect(heap.top).toBe(item);
    expect(heap.size).toBe(1);
  });

  it('holds equal items', () => {
    const heap = make();
    for (let index = 0; index < 20; index += 1) heap.place(new Item(index % 3));
    expect(drain(heap)).toEqual(Array.from({ length: 20 }, (_, i) => i % 3).sort(ascending));
  });

  it('agrees with sorting under random operations', () => {
    const random = new SeededRandom(1);
    const heap = make();
    const items: Item[] = [];
    for (let round = 0; round < 2_000; round += 1) {
      const choice = random.integer(0, 9);
      const chosen = items[random.integer(0, Math.max(0, items.length - 1))];
      if (choice < 5 || chosen === undefined) {
        const item = new Item(random.integer(0, 200));
        items.push(item);
        heap.place(item);
      } else if (choice < 7) {
        chosen.rank = random.integer(0, 200);
        heap.place(chosen);
      } else if (choice < 9) {
        items.splice(items.indexOf(chosen), 1);
        heap.remove(chosen);
      } else if (heap.top !== undefined) {
        const { top } = heap;
        items.splice(items.indexOf(top), 1);
        heap.remove(top);
      }
      expect(heap.size).toBe(items.length);
      if (items.length > 0) {
        expect(heap.top?.rank).toBe(items.reduce((least, i) => Math.min(least, i.rank), Infinity));
      }
    }
    expect(drain(heap)).toEqual(items.map((item) => item.rank).sort(ascending));
  });

  it('compares an item that comes in its turn with one other only', () => {
    let comparisons = 0;
    const heap = new Heap<Item>((one, other) => {
      comparisons += 1;
      return one.rank < other.rank;
    });
    for (let rank = 0; rank < 1_000; rank += 1) heap.place(new Item(rank));
    expect(comparisons).toBe(999);
  });

  it('takes logarithmic time: a comparison count', () => {
    let comparisons = 0;
    const heap = new Heap<Item>((one, other) => {
      comparisons += 1;
      return one.rank < other.rank;
    });
    const count = 1 << 14;
    for (let rank = count; rank > 0; rank -= 1) heap.place(new Item(rank));
    for (let top = heap.top; top !== undefined; top = heap.top) heap.remove(top);
    expect(comparisons).toBeLessThan(count * 14 * 4);
  });
});
