/** What a {@link Heap} holds: it remembers its place, so that it can be moved and removed in O(log n). */
export interface HeapItem {
  /** Place in the heap; -1 outside. Written by the heap only. */
  heapIndex: number;
}

/** A binary heap whose items know their place. */
export class Heap<I extends HeapItem> {
  readonly #items: I[] = [];

  /** @param before - whether the first item has to leave before the second. */
  constructor(private readonly before: (one: I, other: I) => boolean) {}

  get size(): number {
    return this.#items.length;
  }

  /** The item that leaves first. */
  get top(): I | undefined {
    return this.#items[0];
  }

  /** Adds `item`, or moves it to where it belongs after its order changed. */
  place(item: I): void {
    if (item.heapIndex < 0) {
      item.heapIndex = this.#items.length;
      this.#items.push(item);
    }
    this.#sink(this.#rise(item));
  }

  /** Takes `item` out; nothing happens if it is not in. */
  remove(item: I): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#items.pop() as I;
    if (last === item) return;
    this.#put(last, index);
    this.#sink(this.#rise(last));
  }

  #put(item: I, index: number): void {
    item.heapIndex = index;
    this.#items[index] = item;
  }

  #rise(item: I): I {
    let index = item.heapIndex;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex] as I;
      if (!this.before(item, parent)) break;
      this.#put(parent, index);
      index = parentIndex;
    }
    this.#put(item, index);
    return item;
  }

  #sink(item: I): void {
    let index = item.heapIndex;
    for (;;) {
      const childIndex = 2 * index + 1;
      const left = this.#items[childIndex];
      if (left === undefined) break;
      const right = this.#items[childIndex + 1];
      const child = right !== undefined && this.before(right, left) ? right : left;
      if (!this.before(child, item)) break;
      const place = child.heapIndex;
      this.#put(child, index);
      index = place;
    }
    this.#put(item, index);
  }
}
