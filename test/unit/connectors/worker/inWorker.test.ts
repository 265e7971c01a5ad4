import { setTimeout as wait } from 'node:timers/promises';
import {
  concatMap,
  delay,
  EMPTY,
  endWith,
  filter,
  map,
  mergeMap,
  type Observable,
  of,
  range,
  startWith,
  take,
  timer,
  toArray,
} from 'rxjs';
import { eachMessage, mergeShards, OptionError, shardBy } from 'rxjs-reliable';
import { inWorker } from 'rxjs-reliable/worker';
import { describe, expect, it, vi } from 'vitest';
import { record } from '../../../support/record.js';
import { settled, webWorkersWith, workersWith } from '../../../support/workerInThread.js';
import { through, throughWorkers } from '../../../support/workerRig.js';

const squares = (source: Observable<number>): Observable<number> => source.pipe(map((n) => n * n));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
/** As many results as the message says, each after another time. */
const copies = (n: number): Observable<string> =>
  timer((n * 7) % 3).pipe(
    mergeMap(() => range(0, n % 4)),
    map((copy) => `${String(n)}/${String(copy)}`),
  );

describe('results', () => {
  it('are those of the pipeline, and the stream completes', async () => {
    const { log, sendAll, told, workers } = through(squares);
    await sendAll(0, 1, 2, 3);
    expect(log).toEqual([0, 1, 4, 9, '|']);
    expect(told()).toEqual(['shard-complete of 0']);
    expect(workers.terminations).toEqual([1]);
  });

  it('come from workers of browsers too', async () => {
    const workers = webWorkersWith(squares);
    const { log, sendAll } = throughWorkers<number, number, (typeof workers)['last']>(workers);
    await sendAll(1, 2);
    expect(log).toEqual([1, 4, '|']);
    expect(workers.terminations).toEqual([1]);
  });

  it('of nothing are nothing', async () => {
    const { log, sendAll, workers } = through(squares);
    await sendAll();
    expect(log).toEqual(['|']);
    expect(workers.terminations).toEqual([1]);
  });

  it('are copies, of all that can be cloned', async () => {
    const message = { map: new Map([[1, new Date(0)]]), big: 2n, none: undefined, list: [NaN] };
    const { log, sendAll } = through<unknown, unknown>((source) => source);
    await sendAll(message, undefined, null, '|');
    expect(log).toEqual([message, undefined, null, '|', '|']);
    expect(log[0]).not.toBe(message);
  });

  it.each([1, 4])('of eachMessage come in source order, %d at a time', async (concurrency) => {
    const { log, sendAll, shards } = through(eachMessage(copies, { concurrency }), {
      shardBy: { shards: 3 },
      inWorker: { maxBatch: 5 },
    });
    await sendAll(...upTo(30));
    await vi.waitFor(() => expect(log.at(-1)).toBe('|'));
    const expected = upTo(30).flatMap((n) => upTo(n % 4).map((copy) => `${n}/${copy}`));
    expect(log).toEqual([...expected, '|']);
    expect(shards.map(({ pending }) => pending)).toEqual([0, 0, 0]);
  });

  it('of several shards come in source order', async () => {
    const { log, sendAll, workers } = through(squares, { shardBy: { shards: 4 } });
    await sendAll(...upTo(1_000));
    expect(log).toEqual([...upTo(1_000).map((n) => n * n), '|']);
    expect(workers.workers).toHaveLength(4);
  });

  it('of asynchronous pipelines come', async () => {
    const { log, sendAll } = through<number, number>((source) =>
      source.pipe(concatMap((n) => of(n).pipe(delay(n % 2)))),
    );
    await sendAll(...upTo(9));
    await vi.waitFor(() => expect(log).toEqual([...upTo(9), '|']));
  });

  it('that were swallowed are not waited for', async () => {
    const { log, send, shards, events } = through<number, number>(
      (source) => source.pipe(filter((n) => n % 4 === 3)),
      { shardBy: { maxPending: 8 } },
    );
    for (let batch = 0; batch < 100; batch += 4) {
      send(...upTo(4).map((n) => batch + n));
      await settled();
    }
    expect(log).toHaveLength(25);
    // The last is taken for one that may have a result yet.
    expect(shards[0]?.pending).toBe(1);
    expect(events).toEqual([]);
  });

  it('on completion come', async () => {
    const { log, sendAll, messagesOf } = through<number, number[]>((source) =>
      source.pipe(toArray()),
    );
    await sendAll(1, 2, 3);
    expect(log).toEqual([[1, 2, 3], '|']);
    expect(messagesOf('orphaned')).toEqual([]);
  });

  it('that belong to no message come', async () => {
    const { log, sendAll } = through<number, number>((source) =>
      source.pipe(startWith(-1), endWith(-2)),
    );
    await sendAll(1, 2);
    expect(log).toEqual([-1, 1, 2, -2, '|']);
    const nothing = through<number, number[]>((source) => source.pipe(toArray()));
    await nothing.sendAll();
    expect(nothing.log).toEqual([[], '|']);
  });

  it('beyond the first of a message come, although they come apart', async () => {
    const { log, sendAll } = through<number, string>((source) =>
      source.pipe(
        concatMap((n) =>
          timer(1, 3).pipe(
            take(3),
            map((copy) => `${String(n)}/${String(copy)}`),
          ),
        ),
      ),
    );
    await sendAll(1, 2);
    await vi.waitFor(() => expect(log.at(-1)).toBe('|'));
    expect(log).toEqual(['1/0', '1/1', '1/2', '2/0', '2/1', '2/2', '|']);
  });

  it('are known to the pipeline by its shard', async () => {
    const { log, sendAll } = through<number, string>(
      (shard) => shard.pipe(map((n) => `${n} in ${shard.index} of ${shard.size}`)),
      { shardBy: { shards: 2 } },
    );
    await sendAll(0, 1);
    expect(log).toEqual(['0 in 0 of 2', '1 in 1 of 2', '|']);
  });
});

describe('a pipeline that completes early', () => {
  it.each([true, false])(
    'orphans what it has not done, source complete: %s',
    async (isComplete) => {
      const { log, send, source, told, events } = through<number, number>((shard) =>
        shard.pipe(take(2)),
      );
      send(0, 1, 2, 3);
      if (isComplete) source.complete();
      await settled();
      send(4);
      expect(log.slice(0, 2)).toEqual([0, 1]);
      const late = isComplete ? [] : ['orphaned 4'];
      expect(told()).toEqual(['shard-complete of 0', 'orphaned 2', 'orphaned 3', ...late]);
      expect(events[0]).toMatchObject({ isEarly: true });
      source.complete();
      expect(log).toEqual([0, 1, '|']);
    },
  );

  it('before it has done anything orphans everything', async () => {
    const { log, sendAll, messagesOf, workers } = through(() => EMPTY);
    await sendAll(0, 1, 2);
    expect(messagesOf('orphaned')).toEqual([0, 1, 2]);
    expect(log).toEqual(['|']);
    expect(workers.terminations).toEqual([1]);
  });

  it('does not hold up the order of others', async () => {
    const { log, sendAll, messagesOf } = through<number, number>(
      (shard) => (shard.index === 0 ? shard.pipe(take(1)) : shard),
      { shardBy: { shards: 2 } },
    );
    await sendAll(0, 1, 2, 3, 4, 5);
    expect(log).toEqual([0, 1, 3, 5, '|']);
    expect(messagesOf('orphaned')).toEqual([2, 4]);
  });
});

describe('options', () => {
  const bad: readonly (readonly [string, object])[] = [
    ...[0, -1, 1.5, NaN, Infinity, '64', 2 ** 24 + 1].flatMap((count) => [
      ['maxBatch', { maxBatch: count }] as const,
      ['maxInFlight', { maxInFlight: count }] as const,
    ]),
    ...[-1, NaN, Infinity, 60_001, '5', null].map(
      (waitMs) => ['maxWaitMs', { maxWaitMs: waitMs }] as const,
    ),
    ['crashPolicy', { crashPolicy: 'restart' }],
    ['transfer', { transfer: [] }],
    ['onEvent', { onEvent: {} }],
    ['scheduler', { scheduler: 1 }],
  ];
  it.each(bad)('%s is refused: %j', (option, options) => {
    const make = (): unknown => inWorker(workersWith(squares).spawn, options as never);
    expect(make).toThrow(OptionError);
    const received: unknown = Reflect.get(options, option);
    expect(make).toThrow(expect.objectContaining({ operator: 'inWorker', option, received }));
  });

  it('include a way to spawn', () => {
    expect(() => inWorker(undefined as never)).toThrow(
      expect.objectContaining({ operator: 'inWorker', option: 'spawn', received: undefined }),
    );
    expect(() => inWorker(() => EMPTY as never, null as never)).toThrow(OptionError);
  });

  it('may be at their limits', async () => {
    const limits = [
      { maxBatch: 1, maxInFlight: 1, maxWaitMs: 0 },
      { maxBatch: 2 ** 24, maxInFlight: 2 ** 24, maxWaitMs: 60_000 },
    ];
    for (const options of limits) {
      const { log, sendAll } = through(squares, { inWorker: options });
      await sendAll(1, 2, 3);
      expect(log).toEqual([1, 4, 9, '|']);
    }
  });
});

describe('subscriptions', () => {
  it('each have a worker of their own', async () => {
    const workers = workersWith(squares);
    const results$ = of(1, 2).pipe(
      shardBy('round-robin', { shards: 1 }),
      mergeShards<number, number>((shard) => shard.pipe(inWorker(workers.spawn))),
    );
    expect(workers.workers).toEqual([]);
    const logs = [record(results$), record(results$)];
    await settled();
    logs.push(record(results$));
    await settled();
    expect(logs).toEqual([
      [1, 4, '|'],
      [1, 4, '|'],
      [1, 4, '|'],
    ]);
    expect(workers.terminations).toEqual([1, 1, 1]);
  });

  it('that end before the worker is there terminate it', async () => {
    const { subscription, workers, log, send, events } = through(squares);
    send(1);
    subscription.unsubscribe();
    expect(workers.terminations).toEqual([1]);
    await settled();
    expect(workers.last.sent).toEqual([]);
    expect([log, events]).toEqual([[], []]);
  });

  it('terminate the worker in the turn they end, and hear no more of it', async () => {
    const { subscription, workers, log, send, events, shards } = through(
      eachMessage((n: number) => timer(20).pipe(map(() => n))),
      { inWorker: { maxBatch: 2, maxInFlight: 4 } },
    );
    send(...upTo(10));
    await vi.waitFor(() => expect(log).toEqual([0]), { interval: 2 });
    subscription.unsubscribe();
    expect(workers.terminations).toEqual([1]);
    workers.last.crash(new Error('too late'));
    await wait(50);
    expect(workers.terminations).toEqual([1]);
    expect([log, events]).toEqual([[0], []]);
    expect(shards[0]?.pending).toBe(0);
  });

  it('that have enough of the results terminate the worker', async () => {
    const workers = workersWith(squares);
    const log = record(
      range(1, 100).pipe(
        shardBy('round-robin', { shards: 1 }),
        mergeShards<number, number>((shard) => shard.pipe(inWorker(workers.spawn))),
        take(2),
      ),
    );
    await vi.waitFor(() => expect(log).toEqual([1, 4, '|']));
    expect(workers.terminations).toEqual([1]);
  });
});
