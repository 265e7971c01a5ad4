import { Worker } from 'node:worker_threads';
import { type MonoTypeOperatorFunction, type Observable, tap } from 'rxjs';
import { eachMessage, type Shard } from 'rxjs-reliable';
import { inWorker } from 'rxjs-reliable/worker';
import type { Message } from './message.js';
import type { Settings } from './settings.js';
import type { ShardTally } from './shardTally.js';
import { shardWork } from './shardWork.js';

export type ShardPipeline = (shard: Shard<Message>) => Observable<Message>;

/** Chooses the pipeline that works on the messages of one shard: in this thread, or in one of its own. */
export function shardPipeline(settings: Settings, tally: ShardTally): ShardPipeline {
  const counting = (shard: Shard<Message>): MonoTypeOperatorFunction<Message> =>
    tap(() => {
      tally.countResult(shard);
    });
  if (settings.workers > 0) {
    const spawn = (): Worker =>
      new Worker(new URL('./shardWorker.js', import.meta.url), { workerData: settings });
    const worker = inWorker<Message, Message>(spawn, { onEvent: tally.onMerge });
    return (shard) => shard.pipe(worker, counting(shard));
  }
  const work = shardWork(settings);
  return (shard) =>
    eachMessage((message: Message) => work(message).pipe(counting(shard)), { concurrency: 1 })(
      shard,
    );
}
