import { KeyMixer } from './KeyMixer.js';

/** An entry of a {@link LinkedTable}. */
export interface LinkedEntry<K, V> {
  readonly key: K;
  value: V;
  /** Neighbours in the order of the table. */
  older: LinkedEntry<K, V> | undefined;
  newer: LinkedEntry<K, V> | undefined;
}

/**
 * A table in an order of its own: entries are added and moved at the new end, and leave at the old one, all in O(1).
 * Keys are equal as in `Map` (NaN is NaN, -0 is 0); crafted ones do not slow it down.
 */
export class LinkedTable<K, V> {
  /** By mixed key. */
  readonly #entries = new Map<unknown, LinkedEntry<K, V>>();
  readonly #mixer = new KeyMixer();
  #oldest: LinkedEntry<K, V> | undefined;
  #newest: LinkedEntry<K, V> | undefined;

  get size(): number {
    return this.#entries.size;
  }

  get oldest(): LinkedEntry<K, V> | undefined {
    return this.#oldest;
  }

  get(key: K): LinkedEntry<K, V> | undefined {
    return this.#entries.get(this.#mixer.mix(key));
  }

  /** Adds an entry at the new end. Its key must not be in. */
  add(key: K, value: V): LinkedEntry<K, V> {
    const entry: LinkedEntry<K, V> = { key, value, older: undefined, newer: undefined };
    this.#entries.set(this.#mixer.mix(key), entry);
    this.#link(entry);
    return entry;
  }

  /** Moves an entry to the new end. */
  refresh(entry: LinkedEntry<K, V>): void {
    if (entry === this.#newest) return;
    this.#unlink(entry);
    this.#link(entry);
  }

  delete(entry: LinkedEntry<K, V>): void {
    this.#entries.delete(this.#mixer.mix(entry.key));
    this.#unlink(entry);
  }

  #link(entry: LinkedEntry<K, V>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: LinkedEntry<K, V>): void {
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
  }
}
