import { concatMap, NEVER, type OperatorFunction, type Subject } from 'rxjs';
import {
  dedupeWithin,
  eachMessage,
  mergeShards,
  reorderBy,
  sequenceGaps,
  type Shard,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import type { VirtualClock } from 'rxjs-reliable/testing';

/** What they are sent. */
export interface Message {
  readonly seq: number;
  readonly payload: readonly number[];
}

/** Makes one of them. */
export type Make = (scheduler: VirtualClock) => OperatorFunction<Message, unknown>;

const seqOf = ({ seq }: Message): number => seq;
const sharded =
  (pipeline: (shard: Shard<Message>) => OperatorFunction<Message, Message>): Make =>
  () =>
  (source) =>
    source.pipe(
      shardBy<Message, number>(seqOf, { shards: 4, maxPending: 2_000 }),
      mergeShards((shard) => shard.pipe(pipeline(shard)), { order: 'source' }),
    );

/** Operators that hold what they are sent, or something for it. */
export const holdingOperators: Readonly<Record<string, Make>> = {
  'sequenceGaps with gaps': (scheduler) =>
    sequenceGaps(seqOf, { scheduler, recover: { request: () => NEVER } }),
  'reorderBy sequence': (scheduler) => reorderBy(seqOf, { scheduler, maxBuffer: 2_000, first: 0 }),
  'reorderBy sparse': (scheduler) =>
    reorderBy(seqOf, { scheduler, by: 'sparse', maxBuffer: 2_000 }),
  'reorderBy time': (scheduler) =>
    reorderBy(seqOf, { scheduler, by: 'time', boundMs: 1e6, maxBuffer: 2_000 }),
  'dedupeWithin a time': (scheduler) => dedupeWithin(1_000, { scheduler }),
  'dedupeWithin a count': () => dedupeWithin({ kind: 'count', count: 2_000 }),
  'slaTimeout transactions': (scheduler) =>
    slaTimeout(
      { transaction: { startOf: (message) => message, finishOf: () => undefined, withinMs: 1e6 } },
      { scheduler },
    ),
  'slaTimeout keys': (scheduler) => slaTimeout(1_000, { scheduler, keyBy: (message) => message }),
  'shardBy alone': () => shardBy<Message, number>(seqOf, { shards: 4, maxPending: 2_000 }),
  'mergeShards of plain pipelines': sharded(() => concatMap(() => NEVER)),
  'mergeShards of eachMessage': () => (source) =>
    source.pipe(
      shardBy<Message, number>(seqOf, { shards: 4, maxPending: 2_000 }),
      mergeShards(
        eachMessage<Message, Message>(() => NEVER, { concurrency: 2 }),
        { order: 'source' },
      ),
    ),
};

/** Every other number is missing. */
export const messageAt = (index: number): Message => ({ seq: 1 + 2 * index, payload: [index] });

/** Subscribes, sends three messages, and leaves, `count` times. */
export function cycle(
  source: Subject<Message>,
  operator: OperatorFunction<Message, unknown>,
  count: number,
): void {
  for (let index = 0; index < count; index += 1) {
    const subscription = source.pipe(operator).subscribe();
    for (let sent = 0; sent < 3; sent += 1) source.next(messageAt(sent));
    subscription.unsubscribe();
  }
}
