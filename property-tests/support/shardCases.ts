import * as fc from 'fast-check';
import {
  concatMap,
  delay,
  type MonoTypeOperatorFunction,
  type ObservableInput,
  of,
  type SchedulerLike,
} from 'rxjs';
import { eachMessage, type Shard, type ShardRoute } from 'rxjs-reliable';
import type { VirtualClock } from 'rxjs-reliable/testing';

/** A message of a sharded stream. */
export interface Job {
  readonly id: number;
  readonly key: number;
  /** How long it is worked on. */
  readonly workMs: number;
  /** When it arrives, in ms after the one before. */
  readonly afterMs: number;
  /** How many results it has. */
  readonly results: number;
  /** Whether the work fails. */
  readonly fails: boolean;
}

const drawnJob = fc.record({
  key: fc.nat({ max: 5 }),
  workMs: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.nat({ max: 30 }) },
  ),
  afterMs: fc.nat({ max: 10 }),
  results: fc.nat({ max: 3 }),
  fails: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
});

/** Jobs in the order of arrival. */
export const jobs: fc.Arbitrary<Job[]> = fc
  .array(drawnJob, { maxLength: 60 })
  .map((drawn) => drawn.map((job, id) => ({ ...job, id })));

/** Names of routes. */
export const routeName: fc.Arbitrary<'hash' | 'turns' | 'busy' | 'sticky' | 'custom'> =
  fc.constantFrom('hash', 'turns', 'busy', 'sticky', 'custom');

/** The route of a name. */
export function routeOf(
  name: 'hash' | 'turns' | 'busy' | 'sticky' | 'custom',
): ShardRoute<Job, number | undefined> {
  const keyBy = ({ key }: Job): number => key;
  switch (name) {
    case 'hash':
      return keyBy;
    case 'turns':
      return 'round-robin';
    case 'busy':
      return 'least-busy';
    case 'sticky':
      return { policy: 'least-busy', keyBy };
    case 'custom':
      return { policy: 'custom', indexOf: ({ key }: Job, size: number) => (key * 7) % size };
  }
}

/** Waits as long as the job takes; synchronous if that is no time at all. */
export function takingTime<V>(workMs: number, clock: SchedulerLike): MonoTypeOperatorFunction<V> {
  return workMs === 0 ? (source) => source : delay(workMs, clock);
}

/** A pipeline of stock operators: every job comes out, one after another. */
export function plainPipeline(clock: VirtualClock) {
  return (shard: Shard<Job>): ObservableInput<Job> =>
    shard.pipe(concatMap((job) => of(job).pipe(takingTime(job.workMs, clock))));
}

/** A pipeline that knows what it works on: every job comes out, several at once. */
export function exactPipeline(clock: VirtualClock, concurrency: number) {
  return eachMessage(
    (job: Job) => {
      const isList = job.workMs === 0 && job.id % 2 === 0;
      return isList ? [job] : of(job).pipe(takingTime(job.workMs, clock));
    },
    { concurrency },
  );
}

/** Lets `send` send the jobs when they arrive, and ends the clock's time. */
export function arrive(list: readonly Job[], clock: VirtualClock, send: (job: Job) => void): void {
  for (const job of list) {
    clock.advanceBy(job.afterMs);
    send(job);
  }
}
