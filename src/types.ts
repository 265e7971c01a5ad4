import type { Observable, SchedulerLike } from 'rxjs';

/** A number the sender gave a message: a non-negative safe integer, or a bigint throughout one stream. */
export type SequenceNumber = number | bigint;

/** Reads a message's sequence number; a message may cover a whole range of them, both ends included. */
export type SequenceOf<T> = (
  message: T,
) => SequenceNumber | readonly [first: SequenceNumber, last: SequenceNumber];

/** A run of missing numbers, both ends included. */
export interface Gap<K = undefined> {
  /** Lowest missing number. */
  readonly first: SequenceNumber;
  /** Highest missing number. */
  readonly last: SequenceNumber;
  /** How many numbers are missing: `last - first + 1`. */
  readonly count: SequenceNumber;
  /** The sequence it is missing from; `undefined` without `keyBy`. */
  readonly key: K;
}

/** Which clock an operator lives by. */
export interface TimeOptions {
  /**
   * Clock and timers; only `now()` and `schedule()` are used. Default `asyncScheduler`;
   * `monotonicScheduler` is deaf to changes of the system clock.
   */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Splits one stream into independent sequences. */
export interface KeyOptions<T, K> {
  /** The sequence a message belongs to (sender, partition, device). Default: one sequence for all. */
  readonly keyBy?: ((message: T) => K) | undefined;
  /** How many sequences are tracked, 1 to 2^24; the least recently used one is evicted, with an event. Default 10_000. */
  readonly maxKeys?: number | undefined;
}

/** How messages are numbered; shared by {@link sequenceGaps} and {@link reorderBy}. */
export interface SequenceOptions<T, K> extends KeyOptions<T, K> {
  /** The sender's incarnation: a change is a restart, never a gap. Compared by `Object.is`. Default: none. */
  readonly epochOf?: ((message: T) => unknown) | undefined;
  /** First expected number. Default: the first one seen is the baseline. */
  readonly first?: SequenceNumber | undefined;
  /** Numbers wrap to 0 at this value (2^16 for RTP), 3 or more; compared as in RFC 1982. Default: they never wrap. */
  readonly modulus?: SequenceNumber | undefined;
  /**
   * The number of the message before this one, where the sender names it: then numbers may be sparse, and a message
   * is contiguous exactly when it names the last one (Binance's `pu`). `undefined` for a message that follows from
   * nothing, such as a snapshot: the sequence goes on from it. Default: every number counts.
   */
  readonly previousOf?: ((message: T) => SequenceNumber | undefined) | undefined;
  /** How far ahead of the high-water mark a number is still believed, 1 to 2^53-1. Default 65_536. */
  readonly maxJump?: number | undefined;
  /** How far behind the high-water mark a number is still believed, 0 to 2^53-1; one still missing always is. Default 1_024. */
  readonly maxMisorder?: number | undefined;
  /**
   * How many unbelievable numbers must follow each other without a break, 1 to 1_024, before the sender is taken to
   * have restarted there. Default 5. With `epochOf` only the epoch restarts.
   */
  readonly restartAfter?: number | undefined;
}

/**
 * Why a number or time could not be used: not a safe integer, bigint or finite time (`type`), below zero (`negative`),
 * number and bigint in one sequence (`mixed`), a range or pointer that runs backwards or a range wider than `maxJump` (`range`), not below the modulus
 * (`modulus`), exactly half the modulus away (`ambiguous`), too far from what came before and not confirmed (`jump`),
 * or an event time too far in the future (`skew`).
 */
export type InvalidReason =
  'type' | 'negative' | 'mixed' | 'range' | 'modulus' | 'ambiguous' | 'jump' | 'skew';

/** Why a sequence began anew: the sender's epoch changed, or its numbers continued from somewhere else. */
export type ResetReason = 'epoch' | 'jump';

/** What all events have. */
export interface StreamEvent<Kind extends string, K> {
  /** What happened; tells the events apart. */
  readonly kind: Kind;
  /** The sequence it happened in; `undefined` without `keyBy`. */
  readonly key: K;
}

/** An event about one message. */
export interface MessageEvent<
  Kind extends string,
  T,
  K,
  Passed extends boolean = boolean,
> extends StreamEvent<Kind, K> {
  /** The message itself. */
  readonly message: T;
  /** Whether it was emitted all the same. */
  readonly passed: Passed;
}

/**
 * One of the streams that {@link shardBy} splits a stream into. It hands its messages to whoever subscribes; those that
 * came before wait. It completes when the source does, and lives as long as the stream of shards is subscribed.
 */
export interface Shard<T> extends Observable<T> {
  /** Its number among the shards, from 0 on. */
  readonly index: number;
  /** How many shards there are. */
  readonly size: number;
  /**
   * How many messages it has accepted that are not done: {@link mergeShards} says when they are; without it, a message
   * is done when it was handed over.
   */
  readonly pending: number;
}
