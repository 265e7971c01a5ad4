import { Subject } from 'rxjs';
import {
  mergeShards,
  type MergeShardsEvent,
  type MergeShardsOptions,
  type Shard,
  shardBy,
  type ShardByEvent,
  type ShardByOptions,
} from 'rxjs-reliable';
import { inWorker, type InWorkerOptions, type WorkerPipeline } from 'rxjs-reliable/worker';
import {
  type NodeWorkerInThread,
  settled,
  type Spawner,
  type WorkerInThread,
  workersWith,
} from './workerInThread.js';

/** Options of what a stream passes on its way through workers. */
export interface RigOptions<T, R> {
  readonly shardBy?: Partial<ShardByOptions<T>>;
  readonly mergeShards?: MergeShardsOptions<T, R>;
  readonly inWorker?: InWorkerOptions<T, R>;
}

/** Sends a stream through workers, one shard and source order by default, and writes down what happens. */
export function throughWorkers<T, R, W extends WorkerInThread>(
  workers: Spawner<W>,
  options: RigOptions<T, R> = {},
) {
  const source = new Subject<T>();
  const shards: Shard<T>[] = [];
  const log: unknown[] = [];
  const events: (MergeShardsEvent<T, R> | ShardByEvent<T>)[] = [];
  const onEvent = (event: (typeof events)[number]): void => {
    events.push(event);
  };
  const results$ = source.pipe(
    shardBy('round-robin', { shards: 1, onEvent, ...options.shardBy }),
    mergeShards<T, R>(
      (shard) => {
        shards.push(shard);
        return shard.pipe(inWorker<T, R>(workers.spawn, options.inWorker));
      },
      { order: 'source', onEvent, ...options.mergeShards },
    ),
  );
  const subscription = results$.subscribe({
    next: (value) => log.push(value),
    error: (error: unknown) => log.push(error),
    complete: () => log.push('|'),
  });
  const send = (...messages: T[]): void => {
    for (const message of messages) source.next(message);
  };
  /** Sends all there is and waits for the end. */
  const sendAll = async (...messages: T[]): Promise<void> => {
    send(...messages);
    source.complete();
    await settled();
  };
  /** Events in short. */
  const told = (): string[] =>
    events.map((event) =>
      'message' in event
        ? `${event.kind} ${String(event.message)}`
        : `${event.kind} of ${String(event.shard)}`,
    );
  /** The messages that events of a kind are about, in order. */
  const messagesOf = (kind: string): unknown[] =>
    events.flatMap((event) => (event.kind === kind && 'message' in event ? [event.message] : []));
  return { source, shards, log, events, subscription, send, sendAll, told, messagesOf };
}

/** {@link throughWorkers} that run `pipeline`. */
export function through<T, R>(pipeline: WorkerPipeline<T, R>, options: RigOptions<T, R> = {}) {
  const workers = workersWith(pipeline);
  return { workers, ...throughWorkers<T, R, NodeWorkerInThread>(workers, options) };
}

/** The error among what was written down last. */
export function errorOf(log: readonly unknown[]): Error & { readonly cause?: unknown } {
  const last = log.at(-1);
  if (last instanceof Error) return last;
  throw new Error(`no error, but ${String(last)}`);
}
