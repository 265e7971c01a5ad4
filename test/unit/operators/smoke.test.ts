import { delay, of, pipe, range, map, filter } from 'rxjs';
import { eachMessage, mergeShards, shardBy } from 'rxjs-reliable';
import { operatorContract, VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

const runner = { describe, it };
operatorContract(
  'source',
  () =>
    pipe(
      shardBy<number>('round-robin', { shards: 3 }),
      mergeShards((s) => s, { order: 'source' }),
    ),
  runner,
);
operatorContract(
  'arrival hash',
  () =>
    pipe(
      shardBy((n: number) => n, { shards: 3 }),
      mergeShards((s) => s),
    ),
  {
    ...runner,
    callbacks: {
      keyBy: {
        make: (_, fail) =>
          pipe(
            shardBy<number>(fail, { shards: 3 }),
            mergeShards((s) => s),
          ),
      },
      indexOf: {
        make: (_, fail) =>
          pipe(
            shardBy<number>({ policy: 'custom', indexOf: fail }, { shards: 3 }),
            mergeShards((s) => s),
          ),
      },
      by: {
        make: (_, fail) =>
          pipe(
            shardBy<number>('round-robin', { shards: 3 }),
            mergeShards((s) => s, { order: { by: fail, idleMs: 10 } }),
          ),
      },
      onEvent: {
        make: (_, fail) =>
          pipe(
            shardBy<number>('round-robin', {
              shards: 3,
              maxPending: 1,
              overflowPolicy: 'drop-newest',
              onEvent: fail,
            }),
            mergeShards((s) => s.pipe(filter(() => false))),
          ),
      },
      mergeEvent: {
        make: (_, fail) =>
          pipe(
            shardBy<number>('round-robin', { shards: 3 }),
            mergeShards((s) => s, { onEvent: fail }),
          ),
      },
    },
  },
);
operatorContract(
  'each',
  () =>
    pipe(
      shardBy<number>('least-busy', { shards: 3 }),
      mergeShards(
        eachMessage((n: number) => of(n)),
        { order: 'source' },
      ),
    ),
  runner,
);
operatorContract(
  'key',
  ({ scheduler }) =>
    pipe(
      shardBy<number>('round-robin', { shards: 3 }),
      mergeShards((s) => s, { order: { by: (n) => n, idleMs: 10 }, scheduler }),
    ),
  runner,
);

it('round trip', () => {
  const clock = new VirtualClock();
  const out: number[] = [];
  range(0, 50)
    .pipe(
      shardBy('least-busy', { shards: 4 }),
      mergeShards(
        eachMessage((n) => of(n).pipe(delay((n * 37) % 11, clock)), { concurrency: 2 }),
        { order: 'source' },
      ),
    )
    .subscribe((n) => out.push(n));
  clock.flush();
  expect(out).toEqual(Array.from({ length: 50 }, (_, i) => i));
});
it('restart', () => {
  const out: unknown[] = [];
  const events: unknown[] = [];
  range(0, 10)
    .pipe(
      shardBy('round-robin', { shards: 2 }),
      mergeShards(
        (shard) =>
          shard.pipe(
            map((n) => {
              if (n === 4) throw new Error('x');
              return n;
            }),
          ),
        { order: 'source', onShardError: 'restart', onEvent: (e) => events.push(e) },
      ),
    )
    .subscribe({
      next: (n) => out.push(n),
      error: (e) => out.push(e),
      complete: () => out.push('|'),
    });
  console.log(out, events);
});
