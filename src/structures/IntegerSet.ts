import { IntegerMap } from './IntegerMap.js';

/** Integers of 32 bits, one bit each: those next to each other share a word, so that feeds in order touch little memory. */
export class IntegerSet {
  /** Words of 32 bits. */
  readonly #words = new IntegerMap();

  /** Adds `key`; returns whether it was not in. */
  add(key: number): boolean {
    const words = this.#words;
    const at = words.find(key >> 5);
    const word = words.valueAt(at);
    const bit = 1 << (key & 31);
    if ((word & bit) !== 0) return false;
    words.put(at, key >> 5, word | bit);
    return true;
  }

  /** Takes `key` out; it has to be in. */
  delete(key: number): void {
    const words = this.#words;
    const at = words.find(key >> 5);
    const word = words.valueAt(at) & ~(1 << (key & 31));
    if (word === 0) words.delete(at);
    else words.put(at, key >> 5, word);
  }
}
