/** Shards whose work is done by promise, in every order: results, accounts and ends do not depend on who is faster. */
import * as fc from 'fast-check';
import { concatMap, from, map, Observable, type ObservableInput, Subject } from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy, ShardError } from 'rxjs-reliable';
import { accountFor } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { listOf } from '../support/dedupeOracle.js';
import { Race } from '../support/Race.js';
import { sourceError } from '../support/runTimed.js';
import { Tally } from '../support/Tally.js';

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
/** Which of all orders. */
const order = upTo(2 ** 31 - 1);

/** A message; how its work fares. */
interface Job {
  readonly id: number;
  readonly shard: number;
  readonly results: number;
  readonly fails: boolean;
}
const jobList: fc.Arbitrary<Job[]> = fc
  .array(
    fc.record({
      shard: upTo(3),
      results: upTo(3),
      fails: fc.nat({ max: 5 }).map((drawn) => drawn === 5),
    }),
    { minLength: 1, maxLength: 12, size: 'max' },
  )
  .map((list) => list.map((job, id) => Object.freeze({ ...job, id })));

interface Rules {
  readonly shards: number;
  readonly concurrency: number;
  readonly order: 'arrival' | 'source';
  readonly onShardError: 'fail' | 'drop' | 'restart';
  readonly end: 'complete' | 'error' | 'leave';
}
const ruleSet: fc.Arbitrary<Rules> = fc.record({
  shards: upTo(4, 1),
  concurrency: upTo(3, 1),
  order: fc.constantFrom('arrival', 'source'),
  onShardError: fc.constantFrom('fail', 'drop', 'restart'),
  end: fc.constantFrom('complete', 'complete', 'complete', 'error', 'leave'),
});

/** Shards of `source`, merged; what is seen of them. */
class Shards {
  readonly #source = new Subject<Job>();
  readonly seen: Shard<Job>[] = [];
  readonly sent: Job[] = [];

  constructor(
    private readonly race: Race,
    private readonly rules: Pick<Rules, 'shards' | 'end'>,
  ) {}

  /** Splits the stream. */
  split(): Observable<Shard<Job>> {
    const { onEvent } = this.race;
    const indexOf = ({ shard }: Job): number => shard % this.rules.shards;
    return this.#source.pipe(
      shardBy<Job>({ policy: 'custom', indexOf }, { shards: this.rules.shards, onEvent }),
      map((shard) => {
        this.seen.push(shard);
        return shard;
      }),
    );
  }

  /** Sends the jobs, one after another, and ends as drawn. */
  async play(jobs: readonly Job[]): Promise<void> {
    const { race } = this;
    const source = this.#source;
    const pushes = jobs.map((job) => () => {
      if (source.observed) this.sent.push(job);
      source.next(job);
    });
    race.inTurn([...pushes, () => source.complete()]);
    if (this.rules.end === 'error') race.inTurn([() => source.error(sourceError)]);
    if (this.rules.end === 'leave') race.inTurn([() => race.leave()]);
    await race.finish();
  }

  /** Throws unless all of it is over, and nothing is left. */
  expectOver(): void {
    const { race, seen } = this;
    const source = this.#source;
    expect(race.ending).toBeDefined();
    if (race.ending === 'error' && !(race.error instanceof ShardError))
      expect(race.error).toBe(sourceError);
    expect([race.isHaunted, source.observed, race.clock.pending]).toEqual([false, false, 0]);
    if (race.ending !== 'left')
      expect(seen.map(({ pending }) => pending)).toEqual(seen.map(() => 0));
  }
}

const isAscending = (ids: readonly number[]): boolean =>
  ids.every((id, place) => place === 0 || id > (ids[place - 1] ?? NaN));
const idsOf = (jobs: readonly unknown[]): number[] => jobs.map((job) => (job as Job).id);

describe('eachMessage with work by promise', () => {
  it('accounts for every message, whichever is done first', async () => {
    const met = new Tally();
    await checkerOf('mergeShards').checkAsync(
      'races: work',
      10_000,
      [jobList, ruleSet, order],
      async (jobs, rules, which) => {
        const race = new Race(which);
        const shards = new Shards(race, rules);
        /** Jobs in the order in which their work was done, while somebody waited for it. */
        const done: Job[] = [];
        const active = listOf(0, rules.shards - 1).map(() => 0);
        let most = 0;
        const work = (job: Job): ObservableInput<Job> => {
          const shard = job.shard % rules.shards;
          most = Math.max(most, (active[shard] = (active[shard] ?? 0) + 1));
          return new Observable<Job>((listener) => {
            const promise = race.later(() => {
              if (job.fails) throw new Error(`job ${String(job.id)}`);
              if (!listener.closed) done.push(job);
              return job;
            });
            from(promise).subscribe(listener);
            return () => {
              active[shard] = (active[shard] ?? 0) - 1;
            };
          });
        };
        const { concurrency, onShardError } = rules;
        const options = { order: rules.order, onShardError, onEvent: race.onEvent };
        race.subscribe(
          shards.split().pipe(mergeShards(eachMessage(work, { concurrency }), options)),
        );
        await shards.play(jobs);
        shards.expectOver();
        expect(most).toBeLessThanOrEqual(concurrency);
        expect(active.every((count) => count === 0)).toBe(true);
        const isLeft = race.ending === 'left';
        const maxHeld = isLeft ? Infinity : 0;
        const account = accountFor(shards.sent, race.values, race.events, { maxHeld });
        expect(account.problem).toBeUndefined();
        if (rules.order === 'arrival') expect(race.values).toEqual(done);
        else expect(isAscending(idsOf(race.values))).toBe(true);
        met.add(cornersOf(race, done));
      },
    );
    expect(met.rare(workCorners)).toEqual([]);
  });

  it('keeps the results of a message together, whichever come first', async () => {
    await checkerOf('mergeShards').checkAsync(
      'races: results',
      5_000,
      [jobList, upTo(4, 1), upTo(3, 1), order],
      async (jobs, shardCount, concurrency, which) => {
        const race = new Race(which);
        const shards = new Shards(race, { shards: shardCount, end: 'complete' });
        const resultsOf = (job: Job): string[] =>
          listOf(1, job.results).map((n) => `${String(job.id)}/${String(n)}`);
        const work = (job: Job): Observable<string> =>
          from(resultsOf(job)).pipe(concatMap((result) => race.later(() => result)));
        race.subscribe(
          shards
            .split()
            .pipe(
              mergeShards<Job, string>(eachMessage(work, { concurrency }), { order: 'source' }),
            ),
        );
        await shards.play(jobs);
        shards.expectOver();
        expect(race.values).toEqual(jobs.flatMap(resultsOf));
      },
    );
  });
});

const workCorners = [
  ...['complete', 'error', 'left', 'done out of order', 'shard-error', 'shard-restart'],
  ...['dead-letter', 'orphaned', 'discarded'],
];

function cornersOf({ ending, events }: Race, done: readonly Job[]): string[] {
  const corners = [...events.map(({ kind }) => kind), String(ending)];
  if (!isAscending(idsOf(done))) corners.push('done out of order');
  return corners;
}

describe('plain pipelines with promises in them', () => {
  it('are merged in order, by source or by an order of their own', async () => {
    const met = new Tally();
    const ticks = fc.array(upTo(20), { maxLength: 8, size: 'max' });
    const idle = fc.constantFrom(null, 0, 5, 20);
    await checkerOf('mergeShards').checkAsync(
      'races: plain',
      5_000,
      [jobList, upTo(4, 1), idle, ticks, order],
      async (jobs, shardCount, idleMs, clockTicks, which) => {
        const race = new Race(which);
        const { clock, onEvent } = race;
        const shards = new Shards(race, { shards: shardCount, end: 'complete' });
        const by = idleMs === null ? 'source' : { by: ({ id }: Job): number => id, idleMs };
        race.inTurn(clockTicks.map((ms) => () => clock.advanceBy(ms)));
        race.subscribe(
          shards.split().pipe(
            mergeShards<Job, Job>(
              (shard) => shard.pipe(concatMap((job) => race.later(() => job))),
              {
                order: by,
                scheduler: clock,
                onEvent,
              },
            ),
          ),
        );
        await shards.play(jobs);
        shards.expectOver();
        const out = idsOf(race.values);
        expect(isAscending(out)).toBe(true);
        expect(accountFor(jobs, race.values, race.events).problem).toBeUndefined();
        // Only an order that does not wait for ever can be late.
        if (idleMs === null) expect(out).toEqual(idsOf(jobs));
        met.add([...race.events.map(({ kind }) => kind), String(race.ending)]);
      },
    );
    expect(met.rare(['late', 'complete'])).toEqual([]);
  });
});
