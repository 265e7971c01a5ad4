import { plainIntervals } from './Intervals.js';

/**
 * The positions below the high-water mark that were passed over without their message, the latest runs of them, and for
 * a while those shortly before the baseline: what comes for one of them is late, not a duplicate.
 */
export class UnseenNumbers {
  readonly #intervals = plainIntervals();
  /** The first position of the sequence. */
  #baseline = NaN;

  /** @param limit - how many runs are remembered. */
  constructor(private readonly limit: number) {}

  /** A sequence begins at `baseline`; of what came before, `reach` positions count as unseen. */
  begin(baseline: number, reach: number): void {
    this.#intervals.clear();
    this.#baseline = baseline;
    if (reach > 0) this.#intervals.append({ first: baseline - reach, last: baseline - 1 });
  }

  /** Adds a run that overlaps no other. */
  add(first: number, last: number): void {
    this.#intervals.insert({ first, last });
    this.#trim();
  }

  has(first: number, last: number): boolean {
    return this.#intervals.overlaps(first, last);
  }

  /** The same where the positions lie below `edge`: so far back, those before the baseline do not count any more. */
  hasBelow(edge: number, first: number, last: number): boolean {
    this.#intervals.cut(-Infinity, Math.min(edge, this.#baseline) - 1);
    return this.has(first, last);
  }

  /** Takes the positions out; returns whether any was in. */
  take(first: number, last: number): boolean {
    const had = this.#intervals.cut(first, last);
    this.#trim();
    return had;
  }

  /** Takes everything up to `last` out. */
  takeUpTo(last: number): void {
    this.#intervals.cut(-Infinity, last);
  }

  /** Forgets the lowest runs, if there are too many: a run may have been split. */
  #trim(): void {
    while (this.#intervals.size > this.limit) this.#intervals.shift();
  }
}
