import { concatMap, defer, map, mergeMap, type Observable, of, throwError, timer } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type MergeShardsOptions,
  type Shard,
  shardBy,
  type ShardRoute,
} from 'rxjs-reliable';
import type { ScriptMessage } from 'rxjs-reliable/testing';
import { inWorker } from 'rxjs-reliable/worker';
import { VirtualWorker } from '../VirtualWorker.js';
import { chosen } from './chosen.js';
import type { SharedOptions } from './sharedCase.js';
import type { SharedSubject, SharedTools } from './SharedSubject.js';

type Message = ScriptMessage;

const none = (): number => 0;
/** What routes call, and with which policy they do. */
const routing = { route: 'ends', keyBy: 'ends', indexOf: 'ends' } as const;
const routed = (which: number) => (options: SharedOptions) => ({
  ...options,
  policy: options.policy - (options.policy % 5) + which,
});
const provoke = { route: routed(0), keyBy: routed(3), indexOf: routed(4) };

function routeOf(
  { policy }: SharedOptions,
  { callback }: SharedTools,
): ShardRoute<Message, number | undefined> {
  const keyOf = ({ index }: Message): number => index % 5;
  return chosen<ShardRoute<Message, number | undefined>>(policy, 0, [
    callback('route', keyOf),
    'round-robin',
    'least-busy',
    { policy: 'least-busy', keyBy: callback('keyBy', keyOf) },
    {
      policy: 'custom',
      indexOf: callback('indexOf', ({ index }: Message, size: number) => index % size),
    },
  ]);
}

const shards = (options: SharedOptions, tools: SharedTools) =>
  shardBy<Message, number | undefined>(routeOf(options, tools), {
    ...{ shards: options.shards, maxPending: options.room, onEvent: tools.report },
    overflowPolicy: chosen(options.policy, 3, ['drop-newest', 'drop-oldest', 'error']),
  });

/** Takes its time, or fails; the result is the message. */
function workOn({ failEvery, workMs }: SharedOptions, { inner, work }: SharedTools) {
  return (message: Message): Observable<Message> => {
    const { index } = message;
    const ms = workMs[index % workMs.length] ?? 0;
    const done = defer(() =>
      failEvery > 0 && index % failEvery === failEvery - 1
        ? throwError(() => new Error(`no work on ${String(index)}`))
        : of(message),
    );
    return inner(ms === 0 ? done : timer(ms, work).pipe(mergeMap(() => done)));
  };
}

function merging(
  { policy, room }: SharedOptions,
  { report, scheduler }: SharedTools,
): MergeShardsOptions<Message, Message> {
  return {
    ...{ maxBuffer: room, maxRestarts: 2, onEvent: report, scheduler },
    onShardError: chosen(policy, 5, ['drop', 'restart', 'fail']),
    latePolicy: chosen(policy, 7, ['drop', 'emit']),
  };
}

function mergeSubject(
  name: string,
  orderOf: (options: SharedOptions, tools: SharedTools) => MergeShardsOptions<Message, Message>,
  more: Partial<SharedSubject> = {},
): SharedSubject {
  return {
    name: `mergeShards ${name}`,
    operator: 'mergeShards',
    callbacks: { ...routing, pipeline: 'told' },
    provoke,
    timers: none,
    held: ({ room, shards }) => (shards + 1) * room,
    inner: ({ shards }) => shards,
    ...more,
    make: (options, tools) => (source) => {
      const pipeline = tools.callback('pipeline', (shard: Shard<Message>) =>
        shard.pipe(concatMap(workOn(options, tools))),
      );
      return source.pipe(
        shards(options, tools),
        mergeShards<Message, Message>(pipeline, {
          ...merging(options, tools),
          ...orderOf(options, tools),
        }),
      );
    },
  };
}

/** Runs the work in workers; what comes out is a clone, and stands for the original. */
function makeInWorkers(options: SharedOptions, tools: SharedTools) {
  const { concurrency, policy, room, workMs } = options;
  const { callback, scheduler, work } = tools;
  const pipeline = eachMessage<Message, Message>(
    workOn(options, { ...tools, inner: (one) => one, work }),
    {
      concurrency,
    },
  );
  return (source: Observable<Message>): Observable<Message> =>
    defer(() => {
      const originals = new Map<string, Message>();
      const nameOf = ({ copy, index }: Message): string => `${String(index)}.${String(copy)}`;
      const originalOf = (clone: Message): Message => originals.get(nameOf(clone)) ?? clone;
      const report = (event: unknown): void => {
        const { message } = event as { readonly message?: Message };
        const about = message === undefined ? {} : { message: originalOf(message) };
        tools.report({ ...(event as object), ...about });
      };
      let posts = 0;
      const spawn = callback(
        'spawn',
        () =>
          new VirtualWorker<Message, Message>(
            work,
            () => (workMs[posts++ % workMs.length] ?? 0) >> 2,
            pipeline,
          ),
      );
      const settings = { scheduler, maxBatch: 1 + (room % 4), maxInFlight: concurrency };
      const maxWaitMs = chosen(policy, 8, [5, 0]);
      return source.pipe(
        map((message) => (originals.set(nameOf(message), message), message)),
        shards(options, tools),
        mergeShards<Message, Message>(
          (shard) => shard.pipe(inWorker<Message, Message>(spawn, { ...settings, maxWaitMs })),
          {
            ...merging(options, { ...tools, report }),
            order: chosen(policy, 9, ['source', 'arrival']),
          },
        ),
        map(originalOf),
      );
    });
}

/** `shardBy`, and all that merges what it splits. */
export const shardSubjects: readonly SharedSubject[] = [
  {
    name: 'shardBy',
    operator: 'shardBy',
    callbacks: routing,
    provoke: { ...provoke, onEvent: (options) => ({ ...options, room: 1, waitMs: 200 }) },
    timers: none,
    held: ({ room, shards }) => shards * room,
    inner: ({ shards }) => shards,
    countsFromStart: true,
    // Every other shard is subscribed later, so that its messages wait.
    make: (options, tools) => (source) =>
      source.pipe(
        shards(options, tools),
        mergeMap((shard) =>
          shard.index % 2 === 1
            ? tools.inner(shard)
            : timer(options.waitMs, tools.work).pipe(mergeMap(() => tools.inner(shard))),
        ),
      ),
  },
  mergeSubject('in order of arrival', () => ({ order: 'arrival' })),
  mergeSubject('in source order', () => ({ order: 'source' })),
  mergeSubject(
    'by number',
    ({ waitMs }, { callback }) => ({
      order: { by: callback('by', ({ seq }: Message) => seq), idleMs: waitMs },
    }),
    {
      callbacks: { ...routing, pipeline: 'told', by: 'ends' },
      timers: () => 1,
      countsFromStart: true,
      label: 'seq',
    },
  ),
  {
    name: 'eachMessage',
    operator: 'eachMessage',
    callbacks: { ...routing, work: 'told' },
    provoke,
    timers: none,
    held: ({ room, shards }) => (shards + 1) * room,
    inner: ({ concurrency, shards }) => shards * concurrency,
    make: (options, tools) => (source) => {
      const work = tools.callback('work', workOn(options, tools));
      return source.pipe(
        shards(options, tools),
        mergeShards<Message, Message>(eachMessage(work, { concurrency: options.concurrency }), {
          ...merging(options, tools),
          order: chosen(options.policy, 9, ['source', 'arrival']),
        }),
      );
    },
  },
  {
    name: 'inWorker',
    operator: 'inWorker',
    callbacks: { ...routing, spawn: 'told' },
    provoke,
    timers: ({ shards }) => shards,
    held: ({ room, shards }) => (shards + 1) * room,
    inner: none,
    countsFromStart: true,
    hasWorker: true,
    make: makeInWorkers,
  },
];
