import type { SlaLimit } from './SlaEvent.js';

const brand = /* @__PURE__ */ Symbol.for('rxjs-reliable/SlaBreach');

/** Stands in the output of {@link slaTimeout} where a guarantee was broken (`markers`). */
export class SlaBreach<T = unknown, K = undefined> {
  /** Makes the marker. */
  constructor(
    /** Which guarantee. */
    readonly limit: SlaLimit,
    /** The instant up to which it could be kept. */
    readonly deadlineMs: number,
    /** Time since what the limit counts from. */
    readonly elapsedMs: number,
    /** Whose guarantee; `undefined` without `keyBy`. */
    readonly key: K,
    /** Which transaction; `undefined` for other limits. */
    readonly transaction: unknown,
    /** The slow message, or the one that began the transaction; `undefined` for other limits. */
    readonly message: T | undefined,
  ) {
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `value` is a {@link SlaBreach}, from whichever copy of the package. */
export function isSlaBreach<T = unknown, K = unknown>(value: unknown): value is SlaBreach<T, K> {
  return typeof value === 'object' && value !== null && brand in value;
}
