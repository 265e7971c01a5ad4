import { isCleanUpDue } from './isCleanUpDue.js';

/** A message that is held, and the run of positions or the instant it stands for. */
export interface Held<T, P extends number | bigint = number> {
  readonly first: P;
  readonly last: P;
  readonly message: T;
}

/** Held messages in ascending order of `first`, equal ones in order of arrival; cheap where little is displaced. */
export class SortedList<T, P extends number | bigint = number> {
  /** Taken entries leave `undefined` behind until the next clean-up, so that their messages can be collected. */
  #list: (Held<T, P> | undefined)[] = [];
  /** Index of the lowest entry; those before it are taken. */
  #head = 0;

  get size(): number {
    return this.#list.length - this.#head;
  }

  /** The lowest entry. */
  get lowest(): Held<T, P> | undefined {
    return this.#list[this.#head];
  }

  /** The highest entry at or below `first`. */
  floor(first: P): Held<T, P> | undefined {
    return this.#list[this.#indexAbove(first) - 1];
  }

  add(entry: Held<T, P>): void {
    const index = this.#indexAbove(entry.first);
    // A literal is no larger than it has to be, which counts where every key has its list.
    if (this.#list.length === 0) this.#list = [entry];
    else if (index === this.#list.length) this.#list.push(entry);
    else this.#list.splice(index, 0, entry);
  }

  /** Takes the lowest entry out, if there is one. */
  shift(): Held<T, P> | undefined {
    const entry = this.#list[this.#head];
    this.#list[this.#head] = undefined;
    this.#head += 1;
    if (isCleanUpDue(this.#head, this.#list.length)) {
      this.#list.splice(0, this.#head);
      this.#head = 0;
    }
    return entry;
  }

  #indexAbove(first: P): number {
    let low = this.#head;
    let high = this.#list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#list[middle] as Held<T, P>;
      if (entry.first <= first) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
