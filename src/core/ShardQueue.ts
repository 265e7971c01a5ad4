import type { SequenceNumber } from '../types.js';

/** Results of one shard with their order, first in first out. */
export class ShardQueue<R> {
  #orders: SequenceNumber[] = [];
  #values: R[] = [];
  /** Index of the first one; those before it are gone. */
  #head = 0;

  get size(): number {
    return this.#values.length - this.#head;
  }

  /** The order of the first one; NaN if there is none. */
  get firstOrder(): SequenceNumber {
    return this.#orders[this.#head] ?? NaN;
  }

  push(order: SequenceNumber, value: R): void {
    this.#orders.push(order);
    this.#values.push(value);
  }

  /** Takes the first one; there has to be one. */
  shift(): R {
    const value = this.#values[this.#head] as R;
    this.#values[this.#head] = undefined as R;
    this.#head += 1;
    if (this.#head === this.#values.length) {
      this.#orders = [];
      this.#values = [];
      this.#head = 0;
    } else if (this.#head > 64 && this.#head * 2 > this.#values.length) {
      this.#orders.splice(0, this.#head);
      this.#values.splice(0, this.#head);
      this.#head = 0;
    }
    return value;
  }

  /** All of them, first to last. */
  values(): readonly R[] {
    return this.#values.slice(this.#head);
  }
}
