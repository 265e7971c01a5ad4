/** Neighbouring bucket bounds differ by 1 %, and so, at most, do an answer and the exact percentile. */
const logGrowth = Math.log(1.01);

interface Bucket {
  count: number;
  max: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Percentiles of values of 0 or more in bounded memory: values within 1 % of each other share a bucket, which answers
 * with the greatest value put into it. So answers are values that occurred, never below the exact percentile (nearest
 * rank) and less than 1 % above it; whole numbers up to 100 are exact. From 10^-3 to 10^12 there are 3,500 buckets.
 */
export class Histogram {
  readonly #buckets = new Map<number, Bucket>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    this.#put(value > 0 ? Math.floor(Math.log(value) / logGrowth) : -Infinity, 1, value);
  }

  /** Adds all that `other` holds. */
  merge(other: Histogram): void {
    for (const [index, { count, max }] of other.#buckets) this.#put(index, count, max);
  }

  /** The value that the given share of the values (0 to 1) does not exceed; 0 if there are none. */
  percentile(share: number): number {
    // A share like 0.07 is a little more than 7 %: that must not cost a rank.
    let left = Math.max(1, Math.ceil(share * this.#count * (1 - 1e-12)));
    for (const [, { count, max }] of [...this.#buckets].sort(([a], [b]) => (a < b ? -1 : 1))) {
      left -= count;
      if (left <= 0) return max;
    }
    return 0;
  }

  percentiles(): Percentiles {
    return {
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p99: this.percentile(0.99),
      max: this.percentile(1),
    };
  }

  #put(index: number, count: number, max: number): void {
    this.#count += count;
    const bucket = this.#buckets.get(index);
    if (bucket === undefined) {
      this.#buckets.set(index, { count, max });
    } else {
      bucket.count += count;
      if (max > bucket.max) bucket.max = max;
    }
  }
}
