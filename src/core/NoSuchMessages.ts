import type { SequenceNumber } from '../types.js';

const brand = /* @__PURE__ */ Symbol.for('rxjs-reliable/NoSuchMessages');

/** The sender's word that numbers never existed; made by {@link noSuchMessages}. */
export interface NoSuchMessages {
  /** Lowest number that never existed. */
  readonly first: SequenceNumber;
  /** Highest number that never existed. */
  readonly last: SequenceNumber;
}

/** An answer to a re-request: the numbers from `first` to `last` never existed (FIX's GapFill). */
export function noSuchMessages(first: SequenceNumber, last: SequenceNumber): NoSuchMessages {
  const answer = { first, last, [brand]: true };
  return answer;
}

/** Whether `value` was made by {@link noSuchMessages}, of whichever copy of the package. */
export function isNoSuchMessages(value: unknown): value is NoSuchMessages {
  return typeof value === 'object' && value !== null && brand in value;
}
