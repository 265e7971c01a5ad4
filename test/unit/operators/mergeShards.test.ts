import {
  bufferCount,
  concat,
  concatMap,
  defer,
  delay,
  EMPTY,
  filter,
  finalize,
  map,
  merge,
  NEVER,
  type Observable,
  type ObservableInput,
  of,
  pipe,
  range,
  startWith,
  Subject,
  take,
  throwError,
} from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type MergeShardsEvent,
  type MergeShardsOptions,
  OptionError,
  type Shard,
  shardBy,
  type ShardByEvent,
  type ShardByOptions,
  ShardError,
} from 'rxjs-reliable';
import { operatorContract, VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

const runner = { describe, it };
const turns = shardBy<number>('round-robin', { shards: 3 });

operatorContract(
  'mergeShards in order of arrival',
  () =>
    pipe(
      turns,
      mergeShards((shard) => shard),
    ),
  runner,
);
operatorContract(
  'mergeShards in source order',
  () =>
    pipe(
      turns,
      mergeShards((shard) => shard, { order: 'source' }),
    ),
  {
    ...runner,
    callbacks: {
      onEvent: {
        make: (_, fail) =>
          pipe(
            turns,
            mergeShards((shard) => shard, { order: 'source', onEvent: fail }),
          ),
      },
    },
  },
);
operatorContract(
  'mergeShards by order',
  ({ scheduler }) =>
    pipe(
      turns,
      mergeShards((shard) => shard, { order: { by: (n) => n, idleMs: 10 }, scheduler }),
    ),
  {
    ...runner,
    callbacks: {
      by: {
        make: ({ scheduler }, fail) =>
          pipe(
            turns,
            mergeShards((shard) => shard, { order: { by: fail, idleMs: 10 }, scheduler }),
          ),
      },
    },
  },
);

/** Splits a stream in turns and merges it, and writes down what happens. */
function run<R>(
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
function desk() {
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

const failsOn =
  (...poison: number[]) =>
  (shard: Shard<number>): Observable<number> =>
    shard.pipe(
      map((n) => {
        if (poison.includes(n)) throw new Error(`poison ${String(n)}`);
        return n;
      }),
    );

describe('pipelines', () => {
  it('are made once per shard, at once', () => {
    const { shards } = run((shard) => shard, {}, { shards: 4 });
    expect(shards.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  it('may be anything that can be subscribed', async () => {
    const out: unknown[] = [];
    await new Promise<void>((resolve) => {
      range(0, 2)
        .pipe(
          shardBy('round-robin', { shards: 2 }),
          mergeShards((shard): ObservableInput<number> =>
            shard.index === 0 ? [1, 2] : Promise.resolve(3),
          ),
        )
        .subscribe({ next: (n) => out.push(n), complete: resolve });
    });
    expect(out).toEqual([1, 2, 3]);
  });

  it('that never end by themselves stop when enough is taken', () => {
    let made = 0;
    const endless = defer(() =>
      (function* () {
        for (;;) yield made++;
      })(),
    );
    const out: number[] = [];
    of(1)
      .pipe(
        shardBy('round-robin', { shards: 2 }),
        mergeShards(() => endless),
        take(3),
      )
      .subscribe((n) => out.push(n));
    expect(out).toEqual([0, 1, 2]);
    expect(made).toBe(3);
  });

  it('may subscribe their shard more than once', () => {
    const { send, log } = run((shard) =>
      merge(shard.pipe(map((n) => `a${String(n)}`)), shard.pipe(map((n) => `b${String(n)}`))),
    );
    send(1, 2);
    expect(log).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it('are all unsubscribed with the stream', () => {
    const left: number[] = [];
    const { subscription, source } = run((shard) =>
      shard.pipe(finalize(() => left.push(shard.index))),
    );
    subscription.unsubscribe();
    expect(left).toEqual([0, 1]);
    expect(source.observed).toBe(false);
  });

  it('that never complete keep the stream open, but not from being unsubscribed', () => {
    const { source, log, subscription } = run<number>((shard) =>
      shard.index === 0 ? shard : NEVER,
    );
    source.complete();
    expect(log).toEqual([]);
    subscription.unsubscribe();
  });

  it('complete the stream when all have, in whatever order', () => {
    const ends = [new Subject<number>(), new Subject<number>()];
    const { source, log } = run((shard) =>
      concat(shard, ends[shard.index] ?? (NEVER as Observable<number>)),
    );
    source.complete();
    ends[1]?.complete();
    expect(log).toEqual([]);
    ends[0]?.complete();
    expect(log).toEqual(['|']);
  });

  it('cannot be merged twice', () => {
    const errors: unknown[] = [];
    of(1)
      .pipe(
        shardBy('round-robin', { shards: 1 }),
        concatMap((shard) => [shard, shard]),
        mergeShards((shard) => shard),
      )
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(String(errors[0])).toContain('TypeError: mergeShards: there are two shards 0');
  });

  it('can take shards over from those that nobody listens to any more', () => {
    const source = new Subject<number>();
    const shards: Shard<number>[] = [];
    source.pipe(shardBy('round-robin', { shards: 1 })).subscribe((shard) => shards.push(shard));
    const { work } = desk();
    const first = merge(of(...shards), NEVER).pipe(mergeShards(eachMessage(work)));
    const subscription = first.subscribe();
    source.next(0);
    source.next(1);
    subscription.unsubscribe();
    expect(shards[0]?.pending).toBe(1);
    const log: unknown[] = [];
    of(...shards)
      .pipe(mergeShards((shard) => shard))
      .subscribe((n) => log.push(n));
    source.next(2);
    expect(log).toEqual([1, 2]);
  });

  it('cannot be given what is no shard', () => {
    const errors: unknown[] = [];
    of(of(1) as Shard<number>)
      .pipe(mergeShards((shard) => shard))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(String(errors[0])).toContain('no shard of shardBy');
  });
});

describe('pending', () => {
  it('counts what a pipeline works on', () => {
    const { work, end } = desk();
    const { send, shards } = run((shard) => shard.pipe(concatMap(work)));
    send(0, 1, 2);
    expect(shards.map(({ pending }) => pending)).toEqual([2, 1]);
    end(0, 'a');
    expect(shards.map(({ pending }) => pending)).toEqual([1, 1]);
  });

  it('H56: is never negative, however many results there are', () => {
    const { send, shards, log } = run((shard) => shard.pipe(concatMap((n) => [n, n, n])));
    send(0, 1);
    expect(shards.map(({ pending }) => pending)).toEqual([0, 0]);
    expect(log).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('does not stop a pipeline that swallows most messages', () => {
    const { send, log, events } = run(
      (shard) => shard.pipe(filter((n) => n % 10 < 2)),
      {},
      { maxPending: 20 },
    );
    for (let n = 0; n < 1_000; n += 1) send(n);
    expect(log).toHaveLength(200);
    expect(events).toEqual([]);
  });

  it('is 0 when everything is over, whatever was swallowed', () => {
    const { send, source, shards, log } = run((shard) => shard.pipe(filter(() => false)));
    send(0, 1, 2);
    expect(shards.map(({ pending }) => pending)).toEqual([2, 1]);
    source.complete();
    expect(shards.map(({ pending }) => pending)).toEqual([0, 0]);
    expect(log).toEqual(['|']);
  });

  it('is 0 when the stream was unsubscribed', () => {
    const { work } = desk();
    const { send, shards, subscription } = run((shard) => shard.pipe(concatMap(work)));
    send(0, 1, 2);
    subscription.unsubscribe();
    expect(shards.map(({ pending }) => pending)).toEqual([0, 0]);
  });
});

describe('order of arrival', () => {
  it('is the order in which results come', () => {
    const { work, end } = desk();
    const { send, log } = run((shard) => shard.pipe(concatMap(work)));
    send(0, 1, 2, 3);
    end(1, 'b');
    end(0, 'a');
    end(3, 'd');
    end(2, 'c');
    expect(log).toEqual(['b', 'a', 'd', 'c']);
  });
});

describe('source order', () => {
  it('holds results until all before them have left', () => {
    const { work, end } = desk();
    const { send, log } = run((shard) => shard.pipe(concatMap(work)), { order: 'source' });
    send(0, 1, 2, 3);
    end(1, 'b');
    end(3, 'd');
    expect(log).toEqual([]);
    end(0, 'a');
    expect(log).toEqual(['a', 'b']);
    end(2, 'c');
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does not wait for a shard without work', () => {
    const { send, log } = run<number>(
      (shard) => (shard.index === 0 ? NEVER : shard),
      { order: 'source' },
      {
        shards: 2,
      },
    );
    expect(log).toEqual([]);
    // Goes to shard 0, and stays there.
    send(0);
    send(1);
    expect(log).toEqual([]);
    const other = run((shard) => shard, { order: 'source' }, { shards: 8 });
    other.send(0, 1);
    expect(other.log).toEqual([0, 1]);
  });

  it('lets results of the first message through while it is worked on', () => {
    const { work, answer, end } = desk();
    const { send, log } = run(eachMessage(work), { order: 'source' });
    send(0, 1);
    end(1, 'b1', 'b2');
    answer(0, 'a1');
    expect(log).toEqual(['a1']);
    answer(0, 'a2');
    end(0);
    expect(log).toEqual(['a1', 'a2', 'b1', 'b2']);
  });

  it('does not wait for messages that have no result', () => {
    const { work, end } = desk();
    const { send, log } = run(eachMessage(work), { order: 'source' });
    send(0, 1, 2, 3);
    end(1, 'b');
    end(0);
    expect(log).toEqual(['b']);
    end(2);
    end(3, 'd');
    expect(log).toEqual(['b', 'd']);
  });

  it('keeps the order of messages that one shard works on together', () => {
    const { work, end } = desk();
    const { send, log } = run(
      eachMessage(work, { concurrency: 3 }),
      { order: 'source' },
      { shards: 1 },
    );
    send(0, 1, 2);
    end(2, 'c');
    end(1, 'b');
    end(0, 'a');
    expect(log).toEqual(['a', 'b', 'c']);
  });

  it('lets results pass that belong to no message', () => {
    const { log } = run((shard) => shard.pipe(startWith(-1)), { order: 'source' });
    expect(log).toEqual([-1, -1]);
  });

  it('keeps extra results behind those of their shard', () => {
    const { work, answer, end } = desk();
    const { send, log } = run((shard) => shard.pipe(concatMap(work)), { order: 'source' });
    send(0, 1);
    answer(1, 'b1', 'b2');
    expect(log).toEqual([]);
    end(0, 'a');
    expect(log).toEqual(['a', 'b1', 'b2']);
  });

  it('counts results of batches one by one', () => {
    const { send, log } = run(
      (shard) =>
        shard.pipe(
          bufferCount(2),
          concatMap((batch) => batch),
        ),
      { order: 'source' },
    );
    send(0, 1, 2, 3);
    expect(log).toEqual([0, 1, 2, 3]);
  });

  it('goes on without a message that was dropped', () => {
    const { work, end, open } = desk();
    const { send, log, told } = run(
      eachMessage(work),
      { order: 'source' },
      { shards: 1, maxPending: 2, overflowPolicy: 'drop-oldest' },
    );
    send(0, 1, 2);
    expect(told()).toEqual(['overflow 1']);
    end(0, 'a');
    end(2, 'c');
    expect(open.has(1)).toBe(false);
    expect(log).toEqual(['a', 'c']);
  });

  it('gives up waiting when it holds too much, and drops what comes late', () => {
    const { work, end } = desk();
    const { send, log, told } = run(eachMessage(work), { order: 'source', maxBuffer: 2 });
    send(0, 1, 2, 3, 5, 7);
    end(1, 'b');
    const twice = ['d1', 'd2'];
    end(5, ...twice);
    expect(log).toEqual([]);
    expect(told()).toEqual([]);
    end(0, 'a');
    expect(log).toEqual(['a', 'b']);
  });

  it('emits late results where that is wanted', () => {
    for (const latePolicy of ['drop', 'emit'] as const) {
      const { work, end } = desk();
      const { send, log, told } = run(
        eachMessage(work, { concurrency: 9 }),
        { order: 'source', maxBuffer: 2, latePolicy },
        { shards: 3 },
      );
      send(0, 1, 2, 3);
      end(1, 'b1', 'b2', 'b3');
      expect(log).toEqual(['b1', 'b2', 'b3']);
      end(0, 'a');
      end(2, 'c');
      expect(log.slice(3)).toEqual(latePolicy === 'emit' ? ['a', 'c'] : ['c']);
      expect(told()).toEqual(['overflow b3', 'late a']);
    }
  });

  it('needs no timer', () => {
    const scheduler = new VirtualClock();
    const { send } = run((shard) => shard.pipe(concatMap(() => NEVER)), {
      order: 'source',
      scheduler,
    });
    send(0, 1, 2);
    expect(scheduler.pending).toBe(0);
  });

  it('keeps the order of what a consumer sends from inside next', () => {
    const source = new Subject<number>();
    const out: number[] = [];
    source
      .pipe(
        turns,
        mergeShards((shard) => shard, { order: 'source' }),
      )
      .subscribe((n) => {
        out.push(n);
        if (n < 100) {
          source.next(2 * n + 100);
          source.next(2 * n + 101);
        }
      });
    source.next(1);
    source.next(2);
    expect(out).toEqual([1, 102, 103, 2, 104, 105]);
  });
});

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

describe('a pipeline that fails', () => {
  it('ends the stream by default', () => {
    const { send, log, source, told } = run(failsOn(2));
    send(0, 1, 2, 3);
    const error = log.at(-1) as ShardError;
    expect(error).toBeInstanceOf(ShardError);
    expect(error).toMatchObject({
      code: 'RELIABLE_SHARD',
      operator: 'mergeShards',
      shard: 0,
      message: 'mergeShards: shard 0 failed: Error: poison 2',
      cause: new Error('poison 2'),
    });
    expect(source.observed).toBe(false);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 2']);
  });

  it('gives account of all that was in flight and held', () => {
    const { work, end, fail } = desk();
    const { send, told } = run(eachMessage(work), { order: 'source' });
    send(0, 1, 2, 3, 4);
    end(1, 'b');
    fail(0);
    expect(told().sort()).toEqual([
      'dead-letter 0',
      'discarded 2',
      'discarded 3',
      'discarded 4',
      'discarded b',
      'shard-error of 0',
    ]);
  });

  it('is dropped, the others go on', () => {
    const { send, log, source, told } = run(failsOn(2), { onShardError: 'drop' });
    send(0, 1, 2, 3, 4, 5);
    source.complete();
    // Round-robin goes round it.
    expect(log).toEqual([0, 1, 3, 4, 5, '|']);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 2', 'shard-complete of 1']);
  });

  it('leaves what it was given as orphans', () => {
    const { work, fail, end } = desk();
    const { send, log, told } = run(eachMessage(work), { order: 'source', onShardError: 'drop' });
    send(0, 1, 2, 3, 4);
    end(1, 'b');
    fail(0);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 0', 'orphaned 2', 'orphaned 4']);
    expect(log).toEqual(['b']);
  });

  it('leaves orphans also after the source has completed', () => {
    const { work, fail } = desk();
    const { send, source, log, told } = run(eachMessage(work), { onShardError: 'drop' });
    send(0, 1, 2, 3);
    source.complete();
    fail(0);
    fail(1);
    expect(told()).toEqual([
      ...['shard-error of 0', 'dead-letter 0', 'orphaned 2'],
      ...['shard-error of 1', 'dead-letter 1', 'orphaned 3'],
    ]);
    expect(log).toEqual(['|']);
  });

  it('has what is not done discarded also after the source has completed', () => {
    const { work, fail } = desk();
    const { send, source, told } = run(eachMessage(work));
    send(0, 1, 2);
    source.complete();
    fail(0);
    expect(told().slice(1)).toEqual(['dead-letter 0', 'discarded 2', 'discarded 1']);
  });

  it('leaves what is routed to it as orphans', () => {
    const orphans: unknown[] = [];
    const out: number[] = [];
    of(0, 1, 2, 3)
      .pipe(
        shardBy(
          { policy: 'custom', indexOf: (n) => n % 2 },
          {
            shards: 2,
            onEvent: (event) => orphans.push(event),
          },
        ),
        mergeShards(failsOn(0), { onShardError: 'drop' }),
      )
      .subscribe((n) => out.push(n));
    expect(out).toEqual([1, 3]);
    expect(orphans).toEqual([
      { kind: 'orphaned', message: 2, key: undefined, shard: 0, passed: false },
    ]);
  });

  it('is made again, with what was not done, in order', () => {
    const { work, fail, end } = desk();
    const { send, log, told, shards } = run(
      eachMessage(work, { concurrency: 2 }),
      {
        order: 'source',
        onShardError: 'restart',
      },
      { shards: 1 },
    );
    send(0, 1, 2, 3);
    fail(1);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 1', 'shard-restart of 0']);
    expect(shards).toHaveLength(2);
    expect(shards[0]?.pending).toBe(3);
    end(2, 'c');
    end(0, 'a');
    end(3, 'd');
    expect(log).toEqual(['a', 'c', 'd']);
  });

  it('does not repeat results that were held when it was made again', () => {
    const { work, fail, end, answer } = desk();
    const { send, log } = run(eachMessage(work, { concurrency: 2 }), {
      order: 'source',
      onShardError: 'restart',
    });
    send(0, 1, 2, 3);
    answer(3, 'd');
    fail(1);
    end(3, 'd');
    end(2, 'c');
    end(0, 'a');
    expect(log).toEqual(['a', 'c', 'd']);
  });

  it('is dropped when it was made again too often', () => {
    const { send, log, events, source } = run(failsOn(0, 2, 4), {
      onShardError: 'restart',
      maxRestarts: 2,
    });
    send(0, 1, 2, 3, 4, 5, 6);
    source.complete();
    expect(log).toEqual([1, 3, 5, 6, '|']);
    expect(events.flatMap((event) => (event.kind === 'shard-error' ? [event.action] : []))).toEqual(
      ['restart', 'restart', 'drop'],
    );
    expect(
      events.flatMap((event) => (event.kind === 'shard-restart' ? [event.restarts] : [])),
    ).toEqual([1, 2]);
  });

  it('is not made again with maxRestarts 0', () => {
    const { send, told } = run(failsOn(0), { onShardError: 'restart', maxRestarts: 0 });
    send(0);
    expect(told()).toEqual(['shard-error of 0', 'dead-letter 0']);
  });

  it('H54: that cannot be made has failed', () => {
    const thrown = new Error('cannot be made');
    const make = (shard: Shard<number>): Observable<number> => {
      if (shard.index === 0) throw thrown;
      return shard;
    };
    const failing = run(make);
    expect(failing.log[0]).toBeInstanceOf(ShardError);
    expect((failing.log[0] as ShardError).cause).toBe(thrown);
    const dropping = run(make, { onShardError: 'drop' });
    dropping.send(0, 1);
    expect(dropping.log).toEqual([0, 1]);
    const restarting = run(make, { onShardError: 'restart', maxRestarts: 50_000 });
    restarting.send(0);
    expect(restarting.log).toEqual([0]);
    expect(restarting.events).toHaveLength(100_001);
  });

  it('H54: that is nothing that can be subscribed has failed', () => {
    const { log } = run(() => undefined as never);
    expect(log[0]).toBeInstanceOf(ShardError);
    expect((log[0] as ShardError).cause).toBeInstanceOf(TypeError);
  });

  it('outside any message has no dead letter', () => {
    const { told } = run(() => throwError(() => new Error('at once')), { onShardError: 'drop' });
    expect(told()).toEqual(['shard-error of 0', 'shard-error of 1']);
  });

  it('is told from a source that fails', () => {
    const error = new Error('of the source');
    for (const onShardError of ['fail', 'drop', 'restart'] as const) {
      const { source, log, told } = run((shard) => shard, { onShardError });
      source.error(error);
      expect(log[0]).toBe(error);
      expect(told()).toEqual([]);
    }
  });

  it('when the source has completed still lets the stream complete', () => {
    const { work, fail, end } = desk();
    const { source, send, log } = run(eachMessage(work), { onShardError: 'restart' });
    send(0, 1, 2);
    source.complete();
    fail(0);
    end(1, 'b');
    end(2, 'c');
    expect(log).toEqual(['b', 'c', '|']);
  });

  it('stops being heard when the consumer leaves because of it', () => {
    const source = new Subject<number>();
    const kinds: string[] = [];
    const subscription = source
      .pipe(
        turns,
        mergeShards(failsOn(0), {
          onShardError: 'restart',
          onEvent: ({ kind }) => {
            kinds.push(kind);
            subscription.unsubscribe();
          },
        }),
      )
      .subscribe();
    source.next(0);
    expect(kinds).toEqual(['shard-error']);
    expect(source.observed).toBe(false);
  });
});

describe('a pipeline that completes early', () => {
  it('H54: is told, and leaves orphans', () => {
    const { send, log, told, events, source } = run(
      (shard) => shard.pipe(take(1)),
      {},
      { shards: 1 },
    );
    send(0, 1, 2);
    source.complete();
    expect(log).toEqual([0, '|']);
    expect(told()).toEqual(['shard-complete of 0', 'orphaned 1', 'orphaned 2']);
    expect(events[0]).toMatchObject({ isEarly: true });
  });

  it('is gone round', () => {
    const { send, log, source } = run((shard) => (shard.index === 0 ? shard.pipe(take(1)) : shard));
    send(0, 1, 2, 3, 4);
    source.complete();
    expect(log).toEqual([0, 1, 2, 3, 4, '|']);
  });

  it('is not waited for', () => {
    const { work, end } = desk();
    const { send, log } = run<string | number>(
      (shard) =>
        shard.index === 0
          ? shard.pipe(delay(0, new VirtualClock()), take(0))
          : shard.pipe(concatMap(work)),
      { order: 'source' },
    );
    send(0, 1);
    end(0, 'a');
    expect(log).toEqual(['a']);
  });
});

describe('options', () => {
  const bad: readonly (readonly [string, object])[] = [
    ['order', { order: 'sorted' }],
    ['order.by', { order: {} }],
    ['order.by', { order: { by: 'key', idleMs: 1 } }],
    ['order.idleMs', { order: { by: () => 1 } }],
    ['order.idleMs', { order: { by: () => 1, idleMs: -1 } }],
    ['order.idleMs', { order: { by: () => 1, idleMs: NaN } }],
    ['onShardError', { onShardError: 'ignore' }],
    ['maxRestarts', { maxRestarts: -1 }],
    ['maxRestarts', { maxRestarts: Infinity }],
    ['maxBuffer', { maxBuffer: 0 }],
    ['maxBuffer', { maxBuffer: 1.5 }],
    ['latePolicy', { latePolicy: 'error' }],
    ['onEvent', { onEvent: {} }],
    ['scheduler', { scheduler: 1 }],
  ];
  const expected: Record<string, string> = {
    order: "one of 'arrival', 'source'",
    'order.by': 'a function',
    'order.idleMs': 'a number of milliseconds, 0 or more',
    onShardError: "one of 'fail', 'drop', 'restart'",
    maxRestarts: 'an integer from 0 to 16777216',
    maxBuffer: 'an integer from 1 to 16777216',
    latePolicy: "one of 'drop', 'emit'",
    onEvent: 'a function',
    scheduler: 'a scheduler with now() and schedule()',
  };
  const refused = (option: string, mustBe: string, make: () => unknown): void => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(`mergeShards: option \`${option}\` must be ${mustBe}, got `);
  };
  const make = (options: unknown) => () =>
    mergeShards((shard: Shard<number>) => shard, options as object);
  it.each(bad)('H41, H43: %s is refused: %j', (option, options) => {
    refused(option, String(expected[option]), make(options));
  });

  it('are objects', () => {
    refused('order', 'an object', make({ order: null }));
    refused('options', 'an object', make(null));
  });

  it('may be any of what there is', () => {
    for (const onShardError of ['fail', 'drop', 'restart']) make({ onShardError })();
    for (const latePolicy of ['drop', 'emit']) make({ latePolicy })();
    for (const order of ['arrival', 'source', undefined]) make({ order, maxRestarts: 0 })();
  });

  it('include a pipeline', () => {
    refused('pipeline', 'a function', () => mergeShards(undefined as never));
  });
});
