import type { Gap, SequenceNumber } from '../types.js';

const brand = Symbol.for('rxjs-reliable/GapMarker');

/** Stands in the output of {@link sequenceGaps} for numbers that are missing there (`markers`). */
export class GapMarker<K = undefined> implements Gap<K> {
  /** @internal */
  readonly [brand] = true;

  constructor(
    readonly first: SequenceNumber,
    readonly last: SequenceNumber,
    readonly count: SequenceNumber,
    readonly key: K,
  ) {}
}

/** Whether `value` is a {@link GapMarker}, from whichever copy of the package. */
export function isGapMarker<K = unknown>(value: unknown): value is GapMarker<K> {
  return typeof value === 'object' && value !== null && brand in value;
}
