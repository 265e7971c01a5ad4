import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import { mergeShards, shardBy } from 'rxjs-reliable';
import type { Message } from './message.js';
import type { ShardPipeline } from './shardPipeline.js';
import type { ShardTally } from './shardTally.js';

interface StageOptions {
  readonly shards: number;
  readonly order: 'source' | 'arrival';
  readonly maxPending?: number | undefined;
}

/** Shards work side by side, each message goes to the least busy one, and the results leave in the order of the source. */
export const shardedStage =
  (
    { shards, order, maxPending }: StageOptions,
    pipeline: ShardPipeline,
    tally: ShardTally,
  ): MonoTypeOperatorFunction<Message> =>
  (messages$) =>
    messages$.pipe(
      shardBy('least-busy', {
        shards,
        maxPending,
        overflowPolicy: 'drop-newest',
        onEvent: tally.onShard,
      }),
      tap(tally.addShard),
      mergeShards(pipeline, { order, onShardError: 'restart', onEvent: tally.onMerge }),
      tap(tally.countLeft),
    );
