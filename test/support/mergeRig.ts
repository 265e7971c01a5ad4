import { map, type Observable, type ObservableInput, Subject } from 'rxjs';
import {
  mergeShards,
  type MergeShardsEvent,
  type MergeShardsOptions,
  type Shard,
  shardBy,
  type ShardByEvent,
  type ShardByOptions,
} from 'rxjs-reliable';

/** Three shards, in turns. */
export const turns = shardBy<number>('round-robin', { shards: 3 });
/** Splits a stream in turns and merges it, and writes down what happens. */
export function run<R>(
  pipeline: (shard: Shard<number>) => ObservableInput<R>,
  options: MergeShardsOptions<number, R> = {},
  shardOptions: Partial<ShardByOptions<number>> = {},
) {
  const source = new Subject<number>();
  const shards: Shard<number>[] = [];
  const log: unknown[] = [];
  const events: (MergeShardsEvent<number, R> | ShardByEvent<number>)[] = [];
  const onEvent = (event: (typeof events)[number]): void => {
    events.push(event);
  };
  const subscription = source
    .pipe(
      shardBy('round-robin', { shards: 2, onEvent, ...shardOptions }),
      mergeShards(
        (shard) => {
          shards.push(shard);
          return pipeline(shard);
        },
        { onEvent, ...options },
      ),
    )
    .subscribe({
      next: (value) => log.push(value),
      error: (error: unknown) => log.push(error),
      complete: () => log.push('|'),
    });
  const send = (...messages: number[]): void => {
    for (const message of messages) source.next(message);
  };
  /** Events in short. */
  const told = (): string[] =>
    events.map((event) =>
      'message' in event
        ? `${event.kind} ${String(event.message)}`
        : `${event.kind} of ${String(event.shard)}`,
    );
  return { source, send, shards, log, events, told, subscription };
}

/** Work that is done when the test says so. */
export function desk() {
  const open = new Map<number, Subject<string>>();
  return {
    open,
    work: (n: number): Observable<string> => {
      const subject = new Subject<string>();
      open.set(n, subject);
      return subject;
    },
    answer: (n: number, ...results: string[]): void => {
      for (const result of results) open.get(n)?.next(result);
    },
    end: (n: number, ...results: string[]): void => {
      for (const result of results) open.get(n)?.next(result);
      open.get(n)?.complete();
      open.delete(n);
    },
    fail: (n: number): void => open.get(n)?.error(new Error(`${String(n)} failed`)),
  };
}

/** A pipeline that fails on some messages. */
export const failsOn =
  (...poison: number[]) =>
  (shard: Shard<number>): Observable<number> =>
    shard.pipe(
      map((n) => {
        if (poison.includes(n)) throw new Error(`poison ${String(n)}`);
        return n;
      }),
    );
