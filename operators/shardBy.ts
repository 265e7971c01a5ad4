import type { OperatorFunction } from 'rxjs';
import { channelProperty } from '../src/core/channelOf.js';
import type { ShardByEvent } from '../src/core/ShardEvent.js';
import { ShardGroup, type ShardSettings } from '../src/core/ShardGroup.js';
import type { RouteSettings } from '../src/core/ShardRouter.js';
import { OptionReader } from '../src/options.js';
import { operate } from '../src/rx/operate.js';
import { shardOf } from '../src/rx/shardOf.js';
import type { Shard } from '../src/types.js';

/** Sends a message to the shard with the least work in flight. */
export interface LeastBusyRoute<T, K> {
  /** Selects this route. */
  readonly policy: 'least-busy';
  /** The message's key: all messages of a key go to one shard as long as any of them is in flight. Default: none. */
  readonly keyBy?: ((message: T) => K) | undefined;
}

/** Sends a message where a function says. */
export interface CustomRoute<T> {
  /** Selects this route. */
  readonly policy: 'custom';
  /** The index of the message's shard; anything but an integer from 0 to `size - 1` ends the stream with a RangeError. */
  readonly indexOf: (message: T, size: number) => number;
}

/**
 * How {@link shardBy} chooses: by the hash of a key (a function that reads it), each shard in turn, the one with the
 * least work in flight, or as a function says.
 */
export type ShardRoute<T, K = undefined> =
  ((message: T) => K) | 'round-robin' | 'least-busy' | LeastBusyRoute<T, K> | CustomRoute<T>;

/** Options of {@link shardBy}. */
export interface ShardByOptions<T, K = undefined> {
  /** How many shards there are, 1 to 1_024. */
  readonly shards: number;
  /** Mixed into the hash of keys, an integer from 0 to 2^32-1. Default 0: a key lands where Kafka puts it. */
  readonly seed?: number | undefined;
  /** How many messages each shard may have that are not done, 1 to 2^24. Default 10_000. */
  readonly maxPending?: number | undefined;
  /**
   * What happens to one message more: `'error'` ends the stream with a {@link BufferOverflowError}, `'drop-newest'`
   * drops it, `'drop-oldest'` drops the oldest one that no pipeline has yet, or the newest if there is none; both with
   * an `overflow` event. Default `'error'`.
   */
  readonly overflowPolicy?: 'error' | 'drop-newest' | 'drop-oldest' | undefined;
  /** Hears of every message that is not done. An error it throws ends the stream. */
  readonly onEvent?: ((event: ShardByEvent<T, K>) => void) | undefined;
}

/**
 * Splits a stream into shards, to be worked on side by side: one for each of N pipelines, workers or connections.
 *
 * Use it before {@link mergeShards}, which runs a pipeline per shard and tells when messages are done. RxJS' `groupBy`
 * has as many groups as keys, and no bounds.
 *
 * - **Emits** all {@link Shard}s at once, as it is subscribed. A shard hands its messages over synchronously, in order.
 * - **Holds** messages for a shard that nobody has subscribed, or whose pipeline is not ready for them. A shard that is
 *   not subscribed holds nobody else up.
 * - **Drops**, each with an event that carries it: what is more than `maxPending` (`overflow`), and what a shard got
 *   whose pipeline is gone (`orphaned`). Round-robin and least-busy avoid such shards.
 * - **Completes** when the source does, and so do the shards, when they have handed everything over.
 * - **Errors** when the source or a callback does, or with `overflowPolicy: 'error'`; so do the shards. What is not done
 *   is `discarded`.
 * - **On unsubscribe** of the stream of shards forgets everything; the shards fall silent.
 *
 * A key's shard is `(murmur2(key) & 0x7fffffff) % shards` as in Kafka's default partitioner: strings as UTF-8, bytes
 * (any ArrayBuffer or view of one) as they are. Numbers, bigints, booleans, null and undefined are hashed as the string
 * they print as. Other keys end the stream with a TypeError. Time per message is O(1), and O(shards) for least-busy.
 *
 * @param route - {@link ShardRoute}.
 * @param options - {@link ShardByOptions}.
 * @throws {@link OptionError} at once if an option cannot be used.
 *
 * @example
 * ```ts
 * import { from, map, mergeMap } from 'rxjs';
 * import { shardBy } from 'rxjs-reliable';
 *
 * from(['a', 'b', 'c', 'd'])
 *   .pipe(
 *     shardBy('round-robin', { shards: 2 }),
 *     mergeMap((shard) => shard.pipe(map((letter) => `${letter} from ${shard.index}`))),
 *   )
 *   .subscribe((text) => console.log(text));
 * // => a from 0
 * // => b from 1
 * // => c from 0
 * // => d from 1
 * ```
 * @see Kafka's DefaultPartitioner and murmur2, Celery's and BullMQ's ways of sharing work.
 */
export function shardBy<T, K = undefined>(
  route: ((message: T) => K) | 'round-robin' | 'least-busy',
  options: ShardByOptions<T, K>,
): OperatorFunction<T, Shard<T>>;
/* eslint-disable @typescript-eslint/unified-signatures -- a string has an `indexOf` too, which would type the one
   given here if both were in one union */
export function shardBy<T, K = undefined>(
  route: LeastBusyRoute<T, K> | CustomRoute<T>,
  options: ShardByOptions<T, K>,
): OperatorFunction<T, Shard<T>>;
export function shardBy<T, K = undefined>(
  route: ShardRoute<T, K>,
  options: ShardByOptions<T, K>,
): OperatorFunction<T, Shard<T>>;
/* eslint-enable @typescript-eslint/unified-signatures */
export function shardBy<T, K = undefined>(
  route: ShardRoute<T, K>,
  options: ShardByOptions<T, K>,
): OperatorFunction<T, Shard<T>> {
  const settings = readOptions(route, options);
  const { onEvent } = options;
  return operate<T, Shard<T>>((outlet) => {
    let isFailing = false;
    // The shards outlive the stream of them.
    let isComplete = false;
    const whileOpen = onEvent && outlet.whileOpen(onEvent);
    const heeded = onEvent && outlet.heeded(onEvent);
    const report: typeof onEvent =
      onEvent && ((event) => (isComplete ? heeded : whileOpen)?.(event));
    const group = new ShardGroup<T, K>(settings, report);
    outlet.onFailure = () => {
      isFailing = true;
      group.discard();
    };
    // The stream of shards fails first, so that nobody takes its error for one of a shard.
    outlet.onFailed = (error) => {
      group.fail(error);
    };
    outlet.onTeardown(() => {
      if (!isFailing) group.stop();
    });
    outlet.enter(() => {
      for (const channel of group.channels) {
        if (outlet.closed) return;
        outlet.next(shardOf(channel, settings.shards, channelProperty(channel)));
      }
    });
    return {
      next: (message) => {
        group.push(message);
      },
      complete: () => {
        group.complete();
        isComplete = !outlet.closed;
        outlet.complete();
      },
    };
  });
}

function readOptions<T, K>(
  route: ShardRoute<T, K>,
  options: ShardByOptions<T, K>,
): ShardSettings<T, K> {
  const reader = new OptionReader('shardBy', options);
  reader.callback('onEvent');
  const seed = reader.count('seed', 0, 0, 2 ** 32 - 1);
  return {
    route: readRoute(route, seed),
    shards: reader.count('shards', NaN, 1, 1_024),
    maxPending: reader.count('maxPending', 10_000, 1),
    overflowPolicy: reader.choice('overflowPolicy', 'error', [
      'error',
      'drop-newest',
      'drop-oldest',
    ]),
  };
}

function readRoute<T, K>(route: ShardRoute<T, K>, seed: number): RouteSettings<T, K> {
  if (typeof route === 'function') return { policy: 'hash', keyBy: route, seed };
  const given: object = typeof route === 'string' ? { policy: route } : route;
  const reader = new OptionReader('shardBy', given, 'route');
  const isPlain = typeof route === 'string';
  const policies = isPlain
    ? (['round-robin', 'least-busy'] as const)
    : (['least-busy', 'custom'] as const);
  const policy = reader.choice<'round-robin' | 'least-busy' | 'custom' | ''>(
    'policy',
    '',
    policies,
  );
  if (policy === 'custom') {
    const { indexOf } = route as CustomRoute<T>;
    reader.selector('route.indexOf', indexOf);
    return { policy, indexOf };
  }
  if (policy === 'round-robin') return { policy };
  reader.callback('keyBy');
  return { policy: 'least-busy', keyBy: (given as LeastBusyRoute<T, K>).keyBy };
}
