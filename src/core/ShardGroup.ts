import { BufferOverflowError } from '../errors.js';
import type { Report } from './Machine.js';
import { Parcel } from './Parcel.js';
import { type ReportParcel, ShardChannel } from './ShardChannel.js';
import type { ShardByEvent } from './ShardEvent.js';
import { type RouteSettings, ShardRouter } from './ShardRouter.js';

export interface ShardSettings<T, K> {
  readonly shards: number;
  readonly route: RouteSettings<T, K>;
  readonly maxPending: number;
  readonly overflowPolicy: 'error' | 'drop-newest' | 'drop-oldest';
}

/** All shards of one stream: numbers the messages and sends each to its shard. */
export class ShardGroup<T, K> {
  readonly channels: readonly ShardChannel<T>[];
  readonly #router: ShardRouter<T, K>;
  /** The ticket of the next message. */
  #ticket = 0;

  constructor(
    private readonly settings: ShardSettings<T, K>,
    private readonly report: Report<ShardByEvent<T, K>>,
  ) {
    const router = new ShardRouter<T, K>(settings.route, settings.shards);
    this.#router = router;
    this.channels = router.loads.map(
      (_, index) => new ShardChannel<T>(index, router.loads, this.#reportParcel),
    );
  }

  push(message: T): void {
    const router = this.#router;
    const index = router.route(message);
    const channel = this.channels[index] as ShardChannel<T>;
    if (channel.isClosed) {
      this.#orphan(message, index);
    } else if (channel.pass(this.#ticket, message, router.key, router.keyLoad)) {
      this.#ticket += 1;
    } else if (channel.pending < this.settings.maxPending || this.#makesRoom(channel)) {
      this.#accept(channel, message);
    } else {
      const { maxPending, overflowPolicy } = this.settings;
      router.withdraw();
      this.#tell('overflow', message, router.key, index);
      if (overflowPolicy === 'error') throw new BufferOverflowError('shardBy', maxPending);
    }
  }

  /** The source has completed: the shards do when they have handed everything over. */
  complete(): void {
    for (const channel of this.channels) channel.complete();
  }

  /** Gives account of what is not done: an error ends the stream. */
  discard(): void {
    for (const channel of this.channels) channel.discard();
  }

  /** Nothing more comes from the source: forgets what is not done, unless it has completed. */
  stop(): void {
    for (const channel of this.channels) channel.stop();
  }

  /** The source has failed, and everybody else knows. */
  fail(error: unknown): void {
    for (const channel of this.channels) channel.fail(error);
  }

  /** Does what the policy says about a full shard; returns whether there is room now. */
  #makesRoom(channel: ShardChannel<T>): boolean {
    if (channel.letGo()) return true;
    return this.settings.overflowPolicy === 'drop-oldest' && channel.dropOldest();
  }

  readonly #reportParcel: ReportParcel<T> = (kind, { message, key }, shard) => {
    this.#tell(kind, message, key as K, shard);
  };

  /** There is room; whoever heard of what made it may have had the shard closed. */
  #accept(channel: ShardChannel<T>, message: T): void {
    const { key, keyLoad } = this.#router;
    if (channel.isClosed) this.#orphan(message, channel.index);
    else channel.accept(new Parcel(this.#ticket++, message, key, keyLoad));
  }

  /** The message just routed comes too late for its shard. */
  #orphan(message: T, index: number): void {
    const router = this.#router;
    router.withdraw();
    this.#tell('orphaned', message, router.key, index);
  }

  #tell(
    kind: 'overflow' | 'orphaned' | 'discarded',
    message: T,
    key: K | undefined,
    shard: number,
  ): void {
    this.report?.({ kind, message, key: key as K, shard, passed: false });
  }
}
