/** Shards that are hot, silent, talkative, or over too soon: the others go on, and every message has its account. */
import { ignoreElements, merge, mergeMap, NEVER, type Observable, Subject } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type MergeShardsOptions,
  type Shard,
  shardBy,
  type ShardByEvent,
  ShardError,
} from 'rxjs-reliable';
import { accountFor, VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';
import type { AnyEvent } from '../../support/subjects.js';

describe('a hot shard', () => {
  const same = Array.from({ length: 1_000 }, (_, n) => ({ n }));

  it('H53: of one key holds what it may, and every message more is counted', () => {
    const events: ShardByEvent<{ readonly n: number }, string>[] = [];
    const source = new Subject<{ readonly n: number }>();
    const shards: Shard<unknown>[] = [];
    source
      .pipe(
        shardBy(() => 'hot', {
          shards: 4,
          maxPending: 10,
          overflowPolicy: 'drop-newest',
          onEvent: (event) => events.push(event),
        }),
      )
      .subscribe((shard) => shards.push(shard));
    for (const message of same) source.next(message);
    expect(shards.map(({ pending }) => pending).sort((one, other) => one - other)).toEqual([
      ...[0, 0, 0, 10],
    ]);
    expect(events.map((event) => event.message)).toEqual(same.slice(10));
    expect(events.every(({ kind }) => kind === 'overflow')).toBe(true);
  });

  it('H53: is none for least-busy without a key', () => {
    const source = new Subject<{ readonly n: number }>();
    const shards: Shard<{ readonly n: number }>[] = [];
    source
      .pipe(
        shardBy('least-busy', { shards: 4 }),
        mergeShards((shard) => {
          shards.push(shard);
          return shard.pipe(mergeMap(() => NEVER));
        }),
      )
      .subscribe();
    for (const message of same) source.next(message);
    expect(shards.map(({ pending }) => pending)).toEqual([250, 250, 250, 250]);
  });
});

type Pipeline = (shard: Shard<number>) => Observable<number>;
/** How many results the message has. */
const resultsOf = (n: number): number => (n * 7) % 4;
const copies = (n: number): number[] => Array.from({ length: resultsOf(n) }, () => n);
const pipelines: Readonly<Record<string, Pipeline>> = {
  'a plain pipeline': (shard) => shard.pipe(mergeMap(copies)),
  eachMessage: eachMessage<number, number>(copies, { concurrency: 3 }),
};
const orders: Readonly<Record<string, MergeShardsOptions<number, number>>> = {
  arrival: {},
  source: { order: 'source' },
  number: { order: { by: (n) => n, idleMs: 10 } },
};

describe.each(Object.entries(pipelines))('%s', (name, pipeline) => {
  it.each(Object.entries(orders))(
    'H56: of any number of results stays live in order of %s',
    (order, options) => {
      const shards: Shard<number>[] = [];
      const rig = new Rig<number, AnyEvent>(
        (base) => (source) =>
          source.pipe(
            shardBy<number>('round-robin', { shards: 3, maxPending: 20, onEvent: base.onEvent }),
            mergeShards(
              (shard) => {
                shards.push(shard);
                return pipeline(shard);
              },
              { ...base, ...options },
            ),
          ),
      );
      const sent = Array.from({ length: 300 }, (_, n) => n);
      for (const n of sent) {
        rig.send(n);
        expect(shards.every(({ pending }) => pending >= 0)).toBe(true);
        rig.clock.advanceBy(1);
      }
      rig.complete();
      expect(rig.log.at(-1)?.[1]).toBe('complete');
      expect(rig.values.length).toBe(sent.flatMap(copies).length);
      // In source order a plain pipeline is exact only with one result for each message (DESIGN §3).
      const isExact = order === 'number' || (order === 'source' && name === 'eachMessage');
      if (isExact) expect(rig.values).toEqual([...rig.values].sort((a, b) => a - b));
      expect(shards.map(({ pending }) => pending)).toEqual([0, 0, 0]);
    },
  );
});

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** Three shards whose pipelines are in the hands of the test. */
function byHand(options: MergeShardsOptions<object, unknown>) {
  const outputs = [0, 1, 2].map(() => new Subject<unknown>());
  const rig = new Rig<object, AnyEvent, unknown>(
    (base) => (source) =>
      source.pipe(
        shardBy<object>('round-robin', { shards: 3, onEvent: base.onEvent }),
        mergeShards<object, unknown>(
          (shard) => merge<unknown[]>(outputs[shard.index] ?? NEVER, shard.pipe(ignoreElements())),
          { ...base, ...options },
        ),
      ),
  );
  return { outputs, rig };
}

describe.each(Object.entries(orders))('three shards in order of %s', (_name, order) => {
  const options = order as unknown as MergeShardsOptions<object, unknown>;

  it.each(permutations)('H57: complete the stream when all have, %i, %i, %i', (...turns) => {
    const { outputs, rig } = byHand(options);
    rig.complete();
    for (const index of turns) {
      expect(rig.log.some(([, kind]) => kind === 'complete')).toBe(false);
      outputs[index]?.complete();
    }
    expect(rig.log.at(-1)?.[1]).toBe('complete');
    expect(rig.isClean).toBe(true);
  });

  it.each(permutations)(
    'H57: of which %i fails do not end that of %i and %i',
    (failing, ...others) => {
      const { outputs, rig } = byHand({ ...options, onShardError: 'drop' });
      const inputs = [0, 1, 2, 3, 4, 5].map((n) => ({ n }));
      rig.send(...inputs);
      outputs[failing]?.error(new Error('broken'));
      rig.complete();
      for (const index of others) outputs[index]?.complete();
      expect(rig.log.at(-1)?.[1]).toBe('complete');
      const dropped = rig.events.filter(
        ({ kind }) => kind === 'orphaned' || kind === 'dead-letter',
      );
      expect(dropped.map(({ message }) => message)).toEqual([inputs[failing], inputs[failing + 3]]);
    },
  );

  it.each([0, 1, 2])(
    "H57: of which %i fails all fail with 'fail', and nothing is lost",
    (failing) => {
      const { outputs, rig } = byHand(options);
      const inputs = [0, 1, 2, 3, 4, 5].map((n) => ({ n }));
      const broken = new Error('broken');
      rig.send(...inputs);
      outputs[failing]?.error(broken);
      expect(rig.error).toBeInstanceOf(ShardError);
      expect(rig.error).toMatchObject({ cause: broken });
      expect(accountFor(inputs, [], rig.events).problem).toBeUndefined();
      expect(outputs.every(({ observed }) => !observed)).toBe(true);
      expect(rig.isClean).toBe(true);
    },
  );
});

it('H55: a shard that never speaks holds nobody back longer than idleMs, nor with a clock that is late', () => {
  for (const isTimerLate of [false, true]) {
    const rig = new Rig<number, AnyEvent>(
      (base) => (source) =>
        source.pipe(
          shardBy<number>({ policy: 'custom', indexOf: () => 1 }, { shards: 2 }),
          mergeShards<number, number>((shard) => shard, {
            ...base,
            order: { by: (n) => n, idleMs: 100 },
          }),
        ),
    );
    rig.send(1, 2);
    if (isTimerLate) rig.sendBeforeTimersAt(100, 3);
    else rig.sendAt(100, 3);
    expect(rig.values).toEqual([1, 2, 3]);
  }
});

it('H24: onEvent that fails later, when the source has completed already, is not left unhandled', async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => {
    uncaught.push(error);
  };
  process.on('unhandledRejection', note);
  const [source, output] = [new Subject<number>(), new Subject<number>()];
  let calls = 0;
  const onEvent = (): undefined => {
    calls += 1;
    return Promise.reject(new Error('onEvent')) as unknown as undefined;
  };
  source
    .pipe(
      shardBy<number>('round-robin', { shards: 1, onEvent }),
      mergeShards((shard) => merge(output, shard.pipe(ignoreElements())), { onShardError: 'drop' }),
    )
    .subscribe();
  for (const n of [1, 2, 3]) source.next(n);
  source.complete();
  output.error(new Error('broken'));
  await new Promise((resolve) => setTimeout(resolve, 1));
  process.off('unhandledRejection', note);
  expect(calls).toBe(2);
  expect(uncaught).toEqual([]);
});

it('H54: a work that is nothing leaves the other shards to go on', () => {
  const rig = new Rig<number, AnyEvent>(
    (base) => (source) =>
      source.pipe(
        shardBy<number>('round-robin', { shards: 2, onEvent: base.onEvent }),
        mergeShards(
          eachMessage<number, number>((n) => (n === 2 ? (undefined as unknown as number[]) : [n])),
          { ...base, scheduler: new VirtualClock(), onShardError: 'drop' },
        ),
      ),
  );
  rig.send(0, 1, 2, 3, 4, 5).complete();
  expect(rig.values).toEqual([0, 1, 3, 4, 5]);
  expect(rig.events).toMatchObject([
    { kind: 'shard-error' },
    { kind: 'dead-letter', message: 2 },
    { kind: 'shard-complete' },
  ]);
});
