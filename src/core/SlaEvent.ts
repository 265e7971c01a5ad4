import type { InvalidReason, StreamEvent } from '../types.js';

/** Which guarantee an event is about. */
export type SlaLimit = 'first' | 'silence' | 'total' | 'response' | 'transaction';

/** An event about one guarantee. */
export interface SlaLimitEvent<Kind extends string, T, K> extends StreamEvent<Kind, K> {
  /** Which guarantee. */
  readonly limit: SlaLimit;
  /** The instant up to which it could be kept. */
  readonly deadlineMs: number;
  /** Which transaction; `undefined` for other limits. */
  readonly transaction: unknown;
  /** The message it is about: the slow one, or the one that began the transaction; `undefined` for other limits. */
  readonly message: T | undefined;
}

/** A guarantee is about to be broken: its soft limit has passed. */
export interface SlaWarningEvent<T, K> extends SlaLimitEvent<'warning', T, K> {
  /** Time since what the limit counts from. */
  readonly elapsedMs: number;
}

/** A guarantee was broken. */
export interface SlaBreachEvent<T, K> extends SlaLimitEvent<'breach', T, K> {
  /** Time since what the limit counts from. */
  readonly elapsedMs: number;
}

/** What had broken a guarantee came after all. */
export interface SlaRecoveredEvent<T, K> extends SlaLimitEvent<'recovered', T, K> {
  /** How long after the deadline. */
  readonly lateByMs: number;
}

/** A guarantee is not watched any longer, and nobody will know whether it would have been kept. */
export interface SlaAbandonedEvent<T, K> extends SlaLimitEvent<'abandoned', T, K> {
  /** The source completed, an error ended the stream, `switchTo` took its place, or there were more than `maxKeys`. */
  readonly reason: 'completed' | 'error' | 'switched' | 'overflow';
}

/** A message was not understood: no event time, or a transaction that began twice or finished without having begun. */
export interface SlaInvalidEvent<T, K> extends StreamEvent<'invalid', K> {
  /** The message; it is emitted all the same. */
  readonly message: T;
  /** What is wrong with it. */
  readonly reason: InvalidReason | 'started-twice' | 'not-started';
  /** It was emitted. */
  readonly passed: true;
}

/** The objective is not met any more, or is met again. */
export interface SlaObjectiveEvent<K> extends StreamEvent<'objective-missed' | 'objective-met', K> {
  /** Share of guarantees kept in the window. */
  readonly ratio: number;
  /** How many times faster than the objective allows guarantees are broken. */
  readonly burnRate: number;
}

/** What {@link slaTimeout} finds out about the stream it watches. */
export type SlaTimeoutEvent<T, K = undefined> =
  | SlaWarningEvent<T, K>
  | SlaBreachEvent<T, K>
  | SlaRecoveredEvent<T, K>
  | SlaAbandonedEvent<T, K>
  | SlaInvalidEvent<T, K>
  | SlaObjectiveEvent<K>;
