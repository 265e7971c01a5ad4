import type { SequenceNumber } from '../types.js';
import type { KeyStatistics } from './KeyStatistics.js';

/** One recorded message, as far as it matters here. */
export interface Row {
  /** The number it carries, or the range it covers; what the operators are told. */
  readonly sequence: SequenceNumber | readonly [first: SequenceNumber, last: SequenceNumber];
  /** The last number it covers. */
  readonly last: SequenceNumber;
  /** The number it says it follows. */
  readonly previous: SequenceNumber | undefined;
  readonly epoch: unknown;
  /** Undefined if the recording has no keys. */
  readonly key: string | undefined;
  /** When it arrived, in ms; 0 if the recording has no times. */
  readonly timeMs: number;
}

/** A row with the account of its key. */
export interface KeyedRow extends Row {
  readonly account: KeyStatistics;
}
