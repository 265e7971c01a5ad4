import type { Gap, InvalidReason, ResetReason, SequenceNumber } from '../types.js';

/** Numbers are missing, and have been for `toleranceMs`. */
export interface GapDetectedEvent<K> extends Gap<K> {
  readonly kind: 'gap';
}

/** Missing numbers are asked for. */
export interface GapRequestEvent<K> extends Gap<K> {
  readonly kind: 'request';
  /** How many times these numbers have been asked for, this one included. */
  readonly attempt: number;
}

/** An attempt to ask for missing numbers ended with an error. */
export interface GapRequestFailedEvent<K> extends Gap<K> {
  readonly kind: 'request-failed';
  readonly attempt: number;
  readonly error: unknown;
}

/** The fallback for lost numbers ended with an error. */
export interface GapFallbackFailedEvent<K> extends Gap<K> {
  readonly kind: 'fallback-failed';
  readonly error: unknown;
}

/** Numbers of a reported gap are missing no longer. */
export interface GapFilledEvent<T, K> extends Gap<K> {
  readonly kind: 'filled';
  /** They came by themselves, as the answer to a request, or the sender said they never existed. */
  readonly by: 'late' | 'request' | 'absent';
  /** How long after they were first missed, in ms. */
  readonly waitedMs: number;
  /** The message that carries them; `undefined` if there is none (`absent`). */
  readonly message: T | undefined;
}

/** Numbers of a reported gap are given up. */
export interface GapLostEvent<K> extends Gap<K> {
  readonly kind: 'lost';
  /**
   * No attempt brought them (`attempts`), there were more than `maxGaps` (`overflow`), the sender restarted (`reset`),
   * their key was evicted (`evicted`), the source completed (`completed`), or `recover.deadlineMs` passed or a fallback
   * made up for them (`unrecovered`).
   */
  readonly reason: 'attempts' | 'overflow' | 'reset' | 'evicted' | 'completed' | 'unrecovered';
}

/** A message's numbers were all seen before. */
export interface GapDuplicateEvent<T, K> {
  readonly kind: 'duplicate';
  readonly message: T;
  readonly key: K;
  /** Whether it was passed on (`duplicatePolicy: 'pass'`). Never if it only repeats what was asked for. */
  readonly passed: boolean;
}

/** A message came after its number was given up, or from before the first one seen; it was passed on. */
export interface GapLateEvent<T, K> {
  readonly kind: 'late';
  readonly message: T;
  readonly key: K;
  /** How far behind the high-water mark. */
  readonly behind: SequenceNumber;
  readonly passed: true;
}

/** The sender restarted, or a fallback stands for all before it: a new sequence begins. */
export interface GapResetEvent<K> {
  readonly kind: 'reset';
  readonly key: K;
  readonly reason: ResetReason | 'fallback';
}

/** A message's number cannot be used or believed. */
export interface GapInvalidEvent<T, K> {
  readonly kind: 'invalid';
  readonly message: T;
  readonly key: K;
  readonly reason: InvalidReason;
  /** Whether it was passed on: always, unless it is an answer to a request. */
  readonly passed: boolean;
}

/** An announced number cannot be used or believed. */
export interface GapInvalidAnnouncementEvent<K> {
  readonly kind: 'invalid-announcement';
  readonly announced: unknown;
  readonly key: K;
  readonly reason: InvalidReason;
}

/** A key was forgotten because there are more than `maxKeys`. */
export interface GapEvictedEvent<K> {
  readonly kind: 'evicted';
  readonly key: K;
}

/** What {@link sequenceGaps} finds out about the messages it passes on. */
export type SequenceGapsEvent<T, K = undefined> =
  | GapDetectedEvent<K>
  | GapRequestEvent<K>
  | GapRequestFailedEvent<K>
  | GapFallbackFailedEvent<K>
  | GapFilledEvent<T, K>
  | GapLostEvent<K>
  | GapDuplicateEvent<T, K>
  | GapLateEvent<T, K>
  | GapResetEvent<K>
  | GapInvalidEvent<T, K>
  | GapInvalidAnnouncementEvent<K>
  | GapEvictedEvent<K>;
