import type {
  Gap,
  InvalidReason,
  MessageEvent,
  ResetReason,
  SequenceNumber,
  StreamEvent,
} from '../types.js';

/** A message was behind what {@link reorderBy} had already released. */
export interface ReorderLateEvent<T, K> extends MessageEvent<'late', T, K> {
  /** How far behind: numbers below the next one to be released, ms below the first time that is not late (1: at the watermark). */
  readonly behind: SequenceNumber;
}

/** Messages behind a hole were released without waiting for it any longer. */
export interface ReorderSkippedEvent<K> extends Gap<K>, StreamEvent<'skipped', K> {
  /** The sequence it is missing from; `undefined` without `keyBy`. */
  readonly key: K;
  /**
   * A message had waited `maxWaitMs`, there were more than `maxBuffer`, the source completed, the key was evicted, or
   * the sender restarted.
   */
  readonly reason: 'wait' | 'overflow' | 'completed' | 'evicted' | 'reset';
}

/** A message was dropped because it is held or was released already. */
export type ReorderDuplicateEvent<T, K> = MessageEvent<'duplicate', T, K, false>;

/** A message was dropped because `maxBuffer` messages are held (`overflowPolicy: 'drop-newest'`). */
export type ReorderOverflowEvent<T, K> = MessageEvent<'overflow', T, K, false>;

/** The sender restarted: what was held is released, and a new sequence begins. */
export interface ReorderResetEvent<K> extends StreamEvent<'reset', K> {
  /** How it shows. */
  readonly reason: ResetReason;
}

/** A message was dropped because its number or time cannot be used or believed. */
export interface ReorderInvalidEvent<T, K> extends MessageEvent<'invalid', T, K, false> {
  /** What is wrong with it. */
  readonly reason: InvalidReason;
}

/** A key was forgotten because there are more than `maxKeys`; what it held is released. */
export type ReorderEvictedEvent<K> = StreamEvent<'evicted', K>;

/** A message was held when an error ended the stream. */
export interface ReorderDiscardedEvent<T, K> extends MessageEvent<'discarded', T, K, false> {
  /** Why it was not emitted. */
  readonly reason: 'error';
}

/** What {@link reorderBy} tells about the messages it does not simply pass on. */
export type ReorderByEvent<T, K = undefined> =
  | ReorderLateEvent<T, K>
  | ReorderSkippedEvent<K>
  | ReorderDuplicateEvent<T, K>
  | ReorderOverflowEvent<T, K>
  | ReorderResetEvent<K>
  | ReorderInvalidEvent<T, K>
  | ReorderEvictedEvent<K>
  | ReorderDiscardedEvent<T, K>;
