import type { Gap, InvalidReason, ResetReason, SequenceNumber } from '../types.js';

/** A message was behind what {@link reorderBy} had already released. */
export interface ReorderLateEvent<T, K> {
  readonly kind: 'late';
  readonly message: T;
  readonly key: K;
  /** How far behind: numbers below the next one to be released, or ms below the watermark or the last released time. */
  readonly behind: SequenceNumber;
  /** Whether the message was emitted all the same (`latePolicy: 'emit'`). */
  readonly passed: boolean;
}

/** Messages behind a hole were released without waiting for it any longer. */
export interface ReorderSkippedEvent<K> extends Gap<K> {
  readonly kind: 'skipped';
  /**
   * A message had waited `maxWaitMs`, there were more than `maxBuffer`, the source completed, the key was evicted, or
   * the sender restarted.
   */
  readonly reason: 'wait' | 'overflow' | 'completed' | 'evicted' | 'reset';
}

/** A message was dropped because it is held or was released already. */
export interface ReorderDuplicateEvent<T, K> {
  readonly kind: 'duplicate';
  readonly message: T;
  readonly key: K;
  readonly passed: false;
}

/** A message was dropped because `maxBuffer` messages are held (`overflowPolicy: 'drop-newest'`). */
export interface ReorderOverflowEvent<T, K> {
  readonly kind: 'overflow';
  readonly message: T;
  readonly key: K;
  readonly passed: false;
}

/** The sender restarted: what was held is released, and a new sequence begins. */
export interface ReorderResetEvent<K> {
  readonly kind: 'reset';
  readonly key: K;
  readonly reason: ResetReason;
}

/** A message was dropped because its number or time cannot be used or believed. */
export interface ReorderInvalidEvent<T, K> {
  readonly kind: 'invalid';
  readonly message: T;
  readonly key: K;
  readonly reason: InvalidReason;
  readonly passed: false;
}

/** A key was forgotten because there are more than `maxKeys`; what it held is released. */
export interface ReorderEvictedEvent<K> {
  readonly kind: 'evicted';
  readonly key: K;
}

/** A message was held when an error ended the stream. */
export interface ReorderDiscardedEvent<T, K> {
  readonly kind: 'discarded';
  readonly message: T;
  readonly key: K;
  readonly reason: 'error';
  readonly passed: false;
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
