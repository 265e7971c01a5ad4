import type { SequenceNumber } from '../types.js';

interface Entry<R> {
  readonly order: SequenceNumber;
  readonly value: R;
  newer: Entry<R> | undefined;
}

/** Results of one shard with their order, first in first out. */
export class ShardQueue<R> {
  size = 0;
  #oldest: Entry<R> | undefined;
  #newest: Entry<R> | undefined;

  /** The order of the first one; NaN if there is none. */
  get firstOrder(): SequenceNumber {
    return this.#oldest?.order ?? NaN;
  }

  push(order: SequenceNumber, value: R): void {
    const entry: Entry<R> = { order, value, newer: undefined };
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
    this.size += 1;
  }

  /** Takes the first one; there has to be one. */
  shift(): R {
    const { value, newer } = this.#oldest as Entry<R>;
    this.#oldest = newer;
    if (newer === undefined) this.#newest = undefined;
    this.size -= 1;
    return value;
  }

  /** All of them, first to last. */
  values(): readonly R[] {
    const values: R[] = [];
    for (let entry = this.#oldest; entry !== undefined; entry = entry.newer)
      values.push(entry.value);
    return values;
  }
}
