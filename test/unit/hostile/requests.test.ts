/** What callbacks return or do: answers at once, answers without end, and messages pushed back into the source. */
import { EMPTY, map, NEVER, Observable, of, type OperatorFunction, Subject, take } from 'rxjs';
import {
  dedupeWithin,
  eachMessage,
  mergeShards,
  reorderBy,
  sequenceGaps,
  type SequenceGapsEvent,
  type SequenceGapsOptions,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { type BaseOptions, Rig } from '../../support/Rig.js';
import type { AnyEvent } from '../../support/subjects.js';

const self = (n: number): number => n;
type Recover = NonNullable<SequenceGapsOptions<number>['recover']>;
const asking = (recover: Recover) =>
  new Rig<number, SequenceGapsEvent<number>>((base) =>
    sequenceGaps<number>(self, { ...base, recover }),
  );

describe('sequenceGaps', () => {
  it('H25: emits an answer that comes at once after the message that showed the gap', () => {
    const rig = asking({ request: ({ first }) => of(Number(first)) }).send(1, 3, 5, 6);
    expect(rig.values).toEqual([1, 3, 2, 5, 4, 6]);
  });

  it('H25: emits an answer at once after other messages that wait', () => {
    const source = new Subject<number>();
    const values: number[] = [];
    source
      .pipe(sequenceGaps<number>(self, { recover: { request: ({ first }) => of(Number(first)) } }))
      .subscribe((n) => {
        values.push(n);
        if (n === 3) source.next(4);
      });
    for (const n of [1, 3, 5]) source.next(n);
    expect([...values].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(values.slice(0, 2)).toEqual([1, 3]);
  });

  it('H27: takes of a million values as many as it asked for', () => {
    let taken = 0;
    const million = function* () {
      for (; taken < 1_000_000; taken += 1) yield 2 + (taken % 3);
    };
    const rig = asking({ request: million, maxAttempts: 1 }).send(1, 5, 6);
    expect(rig.values).toEqual([1, 5, 2, 3, 4, 6]);
    expect(taken).toBeLessThanOrEqual(4);
  });

  it('H27: stops an endless fallback', () => {
    let emitted = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed) subscriber.next(100 + emitted++);
    });
    const rig = asking({ request: () => EMPTY, fallback: () => endless, maxAttempts: 1 }).send(
      1,
      3,
    );
    expect(emitted).toBeLessThanOrEqual(1_026);
    expect(rig.isAlive).toBe(true);
  });

  it(
    'H29: keeps its order though each request feeds the source, 100,000 deep',
    { timeout: 60_000 },
    () => {
      const source = new Subject<number>();
      const values: number[] = [];
      let error: unknown;
      const request: Recover['request'] = ({ last }) => {
        if (Number(last) < 200_000) source.next(Number(last) + 3);
        return [];
      };
      source
        .pipe(
          sequenceGaps<number>(self, {
            scheduler: new VirtualClock(),
            recover: { request, maxAttempts: 1 },
          }),
        )
        .subscribe({
          next: (n) => values.push(n),
          error: (thrown: unknown) => (error = thrown),
        });
      source.next(0);
      source.next(2);
      expect(error).toBeUndefined();
      expect(values.length).toBeGreaterThan(100_000);
      expect(values.every((n, index) => n === 2 * index)).toBe(true);
    },
  );
});

describe('work and pipelines', () => {
  it.each(['arrival', 'source'] as const)(
    'H25, H27: that answer at once and without end are stopped by take, in order of %s',
    (order) => {
      let emitted = 0;
      const endless = new Observable<number>((subscriber) => {
        while (!subscriber.closed) subscriber.next(emitted++);
      });
      const values: number[] = [];
      of(1, 2, 3)
        .pipe(
          shardBy('round-robin', { shards: 2 }),
          mergeShards<number, number>(
            eachMessage<number, number>(() => endless),
            { order },
          ),
          take(5),
        )
        .subscribe((n) => values.push(n));
      expect(values).toEqual([0, 1, 2, 3, 4]);
      expect(emitted).toBe(5);
    },
  );

  it('H27: switchTo without end is stopped by take', () => {
    const clock = new VirtualClock();
    const endless = new Observable<number>((subscriber) => {
      for (let n = 0; !subscriber.closed; n += 1) subscriber.next(n);
    });
    const values: number[] = [];
    const options = { scheduler: clock, breachPolicy: 'switch', switchTo: () => endless } as const;
    NEVER.pipe(slaTimeout<number>(9, options), take(3)).subscribe((n) => values.push(n));
    clock.advanceBy(9);
    expect(values).toEqual([0, 1, 2]);
  });
});

type Base = BaseOptions<AnyEvent>;
/** Each says something about every message but the first. */
const talkative: Readonly<Record<string, (base: Base) => OperatorFunction<number, number>>> = {
  reorderBy: (base) => reorderBy<number>(() => 0, base),
  "reorderBy by: 'time'": (base) =>
    reorderBy<number>((n) => -n, { ...base, by: 'time', boundMs: 0 }),
  sequenceGaps: (base) => sequenceGaps<number>(() => 0, base),
  'dedupeWithin a time': (base) => dedupeWithin<number, number>(9, { ...base, keyBy: () => 0 }),
  'dedupeWithin a count': (base) =>
    dedupeWithin<number, number>({ kind: 'count', count: 9 }, { ...base, keyBy: () => 0 }),
  slaTimeout: (base) => slaTimeout<number>({ responseMs: 9, eventTimeOf: () => NaN }, base),
  shardBy:
    ({ onEvent }) =>
    (source) =>
      source.pipe(
        shardBy<number>('round-robin', {
          shards: 1,
          maxPending: 1,
          overflowPolicy: 'drop-newest',
          onEvent,
        }),
        mergeShards(eachMessage<number, number>(() => NEVER)),
      ),
  mergeShards: (base) => (source) =>
    source.pipe(
      shardBy<number>('round-robin', { shards: 1 }),
      mergeShards<number, number>((shard) => shard, {
        ...base,
        order: { by: () => NaN, idleMs: 0 },
      }),
    ),
  'mergeShards with a poison message': (base) => (source) =>
    source.pipe(
      shardBy<number>('round-robin', { shards: 1 }),
      mergeShards(
        (shard) =>
          shard.pipe(
            map((): number => {
              throw new Error('poison');
            }),
          ),
        { ...base, onShardError: 'restart', maxRestarts: 1_000_000 },
      ),
    ),
};

describe.each(Object.entries(talkative))('onEvent of %s', (_name, make) => {
  it('H29, H36: may feed the source, 100,000 deep', { timeout: 60_000 }, () => {
    const source = new Subject<number>();
    let sent = 0;
    let error: unknown;
    const onEvent = (): void => {
      if (sent < 100_000) source.next(sent++);
    };
    source.pipe(make({ scheduler: new VirtualClock(), onEvent })).subscribe({
      error: (thrown: unknown) => (error = thrown),
    });
    for (let first = 0; first < 2; first += 1) source.next(sent++);
    expect(error).toBeUndefined();
    expect(sent).toBeGreaterThanOrEqual(100_000);
  });
});
