import { EMPTY, finalize, mergeMap, NEVER, of, pipe, range, Subject, throwError } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type MergeShardsEvent,
  OptionError,
  type Shard,
  shardBy,
  type ShardError,
} from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

operatorContract(
  'eachMessage',
  () =>
    pipe(
      shardBy<number>('least-busy', { shards: 3 }),
      mergeShards(eachMessage((n: number) => of(n))),
    ),
  { describe, it },
);
operatorContract(
  'eachMessage without mergeShards',
  () =>
    pipe(
      shardBy<number>('round-robin', { shards: 3 }),
      mergeMap(eachMessage((n: number) => of(n))),
    ),
  {
    describe,
    it,
    callbacks: {
      work: {
        make: (_, fail) =>
          pipe(
            shardBy<number>('round-robin', { shards: 3 }),
            mergeMap(eachMessage<number, number>(fail)),
          ),
      },
    },
  },
);

/** One shard, with work that is done when the test says so. */
function run(concurrency?: number) {
  const source = new Subject<number>();
  const begun: number[] = [];
  const cancelled: number[] = [];
  const open = new Map<number, Subject<string>>();
  const log: unknown[] = [];
  const shards: Shard<number>[] = [];
  const pipeline = eachMessage(
    (n: number) => {
      begun.push(n);
      const subject = new Subject<string>();
      open.set(n, subject);
      return subject.pipe(finalize(() => cancelled.push(n)));
    },
    { concurrency },
  );
  const subscription = source
    .pipe(
      shardBy('round-robin', { shards: 1 }),
      mergeShards((shard) => {
        shards.push(shard);
        return pipeline(shard);
      }),
    )
    .subscribe({
      next: (text) => log.push(text),
      error: (error: unknown) => log.push(error),
      complete: () => log.push('|'),
    });
  return { source, begun, cancelled, open, log, shards, subscription };
}

describe('eachMessage', () => {
  it('works on one message at a time', () => {
    const { source, begun, open } = run();
    [0, 1, 2].forEach((n) => source.next(n));
    expect(begun).toEqual([0]);
    open.get(0)?.complete();
    expect(begun).toEqual([0, 1]);
  });

  it('works on several at a time', () => {
    const { source, begun, open } = run(2);
    [0, 1, 2, 3].forEach((n) => source.next(n));
    expect(begun).toEqual([0, 1]);
    open.get(1)?.complete();
    expect(begun).toEqual([0, 1, 2]);
  });

  it('works on all at a time', () => {
    const { source, begun } = run(Infinity);
    for (let n = 0; n < 100; n += 1) source.next(n);
    expect(begun).toHaveLength(100);
  });

  it('passes results on at once', () => {
    const { source, open, log } = run(2);
    source.next(0);
    source.next(1);
    open.get(1)?.next('b');
    open.get(0)?.next('a');
    expect(log).toEqual(['b', 'a']);
  });

  it('has a message done when its work completes', () => {
    const { source, open, shards } = run(2);
    source.next(0);
    source.next(1);
    open.get(1)?.next('b');
    expect(shards[0]?.pending).toBe(2);
    open.get(1)?.complete();
    expect(shards[0]?.pending).toBe(1);
    open.get(0)?.complete();
    expect(shards[0]?.pending).toBe(0);
  });

  it('completes when the source and all work have', () => {
    const { source, open, log } = run();
    source.next(0);
    source.next(1);
    source.complete();
    open.get(0)?.complete();
    expect(log).toEqual([]);
    open.get(1)?.next('b');
    open.get(1)?.complete();
    expect(log).toEqual(['b', '|']);
  });

  it('completes when all of several works have', () => {
    const { source, open, log } = run(2);
    source.next(0);
    source.next(1);
    source.complete();
    open.get(1)?.complete();
    expect(log).toEqual([]);
    open.get(0)?.next('a');
    open.get(0)?.complete();
    expect(log).toEqual(['a', '|']);
  });

  it('completes at once without work', () => {
    const { source, log } = run();
    source.complete();
    expect(log).toEqual(['|']);
  });

  it('cancels all work when some fails', () => {
    const { source, open, log, cancelled } = run(3);
    [0, 1, 2].forEach((n) => source.next(n));
    const error = new Error('broken');
    open.get(1)?.error(error);
    expect((log[0] as ShardError).cause).toBe(error);
    expect(cancelled.sort()).toEqual([0, 1, 2]);
  });

  it('cancels all work when unsubscribed', () => {
    const { source, cancelled, subscription, begun } = run(2);
    [0, 1, 2].forEach((n) => source.next(n));
    subscription.unsubscribe();
    expect(cancelled).toEqual([0, 1]);
    expect(begun).toEqual([0, 1]);
  });

  it('does not overflow the stack', () => {
    let count = 0;
    range(0, 100_000)
      .pipe(
        shardBy('round-robin', { shards: 2, maxPending: 100_000 }),
        mergeShards(eachMessage((n) => of(n))),
      )
      .subscribe(() => (count += 1));
    expect(count).toBe(100_000);
  });

  it('does not overflow the stack with a backlog that is worked off at once', () => {
    const gate = new Subject<number>();
    const source = new Subject<number>();
    let count = 0;
    source
      .pipe(
        shardBy('round-robin', { shards: 1, maxPending: 200_000 }),
        mergeShards(eachMessage((n) => (n === 0 ? gate : of(n)))),
      )
      .subscribe(() => (count += 1));
    for (let n = 0; n < 100_000; n += 1) source.next(n);
    expect(count).toBe(0);
    gate.complete();
    expect(count).toBe(99_999);
  });

  it('blames the message whose work failed', () => {
    const events: MergeShardsEvent<number, never>[] = [];
    range(0, 2)
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards(
          eachMessage((n: number) => (n === 0 ? NEVER : throwError(() => new Error('broken'))), {
            concurrency: 2,
          }),
          { onShardError: 'drop', onEvent: (event) => events.push(event) },
        ),
      )
      .subscribe();
    expect(events).toContainEqual(expect.objectContaining({ kind: 'dead-letter', message: 1 }));
  });

  it('may have steps behind it', () => {
    const out: number[] = [];
    range(0, 4)
      .pipe(
        shardBy('round-robin', { shards: 2 }),
        mergeShards(
          (shard) => eachMessage((n: number) => of(n))(shard).pipe(mergeMap((n) => [n * 10])),
          { order: 'source' },
        ),
      )
      .subscribe((n) => out.push(n));
    expect(out).toEqual([0, 10, 20, 30]);
  });

  it.each([0, -1, 1.5, NaN, '1', null])('H43: refuses the concurrency %o', (concurrency) => {
    const make = (): unknown => eachMessage(() => EMPTY, { concurrency: concurrency as number });
    expect(make).toThrow(OptionError);
    expect(make).toThrow(
      'eachMessage: option `concurrency` must be an integer from 1 to 16777216, got ',
    );
  });

  it('refuses work that is no function', () => {
    expect(() => eachMessage(undefined as never)).toThrow(
      'eachMessage: option `work` must be a function, got undefined',
    );
    expect(() => eachMessage(() => EMPTY, null as never)).toThrow(
      'eachMessage: option `options` must be an object, got null',
    );
  });

  it('refuses what is no shard', () => {
    expect(() => eachMessage(() => EMPTY)(of(1) as Shard<number>)).toThrow(
      new TypeError('eachMessage: what it was given is no shard of shardBy'),
    );
  });
});
