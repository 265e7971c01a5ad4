/** Which of the last `size` positions were seen: a ring of bits that slides up, one bit a position (RFC 6479). */
export class BitWindow {
  readonly #words: Uint32Array;
  /** Number of bits - 1: a power of two no smaller than `size`. */
  readonly #mask: number;
  /** Greatest position seen; -Infinity before the first. */
  #high = -Infinity;

  constructor(size: number) {
    let bits = 32;
    while (bits < size) bits *= 2;
    this.#words = new Uint32Array(bits / 32);
    this.#mask = bits - 1;
  }

  /** Marks `first` to `last` as seen, none of them below the window; returns whether any of them was not. */
  add(first: number, last: number): boolean {
    if (first === last && first - this.#high === 1) {
      this.#high = first;
      const index = (first & this.#mask) >>> 5;
      this.#words[index] = (this.#words[index] ?? 0) | (1 << (first & 31));
      return true;
    }
    this.#slideTo(last);
    let isNew = false;
    for (let position = Math.max(first, this.#high - this.#mask); position <= last; position += 1) {
      const bit = position & this.#mask;
      const index = bit >>> 5;
      const word = this.#words[index] ?? 0;
      const flag = 1 << (bit & 31);
      if ((word & flag) === 0) {
        this.#words[index] = word | flag;
        isNew = true;
      }
    }
    return isNew;
  }

  clear(): void {
    this.#words.fill(0);
    this.#high = -Infinity;
  }

  /** Makes `high` the greatest position, if it is: those that enter the window were not seen yet. */
  #slideTo(high: number): void {
    if (high - this.#high > this.#mask) {
      this.#words.fill(0);
    } else {
      for (let position = this.#high + 1; position <= high;) {
        const bit = position & 31;
        // As many as lie in one word.
        const count = Math.min(32 - bit, high - position + 1);
        const index = (position & this.#mask) >>> 5;
        this.#words[index] = (this.#words[index] ?? 0) & ~((2 ** count - 1) << bit);
        position += count;
      }
    }
    this.#high = Math.max(this.#high, high);
  }
}
