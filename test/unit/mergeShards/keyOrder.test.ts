/** Results in an order of their own. */
import { EMPTY, Subject } from 'rxjs';
import { mergeShards, type MergeShardsOptions, shardBy } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

describe('order by key', () => {
  const by = (n: number): number => n;
  /** Numbers are sent to the shard of their last digit. */
  function merged(
    options: Partial<MergeShardsOptions<number, number>> & { readonly idleMs?: number } = {},
  ) {
    const clock = new VirtualClock();
    const source = new Subject<number>();
    const log: unknown[] = [];
    const { idleMs = 100, ...rest } = options;
    source
      .pipe(
        shardBy({ policy: 'custom', indexOf: (n) => n % 10 }, { shards: 2 }),
        mergeShards((shard) => shard, {
          order: { by, idleMs },
          scheduler: clock,
          onEvent: (event) => {
            if ('message' in event) log.push(`${event.kind} ${String(event.message)}`);
          },
          ...rest,
        }),
      )
      .subscribe({
        next: (n) => log.push(n),
        error: (error: unknown) => log.push(error),
        complete: () => log.push('|'),
      });
    return { clock, source, log };
  }

  it('emits the least of the first when every shard has one', () => {
    const { source, log } = merged();
    source.next(20);
    source.next(30);
    expect(log).toEqual([]);
    source.next(21);
    expect(log).toEqual([20, 21]);
    source.next(41);
    expect(log).toEqual([20, 21, 30]);
  });

  it('does not wait for a shard longer than idleMs since its last result', () => {
    const { source, log, clock } = merged();
    source.next(11);
    source.next(10);
    clock.advanceBy(60);
    source.next(20);
    source.next(30);
    expect(log).toEqual([10, 11]);
    clock.advanceBy(39);
    expect(log).toEqual([10, 11]);
    clock.advanceBy(1);
    expect(log).toEqual([10, 11, 20, 30]);
    expect(clock.pending).toBe(0);
  });

  it('H55: does not wait for a shard that never spoke longer than idleMs', () => {
    const { source, log, clock } = merged();
    clock.advanceBy(99);
    source.next(10);
    expect(log).toEqual([]);
    clock.advanceBy(1);
    expect(log).toEqual([10]);
    source.next(20);
    expect(log).toEqual([10, 20]);
  });

  it('has a result late that is below what has left', () => {
    const { source, log, clock } = merged();
    clock.advanceBy(100);
    source.next(20);
    source.next(11);
    expect(log).toEqual([20, 'late 11']);
  });

  it('emits late results where that is wanted', () => {
    const { source, log, clock } = merged({ latePolicy: 'emit' });
    clock.advanceBy(100);
    source.next(20);
    source.next(11);
    expect(log).toEqual([20, 'late 11', 11]);
  });

  it('has ties leave by index', () => {
    const { source, log } = merged({ order: { by: () => 1, idleMs: Infinity } });
    source.next(11);
    source.next(10);
    source.complete();
    expect(log).toEqual([10, 11, '|']);
  });

  it('with idleMs 0 waits for nobody', () => {
    const { source, log } = merged({ idleMs: 0 });
    source.next(20);
    source.next(11);
    expect(log).toEqual([20, 'late 11']);
  });

  it('with idleMs Infinity waits for everybody, without a timer', () => {
    const { source, log, clock } = merged({ idleMs: Infinity });
    source.next(20);
    expect(clock.pending).toBe(0);
    expect(log).toEqual([]);
    source.complete();
    expect(log).toEqual([20, '|']);
  });

  it('emits the least when it holds too much', () => {
    const { source, log } = merged({ maxBuffer: 2 });
    for (const n of [10, 20, 30]) source.next(n);
    expect(log).toEqual(['overflow 30', 10]);
  });

  it.each([NaN, Infinity, undefined, '1', null])(
    'H02, H03: drops results whose order is %o',
    (order) => {
      const { source, log } = merged({ order: { by: () => order as number, idleMs: 1 } });
      source.next(10);
      expect(log).toEqual(['invalid 10']);
    },
  );

  it('takes bigints', () => {
    const { source, log } = merged({ order: { by: (n) => 2n ** 80n - BigInt(n), idleMs: 1 } });
    source.next(20);
    source.next(11);
    source.complete();
    expect(log).toEqual([20, 11, '|']);
  });

  it('does not wait for a shard that is over', () => {
    const clock = new VirtualClock();
    const source = new Subject<number>();
    const log: number[] = [];
    source
      .pipe(
        shardBy('round-robin', { shards: 2 }),
        mergeShards((shard) => (shard.index === 0 ? EMPTY : shard), {
          order: { by, idleMs: Infinity },
          scheduler: clock,
        }),
      )
      .subscribe((n) => log.push(n));
    source.next(1);
    source.next(2);
    expect(log).toEqual([1, 2]);
  });

  it('reports what is held when an error ends the stream', () => {
    const { source, log } = merged();
    source.next(10);
    source.next(20);
    expect(log).toEqual([]);
    const error = new Error('broken');
    source.error(error);
    expect(log).toEqual(['discarded 10', 'discarded 20', error]);
  });
});
