import { concatMap, from, map, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  reorderBy,
  shardBy,
  slaTimeout,
  type MergeShardsOptions,
  type Shard,
  type ShardRoute,
} from 'rxjs-reliable';
import type { BaseOptions } from './Rig.js';
import { allSubjects, type AnyEvent, type Numbered } from './subjects.js';

/** An operator, or shards and their merging, that passes messages numbered 0, 1, 2 … on as they come. */
export interface Stage {
  readonly name: string;
  readonly make: (base: BaseOptions<AnyEvent>) => OperatorFunction<Numbered, unknown>;
}

const numberOf = ({ n }: Numbered): number => n as number;

/** Watches everything that can be watched: each message begins a transaction and finishes the one before. */
const watched: Stage['make'] = (base) =>
  slaTimeout<Numbered, unknown>(
    {
      silenceMs: 1_000,
      totalMs: 1e9,
      responseMs: 1_000,
      eventTimeOf: numberOf,
      transaction: { startOf: ({ n }) => n, finishOf: ({ n }) => Number(n) - 1, withinMs: 1_000 },
    },
    { ...base, keyBy: ({ key }) => key },
  );

/** Shards and merges; both tell the same listener. */
export function sharded(
  base: BaseOptions<AnyEvent>,
  route: ShardRoute<Numbered, unknown>,
  pipeline: (shard: Shard<Numbered>) => ReturnType<MonoTypeOperatorFunction<Numbered>>,
  options: MergeShardsOptions<Numbered, Numbered> = {},
): OperatorFunction<Numbered, Numbered> {
  return (source) =>
    source.pipe(
      shardBy<Numbered, unknown>(route, { shards: 3, onEvent: base.onEvent }),
      mergeShards<Numbered, Numbered>(pipeline, { ...base, ...options }),
    );
}

const plain = (shard: Shard<Numbered>) => shard.pipe(map((message) => message));

export const shardStages: readonly Stage[] = [
  {
    name: 'shards by key, merged as they come',
    make: (base) => sharded(base, ({ n }) => String(n), plain),
  },
  {
    name: 'shards in turn, merged by source',
    make: (base) =>
      sharded(base, 'round-robin', (shard) => shard.pipe(concatMap((m) => from([m]))), {
        order: 'source',
      }),
  },
  {
    name: 'the least busy shards, merged by number',
    make: (base) =>
      sharded(base, 'least-busy', plain, {
        order: { by: numberOf, idleMs: 0 },
        latePolicy: 'emit',
      }),
  },
  {
    name: 'shards of eachMessage',
    make: (base) =>
      sharded(
        base,
        { policy: 'least-busy', keyBy: ({ key }) => key },
        eachMessage<Numbered, Numbered>((message) => [message], { concurrency: 2 }),
        { order: 'source' },
      ),
  },
];

/** Every operator that runs in this thread. */
export const stages: readonly Stage[] = [
  ...allSubjects.filter(({ name }) => !name.startsWith("reorderBy by: 't")),
  {
    // Equal bounds and steps would hold every message back by some; here each leaves when the next but one comes.
    name: "reorderBy by: 'time'",
    make: (base) => reorderBy(numberOf, { ...base, by: 'time', boundMs: 0 }),
  },
  { name: 'slaTimeout', make: watched },
  ...shardStages,
];
