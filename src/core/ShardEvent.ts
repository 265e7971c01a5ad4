import type { MessageEvent } from '../types.js';

/** A message was dropped because its shard has `maxPending` messages that are not done. */
export interface ShardOverflowEvent<T, K> extends MessageEvent<'overflow', T, K, false> {
  /** Index of its shard. */
  readonly shard: number;
}

/** A message was dropped because its shard takes no more: its pipeline failed or completed early. */
export interface ShardOrphanedEvent<T, K> extends MessageEvent<'orphaned', T, K, false> {
  /** Index of its shard. */
  readonly shard: number;
}

/** A message was not done when an error ended the stream. */
export interface ShardDiscardedEvent<T, K> extends MessageEvent<'discarded', T, K, false> {
  /** Index of its shard. */
  readonly shard: number;
}

/** What {@link shardBy} tells about the messages that no pipeline has done. */
export type ShardByEvent<T, K = undefined> =
  ShardOverflowEvent<T, K> | ShardOrphanedEvent<T, K> | ShardDiscardedEvent<T, K>;
