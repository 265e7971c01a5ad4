import { fuzzMs } from './seed.js';

/** Counts in how many of the cases of a property each corner was met. */
export class CornerCount {
  #cases = 0;
  readonly #counts = new Map<string, number>();

  /** Lets `work` tell of the corners that one case comes through. */
  watch(work: (met: (corner: string) => void) => void): void {
    const met = new Set<string>();
    this.#cases += 1;
    work((corner) => met.add(corner));
    for (const corner of met) this.#counts.set(corner, this.countOf(corner) + 1);
  }

  countOf(corner: string): number {
    return this.#counts.get(corner) ?? 0;
  }

  /** Those of `corners` that were met in fewer than one of 200 cases, if there were enough of them to tell. */
  rare(corners: readonly string[]): string[] {
    if (fuzzMs !== undefined || this.#cases < 100) return [];
    return corners.filter((corner) => this.countOf(corner) * 200 < this.#cases);
  }
}
