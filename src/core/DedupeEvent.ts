import type { InvalidReason, SequenceNumber } from '../types.js';

/** A key was seen before within the window. */
export interface DedupeDuplicateEvent<T, K> {
  readonly kind: 'duplicate';
  readonly message: T;
  readonly key: K;
  /** When the first of its kind was seen, by the scheduler's clock or its event time; `undefined` for windows without time. */
  readonly first: number | undefined;
  /** How long ago that is; `undefined` for windows without time. */
  readonly ageMs: number | undefined;
  /** Whether it was emitted all the same (`repeatPolicy: 'pass'`). */
  readonly passed: boolean;
}

/** A key was forgotten before its time, because there are more than `maxKeys`: a repeat of it would pass. */
export interface DedupeEvictedEvent<K> {
  readonly kind: 'evicted';
  readonly key: K;
  /** When it was first seen; `undefined` for windows without time. */
  readonly first: number | undefined;
}

/** A message is too old to tell whether it is a repeat. */
export interface DedupeLateEvent<T, K> {
  readonly kind: 'late';
  readonly message: T;
  readonly key: K;
  /** How far behind: ms below the watermark (0: at it), or numbers below the window. */
  readonly behind: SequenceNumber;
  /** Whether it was emitted all the same (`latePolicy: 'emit'`). */
  readonly passed: boolean;
}

/** A message was dropped because its number or time cannot be used or believed. */
export interface DedupeInvalidEvent<T, K> {
  readonly kind: 'invalid';
  readonly message: T;
  readonly key: K;
  readonly reason: InvalidReason;
  readonly passed: false;
}

/** The sender restarted its numbers: the window is empty again. */
export interface DedupeResetEvent<K> {
  readonly kind: 'reset';
  readonly key: K;
  readonly reason: 'jump' | 'epoch';
}

/** What {@link dedupeWithin} tells about the messages it does not simply pass on. */
export type DedupeWithinEvent<T, K = T> =
  | DedupeDuplicateEvent<T, K>
  | DedupeEvictedEvent<K>
  | DedupeLateEvent<T, K>
  | DedupeInvalidEvent<T, K>
  | DedupeResetEvent<K>;
