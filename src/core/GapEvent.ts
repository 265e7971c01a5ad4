import type {
  Gap,
  InvalidReason,
  MessageEvent,
  ResetReason,
  SequenceNumber,
  StreamEvent,
} from '../types.js';

/** An event about missing numbers. */
export interface GapEvent<Kind extends string, K> extends Gap<K>, StreamEvent<Kind, K> {
  /** The sequence they are missing from; `undefined` without `keyBy`. */
  readonly key: K;
}

/** Numbers are missing, and have been for `toleranceMs`. */
export type GapDetectedEvent<K> = GapEvent<'gap', K>;

/** Missing numbers are asked for. */
export interface GapRequestEvent<K> extends GapEvent<'request', K> {
  /** How many times these numbers have been asked for, this one included. */
  readonly attempt: number;
}

/** An attempt to ask for missing numbers ended with an error. */
export interface GapRequestFailedEvent<K> extends GapEvent<'request-failed', K> {
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  /** The error, as it came. */
  readonly error: unknown;
}

/** The fallback for lost numbers ended with an error. */
export interface GapFallbackFailedEvent<K> extends GapEvent<'fallback-failed', K> {
  /** The error, as it came. */
  readonly error: unknown;
}

/** Numbers of a reported gap are missing no longer. */
export interface GapFilledEvent<T, K> extends GapEvent<'filled', K> {
  /** They came by themselves, as the answer to a request, or the sender said they never existed. */
  readonly by: 'late' | 'request' | 'absent';
  /** How long after they were first missed, in ms. */
  readonly waitedMs: number;
  /** The message that carries them; `undefined` if there is none (`absent`). */
  readonly message: T | undefined;
}

/** Numbers of a reported gap are given up. */
export interface GapLostEvent<K> extends GapEvent<'lost', K> {
  /**
   * No attempt brought them (`attempts`), there were more than `maxGaps` (`overflow`), the sender restarted (`reset`),
   * their key was evicted (`evicted`), the source completed (`completed`), or `recover.deadlineMs` passed or a fallback
   * made up for them (`unrecovered`).
   */
  readonly reason: 'attempts' | 'overflow' | 'reset' | 'evicted' | 'completed' | 'unrecovered';
}

/**
 * A message's numbers were all seen before. It is passed on with `duplicatePolicy: 'pass'`, but not if it is an answer to
 * a request or its original: of these two only the first to come is.
 */
export type GapDuplicateEvent<T, K> = MessageEvent<'duplicate', T, K>;

/** A message came after its number was given up, or from before the first one seen; it was passed on. */
export interface GapLateEvent<T, K> extends MessageEvent<'late', T, K, true> {
  /** How far behind the high-water mark. */
  readonly behind: SequenceNumber;
}

/** The sender restarted, or a fallback stands for all before it: a new sequence begins. */
export interface GapResetEvent<K> extends StreamEvent<'reset', K> {
  /** How it shows. */
  readonly reason: ResetReason | 'fallback';
}

/** A message's number cannot be used or believed. It is passed on, unless it is the answer to a request. */
export interface GapInvalidEvent<T, K> extends MessageEvent<'invalid', T, K> {
  /** What is wrong with it. */
  readonly reason: InvalidReason;
}

/** An announced number cannot be used or believed. */
export interface GapInvalidAnnouncementEvent<K> extends StreamEvent<'invalid-announcement', K> {
  /** What was announced. */
  readonly announced: unknown;
  /** What is wrong with it. */
  readonly reason: InvalidReason;
}

/** A key was forgotten because there are more than `maxKeys`. */
export type GapEvictedEvent<K> = StreamEvent<'evicted', K>;

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
