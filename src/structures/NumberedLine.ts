/** A ring of this size costs little, and one that is larger gains little. */
const mostPlaces = 4_096;

/** Values that are numbered as they come, from 0 on, and are taken out by number, mostly the oldest first. */
export class NumberedLine<V> {
  /** The newest, each in the place of its number modulo the size. */
  readonly #places: (V | undefined)[];
  /** Those that are older. */
  readonly #stragglers = new Map<number, V>();
  #next = 0;

  /** `expected` values are to be had without delay; there may be more. */
  constructor(expected: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.min(expected, mostPlaces) + 1));
    this.#places = new Array<V | undefined>(size).fill(undefined);
  }

  /** The number of the value that is added next. */
  get next(): number {
    return this.#next;
  }

  add(value: V): void {
    const { length } = this.#places;
    const place = this.#next % length;
    const straggler = this.#places[place];
    if (straggler !== undefined) this.#stragglers.set(this.#next - length, straggler);
    this.#places[place] = value;
    this.#next += 1;
  }

  get(number: number): V | undefined {
    if (!this.#isPlaced(number)) return this.#stragglers.get(number);
    return number < this.#next ? this.#places[number % this.#places.length] : undefined;
  }

  /** Returns the value and forgets it. */
  take(number: number): V | undefined {
    const value = this.get(number);
    if (value === undefined) return undefined;
    if (this.#isPlaced(number)) this.#places[number % this.#places.length] = undefined;
    else this.#stragglers.delete(number);
    return value;
  }

  /** All of them, oldest first. */
  *values(): Generator<V> {
    yield* this.#stragglers.values();
    const { length } = this.#places;
    for (let number = Math.max(this.#next - length, 0); number < this.#next; number += 1) {
      const value = this.#places[number % length];
      if (value !== undefined) yield value;
    }
  }

  #isPlaced(number: number): boolean {
    return number >= this.#next - this.#places.length;
  }
}
