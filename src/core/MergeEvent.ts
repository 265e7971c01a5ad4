import type { MessageEvent, StreamEvent } from '../types.js';

/** A result was behind what had left already: the order had been given up waiting for it. */
export interface MergeLateEvent<R> extends MessageEvent<'late', R, undefined> {
  /** Index of the shard it came from. */
  readonly shard: number;
}

/** There were more than `maxBuffer` results to hold; from here on, the order goes on without what was missing. */
export interface MergeOverflowEvent<R> extends MessageEvent<'overflow', R, undefined, true> {
  /** Index of the shard the last result came from. */
  readonly shard: number;
}

/** A result was dropped because `orderOf` gave neither a finite number nor a bigint for it. */
export interface MergeInvalidEvent<R> extends MessageEvent<'invalid', R, undefined, false> {
  /** Index of the shard it came from. */
  readonly shard: number;
  /** What is wrong with it. */
  readonly reason: 'type';
}

/** A result was held when an error ended the stream. */
export interface MergeDiscardedEvent<R> extends MessageEvent<'discarded', R, undefined, false> {
  /** Index of the shard it came from. */
  readonly shard: number;
  /** Why it was not emitted. */
  readonly reason: 'error';
}

/** What befalls results; `message` is the result. */
export type ShardResultEvent<R> =
  MergeLateEvent<R> | MergeOverflowEvent<R> | MergeInvalidEvent<R> | MergeDiscardedEvent<R>;

/** The pipeline of a shard failed. */
export interface ShardErrorEvent extends StreamEvent<'shard-error', undefined> {
  /** Index of the shard. */
  readonly shard: number;
  /** What it failed with. */
  readonly error: unknown;
  /** What comes of it: the stream fails, the shard is closed, or its pipeline is made again. */
  readonly action: 'fail' | 'drop' | 'restart';
}

/** The pipeline of a shard was made again. */
export interface ShardRestartEvent extends StreamEvent<'shard-restart', undefined> {
  /** Index of the shard. */
  readonly shard: number;
  /** How often that was done by now, from 1 on. */
  readonly restarts: number;
}

/** The pipeline of a shard completed. */
export interface ShardCompleteEvent extends StreamEvent<'shard-complete', undefined> {
  /** Index of the shard. */
  readonly shard: number;
  /** It did so before its shard did: what comes for the shard is orphaned. */
  readonly isEarly: boolean;
}

/** The message that was being worked on when a pipeline failed; it is not tried again. */
export interface DeadLetterEvent<T> extends MessageEvent<'dead-letter', T, undefined, false> {
  /** Index of the shard. */
  readonly shard: number;
  /** What its pipeline failed with. */
  readonly error: unknown;
}

/** What {@link mergeShards} tells about shards, messages and results. */
export type MergeShardsEvent<T, R = T> =
  | ShardResultEvent<R>
  | ShardErrorEvent
  | ShardRestartEvent
  | ShardCompleteEvent
  | DeadLetterEvent<T>;
