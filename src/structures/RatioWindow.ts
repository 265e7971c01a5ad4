/** How many parts a window is divided into: it slides by one of them at a time. */
const parts = 60;

/** The share of good outcomes in a sliding window of time. */
export class RatioWindow {
  readonly #good = new Float64Array(parts);
  readonly #bad = new Float64Array(parts);
  /** Sums over all parts. */
  #goodCount = 0;
  #badCount = 0;
  /** Number of the newest part, counted from time 0; NaN before the first outcome. */
  #newest = NaN;
  readonly #partMs: number;

  constructor(windowMs: number) {
    this.#partMs = windowMs / parts;
  }

  /** Share of good outcomes; 1 if there were none at all. */
  get ratio(): number {
    const count = this.#goodCount + this.#badCount;
    return count === 0 ? 1 : this.#goodCount / count;
  }

  /** When the window slides next; `Infinity` while it is empty. */
  get slidesAtMs(): number {
    if (this.#goodCount + this.#badCount === 0) return Infinity;
    return (this.#newest + 1) * this.#partMs;
  }

  add(isGood: boolean, nowMs: number): void {
    this.slide(nowMs);
    const part = placeOf(this.#newest);
    if (isGood) {
      this.#good[part] = (this.#good[part] ?? 0) + 1;
      this.#goodCount += 1;
    } else {
      this.#bad[part] = (this.#bad[part] ?? 0) + 1;
      this.#badCount += 1;
    }
  }

  /** Forgets what is older than the window. */
  slide(nowMs: number): void {
    let newest = Math.floor(nowMs / this.#partMs);
    // Rounding may hide that the next part has begun at exactly this instant.
    if ((newest + 1) * this.#partMs <= nowMs) newest += 1;
    if (!(newest - this.#newest < parts)) this.#clear();
    else for (let part = this.#newest + 1; part <= newest; part += 1) this.#forget(placeOf(part));
    this.#newest = newest;
  }

  #forget(part: number): void {
    this.#goodCount -= this.#good[part] ?? 0;
    this.#badCount -= this.#bad[part] ?? 0;
    this.#good[part] = 0;
    this.#bad[part] = 0;
  }

  #clear(): void {
    this.#good.fill(0);
    this.#bad.fill(0);
    this.#goodCount = 0;
    this.#badCount = 0;
  }
}

/** Where a part is kept; clocks may show negative times. */
function placeOf(part: number): number {
  return ((part % parts) + parts) % parts;
}
