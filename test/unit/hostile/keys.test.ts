/** Keys that a stranger chose: crafted to collide, named like methods, of any type, a million of them, a megabyte long. */
import { NEVER, type OperatorFunction, Subject } from 'rxjs';
import {
  dedupeWithin,
  eachMessage,
  mergeShards,
  reorderBy,
  sequenceGaps,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { heapBytes, largestBytes, longestGrowthMs, longestStepMs } from '../../support/cost.js';
import { craftedBigints, craftedDoubles, craftedIntegers } from '../../support/craftedKeys.js';
import { type BaseOptions, Rig } from '../../support/Rig.js';
import { named, type AnyEvent } from '../../support/subjects.js';
import { VirtualClock } from 'rxjs-reliable/testing';

/** An operator with a table of keys; a message is nothing but its key. */
interface Keyed {
  readonly name: string;
  /** What becomes of a key that comes a second time. */
  readonly again: 'dropped' | 'passed';
  readonly make: (
    base: BaseOptions<AnyEvent>,
    maxKeys: number,
  ) => OperatorFunction<readonly [unknown], unknown>;
}

const keyBy = ([key]: readonly [unknown]): unknown => key;
const zero = (): number => 0;

const keyed: readonly Keyed[] = [
  {
    name: 'dedupeWithin a time',
    again: 'dropped',
    make: (base, maxKeys) => dedupeWithin(1_000, { ...base, keyBy, maxKeys }),
  },
  {
    name: 'dedupeWithin a count',
    again: 'dropped',
    make: (base, count) => dedupeWithin({ kind: 'count', count }, { ...base, keyBy }),
  },
  {
    name: 'dedupeWithin a watermark',
    again: 'dropped',
    make: (base, maxKeys) =>
      dedupeWithin(
        { kind: 'watermark', eventTimeOf: zero, delayMs: 1_000 },
        { ...base, keyBy, maxKeys },
      ),
  },
  {
    name: "dedupeWithin kind: 'sequence'",
    again: 'dropped',
    make: (base, maxKeys) =>
      dedupeWithin({ kind: 'sequence', sequenceOf: zero, size: 1 }, { ...base, keyBy, maxKeys }),
  },
  {
    name: 'reorderBy',
    again: 'dropped',
    make: (base, maxKeys) => reorderBy(zero, { ...base, keyBy, maxKeys }),
  },
  {
    name: 'sequenceGaps',
    again: 'dropped',
    make: (base, maxKeys) =>
      sequenceGaps(zero, { ...base, keyBy, maxKeys, duplicatePolicy: 'drop' }),
  },
  {
    name: 'slaTimeout silence',
    again: 'passed',
    make: (base, maxKeys) =>
      slaTimeout<readonly [unknown], unknown>(9, { ...base, keyBy, maxKeys }),
  },
  {
    name: 'slaTimeout transactions',
    again: 'passed',
    make: (base, maxKeys) =>
      slaTimeout<readonly [unknown], unknown>(
        { transaction: { startOf: keyBy, finishOf: () => undefined, withinMs: 9 } },
        { ...base, maxKeys },
      ),
  },
  {
    name: 'shardBy the least busy, by key',
    again: 'passed',
    make:
      ({ onEvent }, maxPending) =>
      (source) =>
        source.pipe(
          shardBy<readonly [unknown], unknown>(
            { policy: 'least-busy', keyBy },
            { shards: 1, onEvent, maxPending, overflowPolicy: 'drop-oldest' },
          ),
          mergeShards(eachMessage<readonly [unknown], unknown>(() => NEVER)),
        ),
  },
];

/** Sends keys and forgets everything that comes of them. */
function pour(operator: Keyed, maxKeys: number): (key: unknown) => void {
  const source = new Subject<readonly [unknown]>();
  const base = { scheduler: new VirtualClock(), onEvent: () => undefined };
  source.pipe(operator.make(base, maxKeys)).subscribe();
  return (key) => {
    source.next([key]);
  };
}

const count = 16_000;
const integers = craftedIntegers(count);
const doubles = craftedDoubles(count);
const bigints = craftedBigints(count);
/** Crafted keys, and others of their kind. */
const crafted: readonly (readonly [kind: string, crafted: unknown[], spread: unknown[]])[] = [
  ['integers', integers, integers.map((key) => key + 1)],
  ['fractions', doubles, doubles.map((key) => key * 1.1)],
  ['bigints', bigints, bigints.map((key, index) => key + BigInt(index))],
];

/** The least time that the work took, in ms, of several rounds in turn with other work. */
function fastest(rounds: number, ...works: readonly (() => void)[]): number[] {
  const best = works.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    works.forEach((work, index) => {
      const start = performance.now();
      work();
      best[index] = Math.min(best[index] ?? Infinity, performance.now() - start);
    });
  }
  return best;
}

describe.each(crafted)('%s crafted to collide', (_kind, hostile, harmless) => {
  it('H16: are a load for a Map, so that this tests something', { timeout: 60_000 }, () => {
    const fill = (keys: readonly unknown[]) => () => new Set(keys);
    const [slow = 0, fast = 0] = fastest(1, fill(hostile), fill(harmless));
    expect(slow).toBeGreaterThan(5 * fast);
  });

  it.each(named(keyed))(
    'H16: cost no more than twice as much in %s',
    { timeout: 60_000, retry: 3 },
    (__, operator) => {
      const send = (keys: readonly unknown[]) => () => {
        const pouring = pour(operator, 20_000);
        for (const key of keys) pouring(key);
      };
      const [slow = 0, fast = 0] = fastest(4, send(hostile), send(harmless));
      // Each round takes some 10 ms: what is added is for the garbage collector.
      expect(slow).toBeLessThanOrEqual(2 * fast + 5);
    },
  );
});

const anyKeys: readonly unknown[] = [
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf', 'then', '', '0', 'NaN'],
  ...[0, 1.5, NaN, Infinity, -Infinity, 2 ** 53, 5e-324, 1n, 0n, -1n, 2n ** 80n, true, false, null],
  ...[
    Symbol('key'),
    Symbol('key'),
    {},
    {},
    [],
    [1],
    () => 1,
    new Date(0),
    new Date(0),
    Object(1) as unknown,
  ],
];

describe.each(named(keyed))('%s', (_name, operator) => {
  it('H17, H19: takes keys of any kind for ordinary ones, each equal to itself alone', () => {
    const rig = new Rig<readonly [unknown], AnyEvent, unknown>((base) => operator.make(base, 100));
    const first = anyKeys.map((key) => [key] as const);
    const second = anyKeys.map((key) => [key] as const);
    rig.send(...first, ...second);
    const isSeen = operator.name.startsWith('shardBy');
    const kept = operator.again === 'passed' ? [...first, ...second] : first;
    expect(rig.values.map((value) => (value as readonly [unknown])[0])).toEqual(
      isSeen ? [] : kept.map(keyBy),
    );
    expect(rig.isAlive).toBe(true);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(String(Object.create(Object.prototype))).toBe('[object Object]');
  });

  it('H09: takes -0 for 0', () => {
    const rig = new Rig<readonly [unknown], AnyEvent, unknown>((base) => operator.make(base, 1));
    rig.send([0], [-0], [0]);
    expect(rig.events.map(({ kind }) => kind)).not.toContain('evicted');
    expect(rig.events).not.toContainEqual(expect.objectContaining({ reason: 'overflow' }));
  });

  it('H15: takes 100,000 distinct keys in the room of 10,000', { timeout: 60_000 }, () => {
    const maxKeys = 10_000;
    let before = 0;
    const longest = longestStepMs(
      100_000,
      () => {
        before = heapBytes();
        return { step: pour(operator, maxKeys) };
      },
      longestGrowthMs(maxKeys),
    );
    expect(longest).toBeLessThanOrEqual(longestGrowthMs(maxKeys));
    expect(heapBytes() - before).toBeLessThanOrEqual(maxKeys * largestBytes);
  });

  it('H20: keeps no more keys of a megabyte than it may', { timeout: 60_000 }, () => {
    const megabyte = 2 ** 20;
    const pouring = pour(operator, 8);
    const before = heapBytes();
    for (let index = 0; index < 200; index += 1) pouring(`${'k'.repeat(megabyte)}${String(index)}`);
    expect(heapBytes() - before).toBeLessThanOrEqual(16 * megabyte);
  });
});

describe('shardBy by hash', () => {
  it('H20: keeps none of its keys of a megabyte', () => {
    const source = new Subject<string>();
    source
      .pipe(
        shardBy((key) => key, { shards: 4 }),
        mergeShards((shard) => shard),
      )
      .subscribe();
    const before = heapBytes();
    for (let index = 0; index < 50; index += 1) source.next('k'.repeat(2 ** 20) + String(index));
    expect(heapBytes() - before).toBeLessThanOrEqual(8 * 2 ** 20);
  });

  it.each(anyKeys.map((key) => [typeof key, key] as const))(
    'H17, H19: takes a %s for a key if it is a value, and ends with a TypeError if not',
    (type, key) => {
      const rig = new Rig<unknown, AnyEvent, unknown>(
        () => (source) =>
          source.pipe(
            shardBy<unknown, unknown>((message) => message, { shards: 4 }),
            mergeShards((shard) => shard),
          ),
      );
      rig.send(key);
      const isValue = key === null || !['object', 'function', 'symbol'].includes(type);
      expect(rig.values).toEqual(isValue ? [key] : []);
      if (isValue) expect(rig.isAlive).toBe(true);
      else expect(rig.error).toBeInstanceOf(TypeError);
    },
  );
});
