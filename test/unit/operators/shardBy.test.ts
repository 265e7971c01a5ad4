import { concat, from, lastValueFrom, mergeMap, NEVER, range, Subject, throwError } from 'rxjs';
import { eachMessage, mergeShards, shardBy, type ShardByEvent } from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

operatorContract(
  'shardBy',
  () => (source) =>
    source.pipe(
      shardBy<number>('round-robin', { shards: 3 }),
      mergeMap((shard) => shard),
    ),
  { describe, it },
);
operatorContract(
  'shardBy by key',
  () => (source) =>
    source.pipe(
      shardBy((n: number) => n, { shards: 3 }),
      mergeMap((shard) => shard),
    ),
  {
    describe,
    it,
    callbacks: {
      keyBy: {
        make: (_, fail) => (source) =>
          source.pipe(
            shardBy<number>(fail, { shards: 3 }),
            mergeMap((shard) => shard),
          ),
      },
      stickyKeyBy: {
        make: (_, fail) => (source) =>
          source.pipe(
            shardBy<number>({ policy: 'least-busy', keyBy: fail }, { shards: 3 }),
            mergeMap((shard) => shard),
          ),
      },
      indexOf: {
        make: (_, fail) => (source) =>
          source.pipe(
            shardBy<number>({ policy: 'custom', indexOf: fail }, { shards: 3 }),
            mergeMap((shard) => shard),
          ),
      },
      onEvent: {
        make: (_, fail) => (source) =>
          source.pipe(
            shardBy<number>('round-robin', {
              shards: 1,
              maxPending: 1,
              overflowPolicy: 'drop-newest',
              onEvent: fail,
            }),
            mergeMap(() => NEVER),
          ),
      },
    },
  },
);

it('listens to what onEvent returns after the stream of shards is over, too', () => {
  let heard = 0;
  const answer = { then: () => (heard += 1) };
  const work = new Subject<number>();
  range(0, 2)
    .pipe(
      shardBy('round-robin', { shards: 1, onEvent: () => answer as unknown as undefined }),
      mergeShards(
        eachMessage(() => work),
        { onShardError: 'drop' },
      ),
    )
    .subscribe();
  work.error(new Error('broken'));
  expect(heard).toBe(1);
});

it('tells nothing more to who has left', () => {
  const source = new Subject<string>();
  const told: unknown[] = [];
  const onEvent = (event: ShardByEvent<string>): void => {
    told.push(event.message);
    subscription.unsubscribe();
  };
  const subscription = source
    .pipe(shardBy('round-robin', { shards: 1, onEvent }))
    .subscribe({ error: () => undefined });
  source.next('a');
  source.next('b');
  source.error(new Error('broken'));
  expect(told).toEqual(['a']);
});

it('fails when what onEvent returns is rejected', async () => {
  const failure = new Error('onEvent');
  const failing = concat(range(0, 2), NEVER).pipe(
    shardBy('round-robin', {
      shards: 1,
      maxPending: 1,
      overflowPolicy: 'drop-newest',
      onEvent: () => Promise.reject(failure) as unknown as undefined,
    }),
    mergeMap(() => NEVER),
  );
  await expect(lastValueFrom(failing)).rejects.toBe(failure);
});

it('shards a source that fails as it is subscribed', () => {
  const log: unknown[] = [];
  const broken = new Error('broken');
  throwError(() => broken)
    .pipe(
      shardBy('round-robin', { shards: 2 }),
      mergeMap((shard) => shard),
    )
    .subscribe({ error: (error: unknown) => log.push(error) });
  expect(log).toEqual([broken]);
});

it('shards messages of any kind by reference', () => {
  const message = Object.freeze({ then: () => 'never called' });
  const out: unknown[] = [];
  from([message])
    .pipe(
      shardBy('round-robin', { shards: 2 }),
      mergeMap((shard) => shard),
    )
    .subscribe((one) => out.push(one));
  expect(out[0]).toBe(message);
});
