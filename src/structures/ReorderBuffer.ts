import { type Held, SortedList } from './SortedList.js';

/** Stands for no message: any value may be one, `undefined` too. */
export const empty: unique symbol = /* @__PURE__ */ Symbol('empty');

const smallestRing = 16;
/** A drained ring larger than this is given back. */
const largestKeptRing = 1_024;
/** How many slots one held message may pay for: 512 bytes. */
const slotsPerMessage = 64;

/**
 * Messages waiting for their turn, by position. A power-of-two ring takes single positions in O(1) whatever their
 * displacement; ranges, and positions too far ahead for the ring to reach at its price, go to a sorted list.
 */
export class ReorderBuffer<T> {
  /** How many messages are held. */
  size = 0;
  #ring: (T | typeof empty)[] = [];
  /** The position the ring begins with: all its messages lie from here on, within its length. */
  #base = NaN;
  /** Made when it is needed, which for most of many keys is never. */
  #list: SortedList<T> | undefined;

  /** How many of the ring's slots are taken. */
  get #inRing(): number {
    return this.size - (this.#list?.size ?? 0);
  }

  /** Whether `first` to `last` is held already. */
  holds(first: number, last: number): boolean {
    if (first === last && first >= this.#base && first - this.#base < this.#ring.length) {
      if (this.#slot(first) !== empty) return true;
    }
    const below = this.#list?.floor(first);
    return below !== undefined && below.last >= last;
  }

  /** Adds a message above `next`, the position whose turn it is; NaN while that is not known. */
  put(first: number, last: number, message: T, next: number): void {
    if (this.#inRing === 0) this.#base = next;
    if (first === last && this.#reaches(first)) {
      this.#ring[first & (this.#ring.length - 1)] = message;
    } else {
      this.#list ??= new SortedList();
      this.#list.add({ first, last, message });
    }
    this.size += 1;
  }

  /**
   * Takes the message of `next` alone out, in the common case: no range is held, and nothing was passed over. `empty` where
   * there is none, or {@link take} has to look. Something has to be held.
   */
  takeNext(next: number): T | typeof empty {
    if (this.#list !== undefined && this.#list.size > 0) return empty;
    for (; this.#base < next; this.#base += 1) {
      if (this.#slot(this.#base) !== empty) return empty;
    }
    const message = this.#slot(next);
    if (message !== empty) {
      this.#free(next);
      this.size -= 1;
    }
    return message;
  }

  /** Takes out a message that begins at or below `next`; where a range passed over single positions, those first. */
  take(next: number): Held<T> | undefined {
    const held = this.#takeFromRing(next) ?? this.#takeFromList(next);
    if (held !== undefined) this.size -= 1;
    return held;
  }

  /** The lowest position held at or above `next`. */
  lowest(next: number): number {
    const listed = this.#list?.lowest?.first ?? Infinity;
    // Beyond 2^53, where counting on gets nowhere, nothing is held.
    if (this.#inRing === 0) return listed;
    const end = Math.min(listed, this.#base + this.#ring.length);
    for (let position = Math.max(next, this.#base); position < end; position += 1) {
      if (this.#slot(position) !== empty) return position;
    }
    return listed;
  }

  #takeFromRing(next: number): Held<T> | undefined {
    if (this.#inRing === 0) return undefined;
    // One of them is held: it ends within the ring.
    for (let position = this.#base; position <= next; position += 1) {
      const message = this.#slot(position);
      if (message === empty) continue;
      this.#free(position);
      return { first: position, last: position, message };
    }
    this.#base = next;
    return undefined;
  }

  /** Gives the slot of the lowest message in the ring free. */
  #free(position: number): void {
    this.#ring[position & (this.#ring.length - 1)] = empty;
    this.#base = position + 1;
    if (this.#ring.length > largestKeptRing && this.#inRing === 1) this.#ring = [];
  }

  #takeFromList(next: number): Held<T> | undefined {
    const list = this.#list;
    return list?.lowest !== undefined && list.lowest.first <= next ? list.shift() : undefined;
  }

  #slot(position: number): T | typeof empty {
    const message = this.#ring[position & (this.#ring.length - 1)];
    return message as T | typeof empty;
  }

  #reaches(position: number): boolean {
    const span = position - this.#base + 1;
    if (span <= this.#ring.length) return true;
    // NaN while there is no `next` yet: nothing to count slots from.
    if (!(span <= slotsPerMessage * (this.size + 1))) return false;
    this.#grow(span);
    return true;
  }

  #grow(span: number): void {
    let capacity = smallestRing;
    while (capacity < span) capacity *= 2;
    const old = this.#ring;
    const ring = new Array<T | typeof empty>(capacity).fill(empty);
    for (let position = this.#base; position < this.#base + old.length; position += 1) {
      ring[position & (capacity - 1)] = this.#slot(position);
    }
    this.#ring = ring;
  }
}
