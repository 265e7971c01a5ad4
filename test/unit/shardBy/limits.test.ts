/** What becomes of messages there is no room for. */
import { concat, mergeMap, NEVER, range } from 'rxjs';
import { BufferOverflowError, mergeShards, shardBy, type ShardByEvent } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { listenToShards } from '../../support/listenToShards.js';

describe('limits', () => {
  it('end the stream by default', () => {
    const { source, log } = listenToShards(
      'round-robin',
      { shards: 1, maxPending: 2 },
      () => false,
    );
    for (const n of [1, 2, 3]) source.next(n);
    expect(log).toEqual(['BufferOverflowError: shardBy: more than 2 messages to hold']);
  });

  it('end the stream with an error that says what', () => {
    const errors: unknown[] = [];
    range(0, 3)
      .pipe(shardBy('round-robin', { shards: 1, maxPending: 2 }))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors[0]).toBeInstanceOf(BufferOverflowError);
    expect(errors[0]).toMatchObject({ operator: 'shardBy', limit: 2 });
  });

  it('report what they hold when they end the stream', () => {
    const { source, events } = listenToShards(
      'round-robin',
      { shards: 1, maxPending: 2 },
      () => false,
    );
    for (const n of [1, 2, 3]) source.next(n);
    expect(events.map(({ kind, message }) => [kind, message])).toEqual([
      ['overflow', 3],
      ['discarded', 1],
      ['discarded', 2],
    ]);
  });

  it('drop the newest', () => {
    const { source, events, shards, hear, log } = listenToShards<string, string>(
      (text) => text,
      { shards: 1, maxPending: 2, overflowPolicy: 'drop-newest' },
      () => false,
    );
    for (const text of ['a', 'b', 'c']) source.next(text);
    expect(events).toEqual([{ kind: 'overflow', message: 'c', key: 'c', shard: 0, passed: false }]);
    shards.forEach(hear);
    expect(log).toEqual(['0:a', '0:b']);
  });

  it('drop the oldest', () => {
    const { source, events, shards, hear, log } = listenToShards<string, string>(
      (text) => text,
      { shards: 1, maxPending: 2, overflowPolicy: 'drop-oldest' },
      () => false,
    );
    for (const text of ['a', 'b', 'c']) source.next(text);
    expect(events).toEqual([{ kind: 'overflow', message: 'a', key: 'a', shard: 0, passed: false }]);
    shards.forEach(hear);
    expect(log).toEqual(['0:b', '0:c']);
  });

  it('count what a pipeline has, and drop the newest where nothing older can be taken back', () => {
    const events: ShardByEvent<number>[] = [];
    concat(range(0, 4), NEVER)
      .pipe(
        shardBy<number>('round-robin', {
          shards: 1,
          maxPending: 3,
          overflowPolicy: 'drop-oldest',
          onEvent: (event) => events.push(event),
        }),
        mergeShards((shard) => shard.pipe(mergeMap(() => NEVER))),
      )
      .subscribe();
    expect(events.map(({ kind, message }) => [kind, message])).toEqual([['overflow', 3]]);
  });

  it('are for each shard', () => {
    const { source, events, shards } = listenToShards<number, undefined>(
      { policy: 'custom', indexOf: (n: number) => n % 2 } as never,
      { shards: 2, maxPending: 1, overflowPolicy: 'drop-newest' },
      () => false,
    );
    for (const n of [0, 2, 1]) source.next(n);
    expect(events.map(({ message }) => message)).toEqual([2]);
    expect(shards.map(({ pending }) => pending)).toEqual([1, 1]);
  });

  it('do not count what was handed over without mergeShards', () => {
    const { source, log } = listenToShards('round-robin', { shards: 1, maxPending: 1 });
    for (let n = 0; n < 100; n += 1) source.next(n);
    expect(log).toHaveLength(100);
  });
});
