import { randomWord } from './randomWord.js';

/** Pairs in a map that has just been made; a power of two, as all its sizes. */
const leastPairs = 16;

/**
 * A number other than 0 for each of some integers of 32 bits: an open hash table, several times as fast as `Map`. Its hash
 * is mixed with a secret, so that whoever picks the integers cannot make them collide.
 */
export class IntegerMap {
  /** Key and value in turns, so that one cache line has both; the value is 0 where a pair is free. Half of them at least are. */
  #pairs = new Int32Array(2 * leastPairs);
  #size = 0;
  readonly #secret = randomWord();
  readonly #twist = randomWord();

  /** Whether `key` can be in such a map. */
  static holds(key: unknown): key is number {
    return typeof key === 'number' && (key | 0) === key;
  }

  /** Where `key` is, or else where it is to be put: as long as nothing is put or deleted. */
  find(key: number): number {
    const pairs = this.#pairs;
    const mask = pairs.length - 1;
    let at = this.#homeOf(key);
    while (pairs[at + 1] !== 0 && pairs[at] !== key) at = (at + 2) & mask;
    return at;
  }

  /** The value of the key that was found there, 0 if there is none. */
  valueAt(at: number): number {
    return this.#pairs[at + 1] as number;
  }

  /** Gives `key`, which was found or is to be put there, a value other than 0. */
  put(at: number, key: number, value: number): void {
    const pairs = this.#pairs;
    const isNew = pairs[at + 1] === 0;
    pairs[at] = key;
    pairs[at + 1] = value;
    if (isNew && ++this.#size * 4 > pairs.length) this.#grow();
  }

  /** Takes out the key that was found there. */
  delete(at: number): void {
    const pairs = this.#pairs;
    const mask = pairs.length - 1;
    let free = at;
    this.#size -= 1;
    // Whatever was put further on because its place was taken moves up, so that every search ends at a free pair.
    for (let next = (free + 2) & mask; pairs[next + 1] !== 0; next = (next + 2) & mask) {
      const home = this.#homeOf(pairs[next] as number);
      if (((next - home) & mask) < ((next - free) & mask)) continue;
      pairs[free] = pairs[next] as number;
      pairs[free + 1] = pairs[next + 1] as number;
      free = next;
    }
    pairs[free + 1] = 0;
  }

  #grow(): void {
    const old = this.#pairs;
    this.#pairs = new Int32Array(old.length * 2);
    this.#size = 0;
    for (let at = 0; at < old.length; at += 2) {
      const key = old[at] as number;
      const value = old[at + 1] as number;
      if (value !== 0) this.put(this.find(key), key, value);
    }
  }

  #homeOf(key: number): number {
    let mixed = Math.imul(key ^ this.#secret, 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ this.#twist, 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) << 1) & (this.#pairs.length - 1);
  }
}
