import { Heap, type HeapItem } from '../structures/Heap.js';
import type { SequenceNumber } from '../types.js';
import type { Emitter, Now, Report } from './Machine.js';
import type { ShardResultEvent } from './MergeEvent.js';
import type { ResultOrder } from './ResultOrder.js';
import type { HoldingLimits } from './SourceOrder.js';
import { ShardQueue } from './ShardQueue.js';

export interface KeyOrderSettings<R> extends HoldingLimits {
  readonly orderOf: (result: R) => SequenceNumber;
  readonly idleMs: number;
}

/** A shard's results, first in first out. */
interface Lane<R> extends HeapItem {
  readonly shard: number;
  readonly queue: ShardQueue<R>;
  /** When it last had a result, or was opened. */
  lastMs: number;
  isOpen: boolean;
}

/**
 * A k-way merge: the least of the shards' first results leaves when every shard has one, is over, or has been silent
 * for long enough.
 */
export class KeyOrder<R> implements ResultOrder<R> {
  /** When the last shard that is waited for becomes idle; `Infinity` if nothing waits. */
  deadlineMs: number = Infinity;
  readonly isClear: boolean = true;
  readonly #lanes = new Map<number, Lane<R>>();
  /** Those with results, the least one first. */
  readonly #heads = new Heap<Lane<R>>(isBefore);
  #held = 0;
  /** The order of what left last. */
  #left: SequenceNumber = -Infinity;

  constructor(
    private readonly settings: KeyOrderSettings<R>,
    private readonly emitter: Emitter<R>,
    private readonly report: Report<ShardResultEvent<R>>,
  ) {}

  open(shard: number, now: Now): void {
    const queue = new ShardQueue<R>();
    this.#lanes.set(shard, { shard, queue, lastMs: now(), isOpen: true, heapIndex: -1 });
    this.#release(now);
  }

  close(shard: number, now: Now): void {
    const lane = this.#lanes.get(shard);
    if (lane === undefined) return;
    lane.isOpen = false;
    this.#release(now);
  }

  result(value: R, shard: number, _turn: unknown, now: Now): void {
    const lane = this.#lanes.get(shard);
    if (lane === undefined) return;
    const order: unknown = this.settings.orderOf(value);
    lane.lastMs = now();
    if (!isOrder(order)) {
      this.report?.({
        kind: 'invalid',
        message: value,
        shard,
        reason: 'type',
        key: undefined,
        passed: false,
      });
    } else if (order < this.#left) {
      this.#late(value, shard);
    } else {
      lane.queue.push(order, value);
      this.#held += 1;
      if (lane.queue.size === 1) this.#heads.place(lane);
    }
    this.#release(now);
    if (this.#held > this.settings.maxBuffer) this.#overflow(value, shard, now);
  }

  settle(nowMs: number): void {
    this.#release(() => nowMs);
  }

  discard(): void {
    for (const { queue, shard } of this.#lanes.values()) {
      for (const message of queue.values()) {
        this.report?.({
          kind: 'discarded',
          message,
          shard,
          reason: 'error',
          key: undefined,
          passed: false,
        });
      }
    }
    this.#lanes.clear();
    this.deadlineMs = Infinity;
  }

  /** Lets leave what may. */
  #release(now: Now): void {
    this.deadlineMs = this.#awaitedMs();
    while (
      this.#heads.size > 0 &&
      !this.emitter.closed &&
      (this.deadlineMs === -Infinity || this.deadlineMs <= now())
    ) {
      this.#emitLeast();
      this.deadlineMs = this.#awaitedMs();
    }
    if (this.#heads.size === 0) this.deadlineMs = Infinity;
  }

  /** When every open shard without a result will be idle; `-Infinity` if there is none. */
  #awaitedMs(): number {
    if (this.#heads.size === this.#lanes.size) return -Infinity;
    let lastMs = -Infinity;
    for (const lane of this.#lanes.values()) {
      if (lane.isOpen && lane.queue.size === 0 && lane.lastMs > lastMs) lastMs = lane.lastMs;
    }
    return lastMs === -Infinity ? lastMs : lastMs + this.settings.idleMs;
  }

  #emitLeast(): void {
    const lane = this.#heads.top;
    if (lane === undefined) return;
    const { shard, queue } = lane;
    const order = queue.firstOrder;
    const value = queue.shift();
    this.#held -= 1;
    if (queue.size === 0) this.#heads.remove(lane);
    else this.#heads.place(lane);
    if (order < this.#left) {
      this.#late(value, shard);
    } else {
      this.#left = order;
      this.emitter.next(value);
    }
  }

  /** The least result leaves although others are awaited. */
  #overflow(value: R, shard: number, now: Now): void {
    this.report?.({ kind: 'overflow', message: value, shard, key: undefined, passed: true });
    if (this.emitter.closed) return;
    this.#emitLeast();
    this.#release(now);
  }

  #late(value: R, shard: number): void {
    const passed = this.settings.latePolicy === 'emit';
    this.report?.({ kind: 'late', message: value, shard, key: undefined, passed });
    if (passed && !this.emitter.closed) this.emitter.next(value);
  }
}

function isBefore<R>(one: Lane<R>, other: Lane<R>): boolean {
  const { firstOrder } = one.queue;
  const { firstOrder: otherOrder } = other.queue;
  return firstOrder < otherOrder || (!(otherOrder < firstOrder) && one.shard < other.shard);
}

function isOrder(order: unknown): order is SequenceNumber {
  return typeof order === 'bigint' || Number.isFinite(order);
}
