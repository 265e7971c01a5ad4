import type { Shard } from '../types.js';
import type { Now, Report } from './Machine.js';
import type { MergeShardsEvent } from './MergeEvent.js';
import type { ResultOrder } from './ResultOrder.js';
import { channelOf } from './channelOf.js';
import { type PipelineHost, ShardRun } from './ShardRun.js';

export interface MergeSettings<T> {
  /** Makes a shard's pipeline. */
  readonly pipeline: (shard: Shard<T>) => unknown;
  readonly onShardError: 'fail' | 'drop' | 'restart';
  readonly maxRestarts: number;
}

/** Runs a pipeline for every shard, and puts their results in order. */
export class ShardMerge<T, R> {
  /** It says when the stream is complete. */
  readonly isOpen: boolean = true;
  /** By index of their shards. */
  readonly #runs = new Map<number, ShardRun<T, R>>();
  /** How many pipelines are running. */
  #running = 0;
  #isSourceDone = false;

  constructor(
    private readonly settings: MergeSettings<T>,
    private readonly order: ResultOrder<R>,
    private readonly host: PipelineHost & { complete(): void },
    private readonly report: Report<MergeShardsEvent<T, R>>,
  ) {}

  get deadlineMs(): number {
    return this.order.deadlineMs;
  }

  settle(nowMs: number): void {
    this.order.settle(nowMs);
  }

  /** Begins to merge a shard. */
  push(shard: Shard<T>, now: Now): false {
    const channel = channelOf<T>(shard, 'mergeShards');
    const { index } = channel;
    if (this.#runs.has(index)) {
      throw new TypeError(
        `mergeShards: there are two shards ${String(index)}; the shards of each shardBy need a mergeShards of their own`,
      );
    }
    const { onShardError, maxRestarts, pipeline } = this.settings;
    const { order, host, report } = this;
    const onOver = (): void => {
      this.#running -= 1;
      this.#completeIfDone();
    };
    const run = new ShardRun<T, R>(
      { order, host, report, onShardError, maxRestarts, onOver },
      channel,
      () => pipeline(shard),
    );
    this.#runs.set(index, run);
    this.#running += 1;
    order.open(index, now);
    run.start();
    return false;
  }

  /** There are no more shards. */
  end(): void {
    this.#isSourceDone = true;
    this.#completeIfDone();
  }

  discard(): void {
    this.order.discard();
    for (const run of this.#runs.values()) run.discard();
  }

  /** Nobody listens any more. */
  leave(): void {
    for (const run of this.#runs.values()) run.leave();
  }

  #completeIfDone(): void {
    if (this.#isSourceDone && this.#running === 0) this.host.complete();
  }
}
