import type {
  InvalidReason,
  MessageEvent,
  ResetReason,
  SequenceNumber,
  StreamEvent,
} from '../types.js';

/** A key was seen before within the window. */
export interface DedupeDuplicateEvent<T, K> extends MessageEvent<'duplicate', T, K> {
  /** When the first of its kind was seen, by the scheduler's clock or its event time; `undefined` for windows without time. */
  readonly first: number | undefined;
  /** How long ago that is, in ms; `undefined` for windows without time. */
  readonly ageMs: number | undefined;
}

/** A key was forgotten before its time, because there are more than `maxKeys`: a repeat of it would pass. */
export interface DedupeEvictedEvent<K> extends StreamEvent<'evicted', K> {
  /** When it was first seen; `undefined` for windows without time. */
  readonly first: number | undefined;
}

/** A message is too old to tell whether it is a repeat. */
export interface DedupeLateEvent<T, K> extends MessageEvent<'late', T, K> {
  /** How far behind: ms below the watermark (0: at it), or numbers below the window. */
  readonly behind: SequenceNumber;
}

/** A message was dropped because its number or time cannot be used or believed. */
export interface DedupeInvalidEvent<T, K> extends MessageEvent<'invalid', T, K, false> {
  /** What is wrong with it. */
  readonly reason: InvalidReason;
}

/** The sender restarted its numbers: the window is empty again. */
export interface DedupeResetEvent<K> extends StreamEvent<'reset', K> {
  /** How it shows. */
  readonly reason: ResetReason;
}

/** What {@link dedupeWithin} tells about the messages it does not simply pass on. */
export type DedupeWithinEvent<T, K = T> =
  | DedupeDuplicateEvent<T, K>
  | DedupeEvictedEvent<K>
  | DedupeLateEvent<T, K>
  | DedupeInvalidEvent<T, K>
  | DedupeResetEvent<K>;
