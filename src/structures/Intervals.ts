/** A run of positions, both ends included. */
export interface Interval {
  first: number;
  last: number;
}

/** Who makes the interval for the upper part when one is cut in two. */
export interface Splitter<I extends Interval> {
  split(interval: I, first: number, last: number): I;
}

/** So many at the end of a list are moved sooner one by one than by `splice`. */
const fewToMove = 16;

/** Disjoint intervals in ascending order: a run of any length costs one entry. */
export class Intervals<I extends Interval = Interval> {
  #list: I[] = [];

  constructor(private readonly splitter: Splitter<I>) {}

  get size(): number {
    return this.#list.length;
  }

  /** The lowest interval. */
  get lowest(): I | undefined {
    return this.#list[0];
  }

  [Symbol.iterator](): Iterator<I> {
    return this.#list[Symbol.iterator]();
  }

  /** Adds an interval that lies above all others. */
  append(interval: I): void {
    // A literal is no larger than it has to be, which counts where every key has its intervals.
    if (this.#list.length === 0) this.#list = [interval];
    else this.#list.push(interval);
  }

  /** Adds an interval that overlaps no other. */
  insert(interval: I): void {
    this.#insertAt(this.#indexOf(interval.first), interval);
  }

  /** Takes the lowest interval out. */
  shift(): I | undefined {
    return this.#list.shift();
  }

  /** Whether any position from `first` to `last` is in. */
  overlaps(first: number, last: number): boolean {
    const interval = this.#list[this.#indexOf(first)];
    return interval !== undefined && interval.first <= last;
  }

  /**
   * Takes the positions from `first` to `last` out; returns whether any was in. `onCut` hears of each part, after it is
   * out.
   */
  cut(
    first: number,
    last: number,
    onCut?: (interval: I, first: number, last: number) => void,
  ): boolean {
    let index = this.#indexOf(first);
    for (let wasIn = false; ; wasIn = true) {
      const interval = this.#list[index];
      if (interval === undefined || interval.first > last) return wasIn;
      const from = Math.max(first, interval.first);
      const to = Math.min(last, interval.last);
      index += this.#take(index, interval, from, to);
      onCut?.(interval, from, to);
    }
  }

  /** Takes everything out. */
  clear(): void {
    this.#list.length = 0;
  }

  /** Takes `from` to `to` out of one interval; returns how many intervals of it remain at or below `to`. */
  #take(index: number, interval: I, from: number, to: number): number {
    if (from === interval.first && to === interval.last) {
      this.#removeAt(index);
      return 0;
    }
    if (from === interval.first) {
      interval.first = to + 1;
      return 1;
    }
    if (to < interval.last)
      this.#insertAt(index + 1, this.splitter.split(interval, to + 1, interval.last));
    interval.last = from - 1;
    return 1;
  }

  #insertAt(index: number, interval: I): void {
    const list = this.#list;
    if (list.length - index > fewToMove) {
      list.splice(index, 0, interval);
      return;
    }
    this.append(interval);
    for (let at = list.length - 1; at > index; at -= 1) list[at] = list[at - 1] as I;
    this.#list[index] = interval;
  }

  #removeAt(index: number): void {
    const list = this.#list;
    if (list.length - index > fewToMove) {
      list.splice(index, 1);
      return;
    }
    for (let at = index + 1; at < list.length; at += 1) list[at - 1] = list[at] as I;
    list.pop();
  }

  /** Index of the first interval that ends at or above `position`; nearly always it is among the highest. */
  #indexOf(position: number): number {
    const list = this.#list;
    let high = list.length;
    let step = 1;
    while (step <= high && (list[high - step] as I).last >= position) {
      high -= step;
      step *= 2;
    }
    let low = Math.max(0, high - step);
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle] as I).last < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Disjoint intervals that carry nothing else. */
export function plainIntervals(): Intervals {
  return new Intervals(plain);
}

const plain: Splitter<Interval> = { split: (_, first, last) => ({ first, last }) };
