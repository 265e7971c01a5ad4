import { Subject } from 'rxjs';
import { type Shard, shardBy, type ShardByEvent, type ShardByOptions } from 'rxjs-reliable';

/** Subscribes the stream of shards and every shard, and writes down what they say. */
export function listenToShards<T, K>(
  route: Parameters<typeof shardBy<T, K>>[0],
  options: ShardByOptions<T, K>,
  which: (shard: Shard<T>) => boolean = () => true,
) {
  const source = new Subject<T>();
  const shards: Shard<T>[] = [];
  const log: string[] = [];
  const events: ShardByEvent<T, K>[] = [];
  const hear = (shard: Shard<T>): void => {
    shard.subscribe({
      next: (message) => log.push(`${String(shard.index)}:${String(message)}`),
      error: (error: unknown) => log.push(`${String(shard.index)}:${String(error)}`),
      complete: () => log.push(`${String(shard.index)}:|`),
    });
  };
  const subscription = source
    .pipe(
      shardBy(route as 'round-robin', {
        ...options,
        onEvent: (event) => events.push(event as never),
      }),
    )
    .subscribe({
      next: (shard) => {
        shards.push(shard);
        if (which(shard)) hear(shard);
      },
      error: (error: unknown) => log.push(String(error)),
      complete: () => log.push('|'),
    });
  return { source, shards, log, events, hear, subscription };
}
