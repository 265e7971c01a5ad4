/** The last few of an ever-growing series of numbers. */
export class ReleasedLog {
  /** A ring once it is full; ascending from `#oldest` on. */
  #numbers: (number | bigint)[] = [];
  /** Index of the smallest number. */
  #oldest = 0;

  constructor(private readonly capacity: number) {}

  /** Adds a number that is greater than all before it; the smallest one leaves if there are too many. */
  add(value: number | bigint): void {
    if (this.#numbers.length === 0) {
      // A literal is no larger than it has to be, which counts where every key has its log.
      this.#numbers = [value];
    } else if (this.#numbers.length < this.capacity) {
      this.#numbers.push(value);
    } else {
      this.#numbers[this.#oldest] = value;
      this.#oldest = (this.#oldest + 1) % this.capacity;
    }
  }

  has(value: number | bigint): boolean {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at(middle) < value) low = middle + 1;
      else high = middle;
    }
    // Above all of them it is the smallest that is looked at, which is another one.
    return this.#at(low) === value;
  }

  #at(index: number): number | bigint {
    return this.#numbers[(this.#oldest + index) % this.#numbers.length] as number | bigint;
  }
}
