import {
  concat,
  concatMap,
  defer,
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
  Subject,
  take,
} from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy } from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { run, desk, turns } from '../../support/mergeRig.js';

const runner = { describe, it };

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
