import { NEVER, of, type OperatorFunction } from 'rxjs';
import type * as Library from 'rxjs-reliable';
import type { VirtualClock } from 'rxjs-reliable/testing';

/** What they are sent. */
export interface Message {
  readonly seq: number;
  readonly key: number;
  readonly atMs: number;
}

/** Makes an operator that holds `room` things at most, for `room` keys. */
export type MakeBounded = (
  library: typeof Library,
  room: number,
  scheduler: VirtualClock,
) => OperatorFunction<Message, unknown>;

const seqOf = ({ seq }: Message): number => seq;
const timeOf = ({ atMs }: Message): number => atMs;
const keyBy = ({ key }: Message): number => key;
const policies = { overflowPolicy: 'skip', latePolicy: 'drop' } as const;

const sharded =
  (order: 'arrival' | 'source' | 'key'): MakeBounded =>
  ({ eachMessage, mergeShards, shardBy }, room, scheduler) =>
  (source) =>
    source.pipe(
      shardBy<Message, number>(order === 'arrival' ? keyBy : { policy: 'least-busy', keyBy }, {
        shards: 2,
        maxPending: room,
        overflowPolicy: 'drop-oldest',
      }),
      mergeShards(
        // Much of the work never ends.
        eachMessage((message) => (message.key % 3 === 0 ? of(message) : NEVER), { concurrency: 4 }),
        {
          ...{ scheduler, maxBuffer: room },
          order: order === 'key' ? { by: timeOf, idleMs: Infinity } : order,
        },
      ),
    );

/** Every way to hold something, bounded, and how much: so many places at most, and so many for each of `room`. */
export const boundedOperators: Readonly<
  Record<string, { readonly make: MakeBounded; readonly fixed: number; readonly each: number }>
> = {
  'sequenceGaps of one sequence': {
    fixed: 200,
    each: 14,
    make: ({ sequenceGaps }, room, scheduler) =>
      sequenceGaps<Message>(seqOf, { scheduler, maxGaps: room, toleranceMs: 20 }),
  },
  'sequenceGaps by keys': {
    fixed: 400,
    each: 66,
    make: ({ sequenceGaps }, room, scheduler) =>
      sequenceGaps(seqOf, {
        ...{ scheduler, keyBy, maxKeys: room, maxGaps: 4 },
        duplicatePolicy: 'drop',
      }),
  },
  'sequenceGaps that asks': {
    fixed: 260,
    each: 39,
    make: ({ sequenceGaps }, room, scheduler) =>
      sequenceGaps<Message>(seqOf, {
        ...{ scheduler, maxGaps: room },
        recover: { request: () => NEVER, maxInFlight: room, timeoutMs: 50, maxRange: 8 },
      }),
  },
  'reorderBy sequence': {
    fixed: 4600,
    each: 7,
    make: ({ reorderBy }, room, scheduler) =>
      reorderBy<Message>(seqOf, { ...policies, scheduler, maxBuffer: room, maxWaitMs: 100 }),
  },
  'reorderBy sequence by keys': {
    fixed: 200,
    each: 4500,
    make: ({ reorderBy }, room, scheduler) =>
      reorderBy(seqOf, {
        ...{ ...policies, scheduler, keyBy, maxKeys: room, maxBuffer: 4, maxWaitMs: 100 },
      }),
  },
  'reorderBy sparse': {
    fixed: 350,
    each: 8,
    make: ({ reorderBy }, room, scheduler) =>
      reorderBy<Message>(seqOf, {
        ...{ ...policies, scheduler, by: 'sparse', maxBuffer: room, maxWaitMs: 100 },
      }),
  },
  'reorderBy time': {
    fixed: 300,
    each: 9,
    make: ({ reorderBy }, room, scheduler) =>
      reorderBy<Message>(timeOf, {
        ...{ ...policies, scheduler, by: 'time', boundMs: 1e6, maxBuffer: room },
      }),
  },
  'dedupeWithin a time': {
    fixed: 200,
    // Words of four bytes in columns rather than places in objects.
    each: 16,
    make: ({ dedupeWithin }, room, scheduler) =>
      dedupeWithin<Message, number>(1e6, { scheduler, keyBy, maxKeys: room }),
  },
  'dedupeWithin a count': {
    fixed: 150,
    each: 5,
    make: ({ dedupeWithin }, room) =>
      dedupeWithin<Message, number>({ kind: 'count', count: room }, { keyBy }),
  },
  'dedupeWithin a watermark': {
    fixed: 130,
    each: 12,
    make: ({ dedupeWithin }, room, scheduler) =>
      dedupeWithin<Message, number>(
        { kind: 'watermark', eventTimeOf: timeOf, delayMs: 1e6 },
        { scheduler, keyBy, maxKeys: room },
      ),
  },
  'dedupeWithin a sequence': {
    fixed: 150,
    each: 44,
    make: ({ dedupeWithin }, room) =>
      dedupeWithin<Message, number>(
        { kind: 'sequence', sequenceOf: seqOf, size: 64 },
        { keyBy, maxKeys: room },
      ),
  },
  'slaTimeout silences': {
    fixed: 160,
    each: 20,
    make: ({ slaTimeout }, room, scheduler) =>
      slaTimeout<Message, number>(1e6, { scheduler, keyBy, maxKeys: room }),
  },
  'slaTimeout transactions': {
    fixed: 420,
    each: 20,
    make: ({ slaTimeout }, room, scheduler) =>
      slaTimeout<Message, number>(
        {
          transaction: {
            ...{ startOf: keyBy, withinMs: 1e6 },
            finishOf: ({ key, seq }) => (seq % 2 === 0 ? key : undefined),
          },
        },
        {
          ...{ scheduler, maxKeys: room },
          objective: { ratio: 0.99, windowMs: 1_000 },
        },
      ),
  },
  'shards in order of arrival': { fixed: 490, each: 20, make: sharded('arrival') },
  'shards in order of the source': { fixed: 520, each: 48, make: sharded('source') },
  'shards in order of a key': { fixed: 530, each: 28, make: sharded('key') },
};
