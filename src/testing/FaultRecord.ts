/** How a message's number was spoilt; `'none'` if it was not. `'throws'`: reading it throws. */
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
  | 'object'
  | 'throws';

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
  /** From this message on numbers wrap to 0 at this value. Default 0: they go on as before. */
  readonly modulus?: number | undefined;
  /** Which of several producers it is from. Default 0. */
  readonly producer?: number | undefined;
  /** How far its event time is ahead of the true one, in whole ms; negative: behind. Default 0. */
  readonly skewMs?: number | undefined;
}

/** What befell each message of a stream, in the order of sending. What a record leaves out is harmless. */
export type FaultScript = readonly Partial<FaultRecord>[];

/**
 * A kind of trouble that a {@link FaultScript} can contain.
 *
 * - `'burst'`: several are sent at one instant, then none for a while.
 * - `'loss'`: a Gilbert-Elliott channel; `'blackout'`: everything for a while; `'tail'`: the last ones; `'target'`: the
 *   first one, the last one, or one in between, with its copies.
 * - `'queue'`: only so many can be in flight, the newest or one at random is lost.
 * - `'duplicate'`: 1 to 3 copies, each with a delay of its own.
 * - `'delay'`: one of the distributions of {@link Delay}; `'correlation'`: each delay is like the one before it;
 *   `'straggler'`: one message takes far longer.
 * - `'reorder'`: every n-th jumps the queue, neighbours swap, blocks come in reverse, or none is displaced by more than n.
 * - `'clog'`: now and then nothing comes through for a while, then all of it at once or one by one.
 * - `'heal'`: at a point in the second half all trouble ends: {@link healFaults}.
 * - `'corrupt'`: numbers are spoilt; `'hostile'`: reading one throws.
 * - `'restart'`: the sender starts anew, with or without another epoch; `'jump'`: it leaves numbers out; `'wrap'`: its
 *   numbers wrap.
 * - `'skew'`: several producers, each with a wrong clock.
 */
export type FaultKind =
  | 'burst'
  | 'loss'
  | 'blackout'
  | 'tail'
  | 'target'
  | 'queue'
  | 'duplicate'
  | 'delay'
  | 'correlation'
  | 'straggler'
  | 'reorder'
  | 'clog'
  | 'heal'
  | 'corrupt'
  | 'hostile'
  | 'restart'
  | 'jump'
  | 'wrap'
  | 'skew';
