import { fuzzMs } from './seed.js';

/** Counts in how many of the runs of a property each corner was met, so that the tests do not blind themselves. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #runs = 0;

  /** Notes the corners of one run. */
  add(corners: Iterable<string>): void {
    this.#runs += 1;
    for (const corner of new Set(corners)) {
      this.#counts.set(corner, (this.#counts.get(corner) ?? 0) + 1);
    }
  }

  /** Those of `corners` that were met in fewer than one of 400 runs: the rarest are met in some one of 150. */
  rare(corners: readonly string[]): string[] {
    // A search that ends by the clock may have seen too few streams to tell.
    if (fuzzMs !== undefined) return [];
    return corners.filter((corner) => (this.#counts.get(corner) ?? 0) * 400 < this.#runs);
  }
}
