import * as fc from 'fast-check';
import { map, mergeMap, of, Subject, tap } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type Shard,
  shardBy,
  type ShardByEvent,
  type ShardRoute,
} from 'rxjs-reliable';
import { accountFor, VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { KeyHasher } from '../src/core/KeyHasher.js';
import { bugHunt } from './support/bugHunt.js';
import { checkerOf } from './support/check.js';
import { arrive, type Job, jobs, routeName, routeOf, takingTime } from './support/shardCases.js';

const { check } = checkerOf('shardBy');
const size = fc.integer({ min: 1, max: 16 });

/** Splits a stream and writes down what each shard hands over. */
function split(source: Subject<Job>, route: ShardRoute<Job, number | undefined>, shards: number) {
  const logs: Job[][] = [];
  const seen: Shard<Job>[] = [];
  source
    .pipe(
      shardBy(route, { shards }),
      mergeMap((shard) => {
        const log: Job[] = [];
        logs.push(log);
        seen.push(shard);
        return shard.pipe(tap((job) => log.push(job)));
      }),
    )
    .subscribe();
  return { logs, seen };
}

describe('shardBy', () => {
  it('hands every message to exactly one shard, in order', () => {
    check('partition', 10_000, [jobs, size, routeName], (list, shards, name) => {
      const source = new Subject<Job>();
      const { logs, seen } = split(source, routeOf(name), shards);
      for (const job of list) source.next(job);
      expect(seen.map(({ index }) => index)).toEqual(logs.map((_, index) => index));
      expect(logs).toHaveLength(shards);
      expect(accountFor(list, logs.flat()).problem).toBeUndefined();
      for (const log of logs) {
        expect(log.every((job, index) => index === 0 || job.id > (log[index - 1]?.id ?? NaN))).toBe(
          true,
        );
      }
      expect(seen.every(({ pending }) => pending === 0)).toBe(true);
    });
  });

  it('sends a key to the same shard, whatever else comes and in whatever order', () => {
    check('stable', 2_000, [jobs, size, fc.nat()], (list, shards, turn) => {
      const placeOf = (some: readonly Job[]): Map<number, number> => {
        const source = new Subject<Job>();
        const { logs } = split(source, ({ key }) => key, shards);
        for (const job of some) source.next(job);
        const pairs = logs.flatMap((log, index) =>
          log.map(({ key }): [number, number] => [key, index]),
        );
        expect(new Set(pairs.map(String)).size).toBe(new Set(pairs.map(([key]) => key)).size);
        return new Map(pairs);
      };
      const cut = list.length === 0 ? 0 : turn % list.length;
      const turned = [...list.slice(cut), ...list.slice(0, cut)];
      expect(placeOf(turned)).toEqual(placeOf(list));
    });
  });

  it('takes turns evenly at every moment', () => {
    check('turns', 2_000, [fc.nat({ max: 100 }), size], (count, shards) => {
      const source = new Subject<Job>();
      const { logs } = split(source, 'round-robin', shards);
      for (let id = 0; id < count; id += 1) {
        source.next({ id, key: 0, workMs: 0, afterMs: 0, results: 1, fails: false });
        const lengths = logs.map(({ length }) => length);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }
    });
  });

  it('chooses a shard with the least work in flight, the first of several', () => {
    check('least busy', 10_000, [jobs, size], (list, shards) => {
      const clock = new VirtualClock();
      const source = new Subject<Job>();
      const seen: Shard<Job>[] = [];
      source
        .pipe(
          shardBy('least-busy', { shards }),
          mergeShards((shard) => {
            seen.push(shard);
            return eachMessage((job: Job) => delayed(job, clock))(shard);
          }),
        )
        .subscribe();
      arrive(list, clock, (job) => {
        const before = seen.map(({ pending }) => pending);
        source.next(job);
        const index = seen.findIndex(({ pending }, at) => pending > (before[at] ?? 0));
        // One that takes no time is done already.
        if (index >= 0) expect(index).toBe(before.indexOf(Math.min(...before)));
      });
      clock.flush();
      expect(seen.every(({ pending }) => pending === 0)).toBe(true);
    });
  });

  it('keeps a key in one shard as long as it has work in flight', () => {
    check('sticky', 10_000, [jobs, size], (list, shards) => {
      const clock = new VirtualClock();
      const source = new Subject<Job>();
      /** Shards that work on a key, and how many messages of it. */
      const working = new Map<number, { shard: number; count: number }>();
      const out: number[] = [];
      /** How many messages of a key are accepted and not done. */
      const inFlight = new Map<number, number>();
      const seen: Shard<Job>[] = [];
      source
        .pipe(
          shardBy({ policy: 'least-busy', keyBy: ({ key }) => key }, { shards }),
          map((shard) => (seen.push(shard), shard)),
          mergeShards((shard) =>
            eachMessage((job: Job) => {
              const entry = working.get(job.key) ?? { shard: shard.index, count: 0 };
              expect(entry.shard).toBe(shard.index);
              entry.count += 1;
              working.set(job.key, entry);
              return delayed(job, clock);
            })(shard),
          ),
        )
        .subscribe((job) => {
          const entry = working.get(job.key);
          if (entry !== undefined && --entry.count === 0) working.delete(job.key);
          inFlight.set(job.key, (inFlight.get(job.key) ?? 0) - 1);
          out.push(job.id);
        });
      arrive(list, clock, (job) => {
        const before = seen.map(({ pending }) => pending);
        const ofKey = inFlight.get(job.key) ?? 0;
        inFlight.set(job.key, ofKey + 1);
        source.next(job);
        const index = seen.findIndex(({ pending }, at) => pending > (before[at] ?? 0));
        // … and no longer: then it goes to the least busy one.
        if (ofKey === 0 && index >= 0) expect(index).toBe(before.indexOf(Math.min(...before)));
      });
      clock.flush();
      expect(out).toHaveLength(list.length);
    });
  });

  it('holds no more than maxPending for each shard and reports the rest', () => {
    check(
      'bounds',
      10_000,
      [
        jobs,
        size,
        routeName,
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('drop-newest', 'drop-oldest'),
      ],
      (list, shards, name, maxPending, overflowPolicy) => {
        const source = new Subject<Job>();
        const seen: Shard<Job>[] = [];
        const events: ShardByEvent<Job, number | undefined>[] = [];
        source
          .pipe(
            shardBy(routeOf(name), {
              shards,
              maxPending,
              overflowPolicy: overflowPolicy,
              onEvent: (event) => events.push(event),
            }),
          )
          .subscribe((shard) => seen.push(shard));
        for (const job of list) {
          source.next(job);
          expect(Math.max(...seen.map(({ pending }) => pending))).toBeLessThanOrEqual(maxPending);
        }
        const out: Job[] = [];
        // Subscribed late, and after completion even: what waits is handed over.
        seen.forEach((shard, index) => {
          if (index === shards >> 1) source.complete();
          shard.subscribe((job) => out.push(job));
        });
        expect(accountFor(list, out, events).problem).toBeUndefined();
        const dropped = new Set(events.map(({ message }) => message));
        const firstOut = Math.min(...out.map(({ id }) => id));
        if (shards === 1 && list.length > maxPending) {
          expect(dropped.size).toBe(list.length - maxPending);
          expect(firstOut).toBe(overflowPolicy === 'drop-newest' ? 0 : list.length - maxPending);
        }
      },
    );
  });
});

describe.skipIf(bugHunt !== undefined)('balance of hashed keys', () => {
  const count = 100_000;
  const random = (): string[] => fc.sample(fc.uuid(), { numRuns: count, seed: 7 });
  const families: readonly (readonly [string, () => readonly unknown[]])[] = [
    ['random strings', random],
    ['sequential numbers', () => Array.from({ length: count }, (_, index) => index)],
    [
      'a common prefix',
      () => Array.from({ length: count }, (_, i) => `eu/plant-7/sensor-${String(i)}`),
    ],
    ['sequential bigints', () => Array.from({ length: count }, (_, i) => BigInt(i) + 2n ** 70n)],
  ];
  it.each(families)('max/mean is at most 1.1 for %s, 2 to 64 shards', (_, make) => {
    const keys = make();
    const hasher = new KeyHasher(0);
    const hashes = keys.map((key) => hasher.hash(key));
    for (let shards = 2; shards <= 64; shards += 1) {
      const counts: number[] = new Array<number>(shards).fill(0);
      for (const hash of hashes) counts[hash % shards] = (counts[hash % shards] ?? 0) + 1;
      expect((Math.max(...counts) * shards) / count).toBeLessThanOrEqual(1.1);
    }
    // … and that is what the operator does.
    const source = new Subject<unknown>();
    const found = new Map<unknown, number>();
    source
      .pipe(
        shardBy((key) => key, { shards: 7 }),
        mergeMap((shard) => shard.pipe(tap((key) => found.set(key, shard.index)))),
      )
      .subscribe();
    for (const key of keys) source.next(key);
    expect(keys.every((key, index) => found.get(key) === (hashes[index] ?? NaN) % 7)).toBe(true);
  });
});

describe.skipIf(bugHunt !== undefined)('one slow shard of four', () => {
  /** How long it takes to work on a thousand messages; shard 0 takes four times as long for each. */
  function durationMs(route: 'least-busy' | 'round-robin'): number {
    const clock = new VirtualClock();
    const source = new Subject<number>();
    source
      .pipe(
        shardBy(route, { shards: 4 }),
        mergeShards((shard) =>
          eachMessage((n: number) => takesMs(n, shard.index === 0 ? 40 : 10, clock))(shard),
        ),
      )
      .subscribe({ complete: () => undefined });
    // As fast as four shards can work on them at best: 13 in 40 ms.
    for (let n = 0; n < 1_300; n += 1) {
      clock.advanceTo((n * 40) / 13);
      source.next(n);
    }
    source.complete();
    let endMs = clock.now();
    while (clock.pending > 0) {
      clock.advanceTo(clock.nextMs);
      endMs = clock.now();
    }
    return endMs;
  }

  /** 1,300 messages, 13 in 40 ms. */
  const idealMs = 4_000;

  it('hardly matters to least-busy', () => {
    expect(durationMs('least-busy')).toBeLessThanOrEqual(1.15 * idealMs);
  });

  it('holds round-robin up', () => {
    expect(durationMs('round-robin')).toBeGreaterThanOrEqual(1.9 * idealMs);
  });
});

/** The job, when it is done. */
function delayed(job: Job, clock: VirtualClock) {
  return of(job).pipe(takingTime(job.workMs, clock));
}

function takesMs(n: number, workMs: number, clock: VirtualClock) {
  return of(n).pipe(takingTime(workMs, clock));
}
