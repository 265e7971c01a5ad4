import * as fc from 'fast-check';
import { concatMap, defer, Subject, throwError } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type MergeShardsEvent,
  type MergeShardsOptions,
  type Shard,
  shardBy,
  type ShardByEvent,
} from 'rxjs-reliable';
import { accountFor, VirtualClock } from 'rxjs-reliable/testing';
import { columns, inWorker, type InWorkerOptions, type WorkerPipeline } from 'rxjs-reliable/worker';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import { arrive, type Job, jobs, routeName, routeOf, takingTime } from './support/shardCases.js';
import { onVirtualTime, VirtualWorker } from './support/VirtualWorker.js';

const { check } = checkerOf('inWorker');

const limits = fc.record({
  maxBatch: fc.integer({ min: 1, max: 8 }),
  maxInFlight: fc.integer({ min: 1, max: 8 }),
  maxWaitMs: fc.nat({ max: 5 }),
});
const world = fc.record({
  shards: fc.integer({ min: 1, max: 4 }),
  route: routeName,
  /** 0 stands for a plain pipeline. */
  concurrency: fc.constantFrom(0, 1, 2, 5),
  order: fc.constantFrom('source' as const, 'arrival' as const),
  delaysMs: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 7 }),
  isPacked: fc.boolean(),
});
/** When which of the workers that are alive crashes. */
const crashes = fc.array(fc.record({ atMs: fc.nat({ max: 300 }), worker: fc.nat({ max: 3 }) }), {
  maxLength: 6,
});

const codec = columns<Job>({
  ...{ id: 'number', key: 'number', workMs: 'number', afterMs: 'number', results: 'cloned' },
  fails: 'boolean',
});

type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

interface Case {
  readonly list: readonly Job[];
  readonly world: World;
  readonly options: InWorkerOptions<Job, Job>;
  readonly merge?: MergeShardsOptions<Job, Job>;
  readonly crashes?: readonly { readonly atMs: number; readonly worker: number }[];
  readonly failing?: boolean;
}

/** Every job comes out as it is, or fails if it should. */
function pipelineOf(
  { world: { concurrency }, failing }: Case,
  clock: VirtualClock,
  begun: number[],
) {
  const work = (job: Job) =>
    defer(() => {
      begun.push(job.id);
      return failing === true && job.fails
        ? throwError(() => new Error(`job ${String(job.id)}`))
        : [job];
    }).pipe(takingTime(job.workMs, clock));
  const plain: WorkerPipeline<Job, Job> = (shard) => shard.pipe(concatMap(work));
  return concurrency === 0 ? plain : eachMessage(work, { concurrency });
}

/** Sends the jobs through workers, to the end. */
function run(drawn: Case, clock: VirtualClock) {
  const { list, options, merge, world: settings } = drawn;
  const { shards, route, order, delaysMs } = settings;
  const codecs = settings.isPacked ? { codec, resultCodec: codec } : {};
  const workers: VirtualWorker<Job, Job>[] = [];
  const begun: number[] = [];
  const pipeline = pipelineOf(drawn, clock, begun);
  let posts = 0;
  const nextDelayMs = (): number => delaysMs[posts++ % delaysMs.length] ?? 0;
  const spawn = (): VirtualWorker<Job, Job> => {
    const worker = new VirtualWorker(clock, nextDelayMs, pipeline, codecs);
    workers.push(worker);
    return worker;
  };
  const out: Job[] = [];
  const events: (ShardByEvent<Job, unknown> | MergeShardsEvent<Job>)[] = [];
  const onEvent = (event: (typeof events)[number]): void => {
    events.push(event);
  };
  const seen: Shard<Job>[] = [];
  const source = new Subject<Job>();
  let isComplete = false;
  source
    .pipe(
      shardBy(routeOf(route), { shards, onEvent }),
      mergeShards<Job, Job>(
        (shard) => {
          seen.push(shard);
          return shard.pipe(inWorker<Job, Job>(spawn, { scheduler: clock, ...codecs, ...options }));
        },
        { order, onEvent, ...merge },
      ),
    )
    .subscribe({ next: (job) => out.push(job), complete: () => (isComplete = true) });
  for (const { atMs, worker } of drawn.crashes ?? []) {
    clock.schedule(() => {
      const alive = workers.filter(({ isAlive }) => isAlive);
      alive[worker % alive.length]?.crash();
    }, atMs);
  }
  arrive(list, clock, (job) => source.next(job));
  source.complete();
  clock.flush();
  expect(isComplete).toBe(true);
  expect(seen.map(({ pending }) => pending)).toEqual(seen.map(() => 0));
  expect(workers.map(({ terminations }) => terminations)).toEqual(workers.map(() => 1));
  return { out, events, begun, ids: out.map(({ id }) => id) };
}

const virtually = (drawn: Case): ReturnType<typeof run> => {
  const clock = new VirtualClock();
  return onVirtualTime(clock, () => run(drawn, clock));
};
const idsOf = (list: readonly Job[]): number[] => list.map(({ id }) => id);
const sorted = (ids: readonly number[]): number[] => [...ids].sort((one, other) => one - other);

describe('inWorker', () => {
  it('is the identity, whatever the batches, the bounds and the delays', () => {
    check('round trip', 10_000, [jobs, world, limits], (list, drawn, options) => {
      const { out, ids, events } = virtually({ list, world: drawn, options });
      expect(sorted(ids)).toEqual(idsOf(list));
      if (drawn.order === 'source') expect(out).toEqual(list);
      expect(events.filter(({ kind }) => kind !== 'shard-complete')).toEqual([]);
    });
  });

  it('with crashes gives each message one result or one event', () => {
    check(
      'account',
      10_000,
      [
        jobs,
        world,
        limits,
        crashes,
        fc.nat({ max: 4 }),
        fc.constantFrom('drop', 'restart'),
        fc.boolean(),
      ],
      (list, drawn, options, when, maxRestarts, onShardError, failing) => {
        const { ids, events, begun } = virtually({
          ...{ list, world: drawn, crashes: when, failing },
          options: { ...options, crashPolicy: 'dead-letter' },
          merge: { onShardError: onShardError, maxRestarts },
        });
        const out = ids.map((id) => list[id]);
        expect(accountFor(list, out, events).problem).toBeUndefined();
        // What a worker had is not tried again.
        if (!failing) expect(new Set(begun).size).toBe(begun.length);
        if (drawn.order === 'source') expect(ids).toEqual(sorted(ids));
      },
    );
  });

  it('that resends after crashes has every message come out, and none given up', () => {
    check('resend', 10_000, [jobs, world, limits, crashes], (list, drawn, options, when) => {
      const { ids, events } = virtually({
        ...{ list, world: drawn, crashes: when },
        options: { ...options, crashPolicy: 'resend' },
        merge: { onShardError: 'restart', maxRestarts: when.length },
      });
      expect(sorted([...new Set(ids)])).toEqual(idsOf(list));
      expect(events.filter((event) => 'passed' in event && !event.passed)).toEqual([]);
    });
  });

  it('that resends accounts for all when restarts run out', () => {
    check(
      'resend account',
      10_000,
      [jobs, world, limits, crashes, fc.nat({ max: 2 })],
      (list, drawn, options, when, maxRestarts) => {
        const { ids, events } = virtually({
          ...{ list, world: drawn, crashes: when },
          options: { ...options, crashPolicy: 'resend' },
          merge: { onShardError: 'restart', maxRestarts },
        });
        // A message may have had results before it was orphaned, and have them twice.
        const told = events.flatMap((event) => ('message' in event ? [event.message.id] : []));
        expect(new Set(told).size).toBe(told.length);
        expect(sorted([...new Set([...ids, ...told])])).toEqual(idsOf(list));
      },
    );
  });
});
