import type { ObservableInput, OperatorFunction } from 'rxjs';
import { ArrivalOrder } from '../src/core/ArrivalOrder.js';
import { KeyOrder } from '../src/core/KeyOrder.js';
import type { Report } from '../src/core/Machine.js';
import type { MergeShardsEvent } from '../src/core/MergeEvent.js';
import type { ResultOrder } from '../src/core/ResultOrder.js';
import { ShardMerge } from '../src/core/ShardMerge.js';
import { SourceOrder } from '../src/core/SourceOrder.js';
import { OptionReader } from '../src/options.js';
import type { Outlet } from '../src/rx/operate.js';
import { operateTimed } from '../src/rx/operateTimed.js';
import { pipelineHost } from '../src/rx/pipelineHost.js';
import type { SequenceNumber, Shard, TimeOptions } from '../src/types.js';

/** A k-way merge by an order that the results carry. */
export interface MergeByOrder<R> {
  /** The order of a result: a finite number or a bigint, growing within each shard. */
  readonly by: (result: R) => SequenceNumber;
  /** After how long without a result a shard is not waited for any more, in ms, 0 or more; `Infinity` for never. */
  readonly idleMs: number;
}

/** Options of {@link mergeShards}. */
export interface MergeShardsOptions<T, R> extends TimeOptions {
  /**
   * `'arrival'` emits results as they come; `'source'` in the order in which their messages entered {@link shardBy};
   * {@link MergeByOrder} by an order of their own. Default `'arrival'`.
   */
  readonly order?: 'arrival' | 'source' | MergeByOrder<R> | undefined;
  /**
   * What happens when the pipeline of a shard fails: `'fail'` ends the stream with a {@link ShardError}, `'drop'` closes
   * the shard, `'restart'` makes the pipeline again and hands it the messages that are not done, but for the poison
   * message. Default `'fail'`.
   */
  readonly onShardError?: 'fail' | 'drop' | 'restart' | undefined;
  /** How often a shard is restarted, 0 to 2^24, before it is dropped. Default 3. */
  readonly maxRestarts?: number | undefined;
  /**
   * How many results are held, 1 to 2^24; when there are more, the order goes on without what is missing, with an
   * `overflow` event. Default 10_000.
   */
  readonly maxBuffer?: number | undefined;
  /**
   * What happens to a result behind what has left: `'drop'` drops it, `'emit'` emits it out of order, both with a
   * `late` event. Default `'drop'`.
   */
  readonly latePolicy?: 'drop' | 'emit' | undefined;
  /** Hears of failures, dead letters, and results that are late or dropped. An error it throws ends the stream. */
  readonly onEvent?: ((event: MergeShardsEvent<T, R>) => void) | undefined;
}

/**
 * Runs one copy of a pipeline per shard and merges their results, in one of three orders.
 *
 * Use it after {@link shardBy}. It tells the shards when messages are done, which is what `least-busy` and `maxPending`
 * live by: with a plain pipeline, each result means that the oldest message in flight is done, which is exact where
 * every message has one result, in order; with {@link eachMessage} it is exact for any number of results, at any time.
 *
 * - **Emits** results: at once (`'arrival'`); when everything of earlier messages has left (`'source'`: it waits only
 *   for messages that are not done, never for time); the least of the shards' first results when every shard has one,
 *   is over, or silent for `idleMs` (`by`; ties by index of the shard).
 * - **Holds** at most `maxBuffer` results.
 * - **Drops**, each with an event that carries it: results that are `late` or have no order (`invalid`), and the message
 *   that a pipeline failed on (`dead-letter`). What a dropped shard had not done is reported by {@link shardBy} as
 *   `orphaned`; other shards are untouched. So is a shard whose pipeline completes early.
 * - **Completes** when the source and all pipelines have.
 * - **Errors** when the source or a callback does, or with a {@link ShardError} when a pipeline fails, or making it
 *   does, under `onShardError: 'fail'`; what is held is `discarded`.
 * - **On unsubscribe** unsubscribes all pipelines and the source; no timer is left.
 *
 * After a restart messages are worked on again whose results may have left in part: at least once, not exactly once.
 * Time per result is O(1), for `by` O(shards). Only `by` reads the clock and needs a timer, one in all.
 *
 * @param pipeline - makes the pipeline of a shard: of operators, or {@link eachMessage}.
 * @param options - {@link MergeShardsOptions}.
 * @throws {@link OptionError} at once if an option cannot be used.
 *
 * @example
 * ```ts
 * import { concatMap, delay, from, of } from 'rxjs';
 * import { mergeShards, shardBy } from 'rxjs-reliable';
 *
 * const work = (n: number) => of(`${n} done`).pipe(delay(n % 2 === 0 ? 20 : 0));
 * from([0, 1, 2, 3])
 *   .pipe(
 *     shardBy('round-robin', { shards: 2 }),
 *     mergeShards((shard) => shard.pipe(concatMap(work)), { order: 'source' }),
 *   )
 *   .subscribe((text) => console.log(text));
 * // => 0 done
 * // => 1 done
 * // => 2 done
 * // => 3 done
 * ```
 * @see Kafka Streams' merge of partitions and its max.task.idle.ms, Flink's handling of idle inputs.
 */
export function mergeShards<T, R>(
  pipeline: (shard: Shard<T>) => ObservableInput<R>,
  options: MergeShardsOptions<T, R> = {},
): OperatorFunction<Shard<T>, R> {
  const settings = readOptions(pipeline, options);
  const { onEvent, scheduler } = options;
  return operateTimed<Shard<T>, R, ShardMerge<T, R>>(scheduler, (outlet, enter) => {
    const report = onEvent && outlet.whileOpen(onEvent);
    const isTimed = typeof settings.order === 'object';
    const merge = new ShardMerge<T, R>(
      settings,
      orderOf(settings, outlet, report),
      pipelineHost(outlet, isTimed ? enter : undefined),
      report,
    );
    outlet.onTeardown(() => {
      merge.leave();
    });
    return merge;
  });
}

type Settings<T, R> = ReturnType<typeof readOptions<T, R>>;

function orderOf<T, R>(
  { order, maxBuffer, latePolicy }: Settings<T, R>,
  outlet: Outlet<R>,
  report: Report<MergeShardsEvent<T, R>>,
): ResultOrder<R> {
  if (order === 'arrival') return new ArrivalOrder(outlet);
  if (order === 'source') return new SourceOrder({ maxBuffer, latePolicy }, outlet, report);
  const { by: orderOf, idleMs } = order;
  return new KeyOrder({ maxBuffer, latePolicy, orderOf, idleMs }, outlet, report);
}

function readOptions<T, R>(
  pipeline: (shard: Shard<T>) => ObservableInput<R>,
  options: MergeShardsOptions<T, R>,
) {
  const reader = new OptionReader('mergeShards', options);
  reader.selector('pipeline', pipeline);
  reader.scheduler();
  reader.callback('onEvent');
  return {
    pipeline,
    order: readOrder(reader, options.order),
    onShardError: reader.choice('onShardError', 'fail', ['fail', 'drop', 'restart']),
    maxRestarts: reader.count('maxRestarts', 3, 0),
    maxBuffer: reader.count('maxBuffer', 10_000, 1),
    latePolicy: reader.choice('latePolicy', 'drop', ['drop', 'emit']),
  };
}

function readOrder<R>(
  reader: OptionReader,
  order: 'arrival' | 'source' | MergeByOrder<R> | undefined,
): 'arrival' | 'source' | MergeByOrder<R> {
  if (typeof order !== 'object') {
    return reader.choice<'arrival' | 'source'>('order', 'arrival', ['arrival', 'source']);
  }
  const byReader = new OptionReader('mergeShards', order, 'order');
  byReader.selector('order.by', order.by);
  const { by } = order;
  return { by, idleMs: byReader.duration('idleMs', NaN) };
}
