/** How a message's number was spoilt; `'none'` if it was not. */
export type Corruption =
  | 'none'
  | 'undefined'
  | 'NaN'
  | 'Infinity'
  | '-Infinity'
  | 'negative'
  | 'fraction'
  | 'unsafe'
  | 'string'
  | 'bigint'
  | 'object';

/**
 * What befell one message; 0, false, `'none'` and nothing at all mean no harm. Plain JSON, so that a failure can be kept
 * as one line.
 */
export interface FaultRecord {
  /** How long after the message before it it was sent, in whole ms. */
  readonly gapMs: number;
  /** Whether it was lost; its copies are not. */
  readonly drop: boolean;
  /** How long it took, in whole ms. */
  readonly delayMs: number;
  /** How long each repeat of it took, in whole ms from when it was sent. */
  readonly copies: readonly number[];
  /** What became of its number. */
  readonly corrupt: Corruption;
  /** Whether the sender restarted before it: numbers begin anew. */
  readonly restart: boolean;
  /** Whether the sender's epoch changed before it, as a restart ought to do. */
  readonly epoch: boolean;
  /** How many numbers the sender left out before it. */
  readonly jump: number;
}

/** What befell each message of a stream, in the order of sending. What a record leaves out is harmless. */
export type FaultScript = readonly Partial<FaultRecord>[];

/** A kind of trouble that a {@link FaultScript} can contain. */
export type FaultKind =
  | 'burst'
  | 'loss'
  | 'blackout'
  | 'tail'
  | 'duplicate'
  | 'delay'
  | 'straggler'
  | 'corrupt'
  | 'restart'
  | 'jump';
