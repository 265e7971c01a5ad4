import * as fc from 'fast-check';
import { finalize, map, of, Subject } from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import { arrive, type Job, jobs, takingTime } from './support/shardCases.js';

const { check } = checkerOf('eachMessage');

describe('eachMessage', () => {
  it('works on as many messages as it may, no more, and begins them in order', () => {
    check(
      'concurrency',
      10_000,
      [jobs, fc.integer({ min: 1, max: 4 }), fc.constantFrom(1, 2, 3, Infinity), fc.boolean()],
      (list, shards, concurrency, isPipedOn) => {
        const clock = new VirtualClock();
        const source = new Subject<Job>();
        const begun: number[][] = [];
        const active: number[] = [];
        const out: Job[] = [];
        const seen: Shard<Job>[] = [];
        source
          .pipe(
            shardBy('round-robin', { shards }),
            mergeShards((shard) => {
              seen.push(shard);
              active.push(0);
              begun.push([]);
              const add = (change: number): void => {
                active[shard.index] = (active[shard.index] ?? 0) + change;
              };
              const results = eachMessage(
                (job: Job) => {
                  begun[shard.index]?.push(job.id);
                  add(1);
                  expect(active[shard.index]).toBeLessThanOrEqual(concurrency);
                  return of(job).pipe(
                    takingTime(job.workMs, clock),
                    finalize(() => add(-1)),
                  );
                },
                { concurrency },
              )(shard);
              // Nothing knows whose the results are then, and there is one of each all the same.
              return isPipedOn ? results.pipe(map((job) => job)) : results;
            }),
          )
          .subscribe((job) => out.push(job));
        arrive(list, clock, (job) => {
          source.next(job);
          // Nobody waits while there is room.
          seen.forEach(({ pending }, index) => {
            expect(active[index]).toBe(Math.min(pending, concurrency));
          });
        });
        clock.flush();
        begun.forEach((ids, index) => {
          expect(ids).toEqual(list.map(({ id }) => id).filter((id) => id % shards === index));
        });
        expect(out).toHaveLength(list.length);
        expect(new Set(out)).toEqual(new Set(list));
        expect(active.every((count) => count === 0)).toBe(true);
      },
    );
  });
});
