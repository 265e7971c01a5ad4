/** Shards that are restarted while their messages have some of their results: what comes again, and what does not. */
import * as fc from 'fast-check';
import { concat, concatMap, from, of, Subject, throwError } from 'rxjs';
import { eachMessage, mergeShards, type MergeShardsEvent, shardBy } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { effort } from '../support/seed.js';
import { arrive, type Job, jobs, routeName, routeOf, takingTime } from '../support/shardCases.js';

/** A result of a job, or what happened to a shard. */
type Entry =
  | { readonly kind: 'result'; readonly job: Job; readonly ordinal: number; readonly shard: number }
  | { readonly kind: 'begun'; readonly job: Job; readonly shard: number }
  | MergeShardsEvent<Job, unknown>;
type Result = Extract<Entry, { kind: 'result' }>;

interface Run {
  readonly log: readonly Entry[];
  /** Messages that were given up. */
  readonly lost: ReadonlySet<Job>;
  readonly isComplete: boolean;
}

const { check } = checkerOf('mergeShards');

/** Runs jobs, each of whose results takes as long as the job; those that fail do so after the last one. */
function run(
  list: readonly Job[],
  shards: number,
  route: Parameters<typeof routeOf>[0],
  concurrency: number,
  maxRestarts: number,
): Run {
  const clock = new VirtualClock();
  const source = new Subject<Job>();
  const log: Entry[] = [];
  const lost = new Set<Job>();
  let isComplete = false;
  const resultsOf = (job: Job, shard: number) =>
    from(
      Array.from({ length: job.results }, (_, ordinal): Entry => ({
        kind: 'result',
        job,
        ordinal,
        shard,
      })),
    ).pipe(concatMap((result) => of(result).pipe(takingTime(job.workMs, clock))));
  source
    .pipe(
      shardBy(routeOf(route), {
        shards,
        onEvent: (event) => 'message' in event && lost.add(event.message),
      }),
      mergeShards(
        (shard) =>
          eachMessage(
            (job: Job) => {
              log.push({ kind: 'begun', job, shard: shard.index });
              const failure = throwError(() => new Error(`job ${String(job.id)} fails`));
              return concat(resultsOf(job, shard.index), job.fails ? failure : []);
            },
            { concurrency },
          )(shard),
        {
          order: 'source',
          onShardError: 'restart',
          maxRestarts,
          onEvent: (event) => {
            log.push(event);
            if (event.kind === 'dead-letter') lost.add(event.message);
          },
        },
      ),
    )
    .subscribe({ next: (entry) => log.push(entry), complete: () => (isComplete = true) });
  arrive(list, clock, (job) => source.next(job));
  clock.flush();
  source.complete();
  return { log, lost, isComplete };
}

describe('mergeShards restarting its shards', () => {
  const restarted = { times: 0, again: 0 };
  const args = [jobs, fc.integer({ min: 1, max: 6 }), routeName] as const;

  it('repeats a result only if the shard was restarted since', () => {
    check(
      'restarts',
      1_000,
      [...args, fc.integer({ min: 1, max: 3 }), fc.nat({ max: 3 })],
      (list, shards, route, concurrency, maxRestarts) => {
        const { log, lost, isComplete } = run(list, shards, route, concurrency, maxRestarts);
        expect(isComplete).toBe(true);
        const results = log.filter((entry) => entry.kind === 'result');
        expectOnceBetweenRestarts(log);
        expectSourceOrder(results);
        expectWhole(
          list.filter((job) => !lost.has(job)),
          results,
        );
        expectFailuresHandled(log, shards, maxRestarts);
      },
    );
  });

  function expectOnceBetweenRestarts(log: readonly Entry[]): void {
    const restarts = new Map<number, number>();
    const seen = new Map<string, number>();
    for (const entry of log) {
      if (entry.kind === 'shard-restart') {
        restarts.set(entry.shard, entry.restarts);
        restarted.times += 1;
      }
      if (entry.kind !== 'result') continue;
      const { job, ordinal, shard } = entry;
      const name = `${String(job.id)}/${String(ordinal)}`;
      const now = restarts.get(shard) ?? 0;
      const before = seen.get(name);
      if (before !== undefined) {
        restarted.again += 1;
        expect(now).toBeGreaterThan(before);
      }
      seen.set(name, now);
    }
  }

  it('was restarted, and repeated results, often', () => {
    const share = Math.min(effort, 1);
    expect(restarted.times).toBeGreaterThanOrEqual(100 * share);
    // Work that takes no time leaves nothing to repeat: seldom, but never so seldom by chance.
    expect(restarted.again).toBeGreaterThanOrEqual(5 * share);
  });
});

function expectSourceOrder(results: readonly Result[]): void {
  const ids = results.map(({ job }) => job.id);
  expect(ids).toEqual([...ids].sort((one, other) => one - other));
}

/** The last results of each message are all it has, in order. */
function expectWhole(kept: readonly Job[], results: readonly Result[]): void {
  for (const job of kept) {
    const ordinals = results.filter((one) => one.job === job).map(({ ordinal }) => ordinal);
    const expected = Array.from({ length: job.results }, (_, ordinal) => ordinal);
    expect(ordinals.slice(ordinals.length - job.results)).toEqual(expected);
  }
}

/** A shard is restarted as often as it may be, then dropped; the message that failed is not begun again. */
function expectFailuresHandled(log: readonly Entry[], shards: number, maxRestarts: number): void {
  for (let shard = 0; shard < shards; shard += 1) {
    const actions = log.flatMap((entry) =>
      entry.kind === 'shard-error' && entry.shard === shard ? [entry.action] : [],
    );
    const allowed = [...Array.from({ length: maxRestarts }, () => 'restart'), 'drop'];
    expect(actions).toEqual(allowed.slice(0, actions.length));
  }
  const dead = new Set<unknown>();
  for (const entry of log) {
    if (entry.kind === 'dead-letter') dead.add(entry.message);
    if (entry.kind === 'begun') expect(dead.has(entry.job)).toBe(false);
  }
}
