import { KeyMixer } from './KeyMixer.js';

/** What a {@link LinkedTable} holds: it knows its neighbours in the order of the table, which saves an object around it. */
export interface LinkedEntry<K> {
  readonly key: K;
  older: this | undefined;
  newer: this | undefined;
}

/**
 * A table in an order of its own: entries are added and moved at the new end, and leave at the old one, all in O(1).
 * Keys are equal as in `Map` (NaN is NaN, -0 is 0); crafted ones do not slow it down.
 */
export class LinkedTable<K, E extends LinkedEntry<K>> {
  /** By mixed key. */
  readonly #entries = new Map<unknown, E>();
  readonly #mixer = new KeyMixer();
  #oldest: E | undefined;
  #newest: E | undefined;
  /** What was refreshed after the entry refreshed last, the time before: where keys take turns it is what is next. */
  #follower: E | undefined;
  /** It was so the last time: where it is not, no time is lost on comparing keys. */
  #isInTurn = false;

  get size(): number {
    return this.#entries.size;
  }

  get oldest(): E | undefined {
    return this.#oldest;
  }

  get(key: K): E | undefined {
    const follower = this.#follower;
    if (this.#isInTurn && follower !== undefined && follower.key === key) return follower;
    const entry = this.#entries.get(this.#mixer.mix(key));
    this.#isInTurn = entry === follower;
    return entry;
  }

  /** Adds an entry at the new end; it is in no table, nor is its key in this one. */
  add(entry: E): void {
    this.#entries.set(this.#mixer.mix(entry.key), entry);
    this.#link(entry);
  }

  /** Moves an entry to the new end. */
  refresh(entry: E): void {
    if (entry === this.#newest) return;
    this.#follower = entry.newer;
    this.#unlink(entry);
    this.#link(entry);
  }

  delete(entry: E): void {
    this.#entries.delete(this.#mixer.mix(entry.key));
    this.#unlink(entry);
    if (entry === this.#follower) this.#follower = undefined;
    // Who still knows the entry is not to know, through its neighbours, all that ever leave after it.
    entry.older = undefined;
    entry.newer = undefined;
  }

  #link(entry: E): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink({ newer, older }: E): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
