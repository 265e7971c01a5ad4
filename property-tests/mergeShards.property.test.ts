import * as fc from 'fast-check';
import { concatMap, defer, map, Subject, throwError } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type MergeShardsEvent,
  type Shard,
  shardBy,
  type ShardByEvent,
} from 'rxjs-reliable';
import { accountFor, VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import {
  arrive,
  exactPipeline,
  type Job,
  jobs,
  plainPipeline,
  routeName,
  routeOf,
  takingTime,
} from './support/shardCases.js';

const { check } = checkerOf('mergeShards');
const size = fc.integer({ min: 1, max: 16 });
const concurrency = fc.constantFrom(0, 1, 2, 5);

/** Concurrency 0 stands for a plain pipeline. */
function pipelineOf(drawn: number, clock: VirtualClock) {
  return drawn === 0 ? plainPipeline(clock) : exactPipeline(clock, drawn);
}

describe('mergeShards', () => {
  it('in source order is the identity, whatever the route and the delays', () => {
    check(
      'round trip',
      10_000,
      [jobs, size, routeName, concurrency, fc.boolean(), fc.constantFrom(0, 0, 20)],
      (drawnJobs, shards, name, drawn, completesEarly, mergedAfterMs) => {
        // Shards merged one after another, all with work, agree on the order before the first of it is done.
        const list = mergedAfterMs === 0 ? drawnJobs : drawnJobs.map(takesTime);
        const clock = new VirtualClock();
        const source = new Subject<Job>();
        const out: Job[] = [];
        let isComplete = false;
        const seen: Shard<Job>[] = [];
        const pipeline = pipelineOf(drawn, clock);
        source
          .pipe(
            shardBy(routeOf(name), { shards }),
            map((shard) => (seen.push(shard), shard)),
            takingTime(mergedAfterMs, clock),
            mergeShards(pipeline, { order: 'source' }),
          )
          .subscribe({ next: (job) => out.push(job), complete: () => (isComplete = true) });
        arrive(list, clock, (job) => source.next(job));
        if (completesEarly) source.complete();
        clock.flush();
        expect(seen.map(({ pending }) => pending)).toEqual(seen.map(() => 0));
        source.complete();
        expect(isComplete).toBe(true);
        expect(out.map(({ id }) => id)).toEqual(list.map(({ id }) => id));
        expect(out.every((job, index) => job === list[index])).toBe(true);
        expect(clock.pending).toBe(0);
      },
    );
  });

  it('in order of arrival emits everything once, each key in order', () => {
    check(
      'arrival',
      10_000,
      [jobs, size, fc.constantFrom('hash', 'sticky', 'custom'), fc.constantFrom(0, 1)],
      (list, shards, name, drawn) => {
        const clock = new VirtualClock();
        const source = new Subject<Job>();
        const out: Job[] = [];
        source
          .pipe(shardBy(routeOf(name as 'hash'), { shards }), mergeShards(pipelineOf(drawn, clock)))
          .subscribe((job) => out.push(job));
        arrive(list, clock, (job) => source.next(job));
        clock.flush();
        expect(out).toHaveLength(list.length);
        for (let key = 0; key <= 5; key += 1) {
          const ids = (some: readonly Job[]): number[] =>
            some.filter((job) => job.key === key).map(({ id }) => id);
          expect(ids(out)).toEqual(ids(list));
        }
      },
    );
  });

  it('keeps any number of results of a message together, in the order of messages', () => {
    check(
      'exact results',
      10_000,
      [jobs, size, routeName, fc.constantFrom(1, 2, 5)],
      (list, shards, name, limit) => {
        const clock = new VirtualClock();
        const source = new Subject<Job>();
        const out: string[] = [];
        const work = eachMessage(
          (job: Job) =>
            Array.from({ length: job.results }, (_, index) => `${String(job.id)}/${String(index)}`),
          { concurrency: limit },
        );
        const slow = eachMessage(
          (job: Job) =>
            timesOf(job, clock).pipe(map((index) => `${String(job.id)}/${String(index)}`)),
          { concurrency: limit },
        );
        source
          .pipe(
            shardBy(routeOf(name), { shards }),
            mergeShards((shard) => (shard.index % 2 === 0 ? slow(shard) : work(shard)), {
              order: 'source',
            }),
          )
          .subscribe((text) => out.push(text));
        arrive(list, clock, (job) => source.next(job));
        clock.flush();
        const expected = list.flatMap(({ id, results }) =>
          Array.from({ length: results }, (_, index) => `${String(id)}/${String(index)}`),
        );
        expect(out).toEqual(expected);
      },
    );
  });

  it('accounts for every message and leaves other shards alone when pipelines fail', () => {
    check(
      'failures',
      10_000,
      [
        jobs,
        size,
        routeName,
        fc.constantFrom('drop', 'restart'),
        fc.nat({ max: 3 }),
        fc.constantFrom('drop-newest', 'drop-oldest'),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom('arrival', 'source'),
        fc.boolean(),
      ],
      (list, shards, name, policy, maxRestarts, overflowPolicy, maxPending, order, isPlain) => {
        const clock = new VirtualClock();
        const source = new Subject<Job>();
        const out: Job[] = [];
        const events: (ShardByEvent<Job, unknown> | MergeShardsEvent<Job>)[] = [];
        const seen: Shard<Job>[] = [];
        let isComplete = false;
        const work = (job: Job) =>
          defer(() => (job.fails ? throwError(() => new JobError(job)) : [job])).pipe(
            takingTime(job.workMs, clock),
          );
        const exact = eachMessage(work, { concurrency: 2 });
        source
          .pipe(
            shardBy(routeOf(name), {
              shards,
              maxPending,
              overflowPolicy: overflowPolicy,
              onEvent: (event) => events.push(event),
            }),
            map((shard) => (seen.push(shard), shard)),
            mergeShards((shard) => (isPlain ? shard.pipe(concatMap(work)) : exact(shard)), {
              order: order as 'source',
              onShardError: policy as 'drop',
              maxRestarts,
              onEvent: (event) => events.push(event),
            }),
          )
          .subscribe({ next: (job) => out.push(job), complete: () => (isComplete = true) });
        arrive(list, clock, (job) => source.next(job));
        clock.flush();
        expect(seen.map(({ pending }) => pending)).toEqual(seen.map(() => 0));
        source.complete();
        expect(isComplete).toBe(true);
        expect(accountFor(list, out, events).problem).toBeUndefined();
        for (const event of events) {
          if (event.kind === 'dead-letter')
            expect((event.error as JobError).job).toBe(event.message);
        }
        expect(restartsIn(events)).toBeLessThanOrEqual(maxRestarts);
        // Where it is known whose work failed, nobody fails twice.
        const countOf = (kind: string): number => events.filter((one) => one.kind === kind).length;
        if (!isPlain) expect(countOf('dead-letter')).toBe(countOf('shard-error'));
        if (order === 'source') {
          expect(out.map(({ id }) => id)).toEqual(
            out.map(({ id }) => id).sort((one, other) => one - other),
          );
        }
      },
    );
  });

  it('with one shard failing, the others are as if nothing had happened', () => {
    check(
      'isolation',
      10_000,
      [jobs, fc.integer({ min: 2, max: 8 }), fc.constantFrom('drop', 'restart'), concurrency],
      (list, shards, policy, drawn) => {
        const run = (failing: boolean): string[] => {
          const clock = new VirtualClock();
          const source = new Subject<Job>();
          const log: string[] = [];
          const pipeline = pipelineOf(drawn, clock);
          source
            .pipe(
              shardBy(routeOf('custom'), { shards }),
              mergeShards(
                (shard) =>
                  failing && shard.index === 0 ? failingPipeline(shard) : pipeline(shard),
                { onShardError: policy as 'drop' },
              ),
            )
            .subscribe((job) => {
              if ((job.key * 7) % shards !== 0)
                log.push(`${String(clock.now())} ${String(job.id)}`);
            });
          arrive(list, clock, (job) => source.next(job));
          clock.flush();
          return log;
        };
        expect(run(true)).toEqual(run(false));
      },
    );
  });
});

/** How often the shard that restarted most often did. */
function restartsIn(events: readonly { readonly kind: string; readonly shard: number }[]): number {
  const counts = new Map<number, number>();
  for (const { kind, shard } of events) {
    if (kind === 'shard-restart') counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

function takesTime(job: Job): Job {
  return { ...job, workMs: Math.max(1, job.workMs) };
}

class JobError extends Error {
  constructor(readonly job: Job) {
    super(`job ${String(job.id)} fails`);
  }
}

function failingPipeline(shard: Shard<Job>) {
  return shard.pipe(
    map((job): Job => {
      throw new Error(`failed on ${String(job.id)}`);
    }),
  );
}

function timesOf(job: Job, clock: VirtualClock) {
  return defer(() => Array.from({ length: job.results }, (_, index) => index)).pipe(
    concatMap((index) => [index]),
    takingTime(job.workMs, clock),
  );
}
