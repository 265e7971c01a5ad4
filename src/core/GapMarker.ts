import type { Gap, SequenceNumber } from '../types.js';

const brand = /* @__PURE__ */ Symbol.for('rxjs-reliable/GapMarker');

/** Stands in the output of {@link sequenceGaps} for numbers that are missing there (`markers`). */
export class GapMarker<K = undefined> implements Gap<K> {
  /** Makes the marker. */
  constructor(
    /** Lowest missing number. */
    readonly first: SequenceNumber,
    /** Highest missing number. */
    readonly last: SequenceNumber,
    /** How many numbers are missing. */
    readonly count: SequenceNumber,
    /** The sequence they are missing from; `undefined` without `keyBy`. */
    readonly key: K,
  ) {
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `value` is a {@link GapMarker}, from whichever copy of the package. */
export function isGapMarker<K = unknown>(value: unknown): value is GapMarker<K> {
  return typeof value === 'object' && value !== null && brand in value;
}
