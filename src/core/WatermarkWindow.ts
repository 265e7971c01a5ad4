import { Heap } from '../structures/Heap.js';
import { type LinkedEntry, LinkedTable } from '../structures/LinkedTable.js';
import type { InvalidReason } from '../types.js';
import type { DedupeWithinEvent } from './DedupeEvent.js';
import { type DedupeLatePolicy, type DedupeSettings, DedupeWindow } from './DedupeWindow.js';
import type { Emitter, Now, Report } from './Machine.js';

export interface WatermarkWindowSettings<T, K> extends DedupeSettings<T, K> {
  readonly eventTimeOf: (message: T) => unknown;
  readonly delayMs: number;
  readonly maxSkewMs: number;
  readonly latePolicy: DedupeLatePolicy;
}

/** A key and when the event that brought it happened. */
interface Seen<K> extends LinkedEntry<K> {
  readonly time: number;
  heapIndex: number;
}

/** How many keys past their time one message clears away, so that no message pays for a leap of the watermark. */
const clearedPerMessage = 4;

/** Remembers each key until the watermark is `delayMs` past its first event, as Spark's dropDuplicatesWithinWatermark. */
export class WatermarkWindow<T, K> extends DedupeWindow<T, K> {
  readonly #seen = new LinkedTable<K, Seen<K>>();
  /** The same, by event time: all windows are equally long, so the oldest event is forgotten first. */
  readonly #byTime = new Heap<Seen<K>>((one, other) => one.time < other.time);
  /** Greatest event time of all messages before. */
  #greatest = -Infinity;

  constructor(
    private readonly settings: WatermarkWindowSettings<T, K>,
    emitter: Emitter<T>,
    report: Report<DedupeWithinEvent<T, K>>,
  ) {
    super(settings.repeatPolicy, emitter, report);
  }

  protected judge(message: T, now: Now): void {
    const { delayMs, eventTimeOf, keyBy, latePolicy } = this.settings;
    const key = keyBy(message);
    const time = eventTimeOf(message) as number;
    const reason = this.#problemOf(time, now);
    if (reason !== undefined) {
      this.report?.({ kind: 'invalid', message, key, reason, passed: false });
      return;
    }
    const watermark = this.#greatest - delayMs;
    if (time <= watermark) {
      this.late(message, key, watermark - time, latePolicy);
      return;
    }
    this.#greatest = Math.max(this.#greatest, time);
    const seen = this.#seen.get(key);
    if (seen !== undefined && seen.time + delayMs > watermark) {
      this.repeat(message, key, seen.time, time);
      return;
    }
    if (seen !== undefined) this.#forget(seen);
    this.#makeRoom(watermark);
    this.#remember(key, time);
    this.emitter.next(message);
  }

  #problemOf(time: number, now: Now): InvalidReason | undefined {
    const { maxSkewMs } = this.settings;
    if (!Number.isFinite(time)) return 'type';
    return maxSkewMs < Infinity && time > now() + maxSkewMs ? 'skew' : undefined;
  }

  #remember(key: K, time: number): void {
    const seen: Seen<K> = { key, time, heapIndex: -1, older: undefined, newer: undefined };
    this.#seen.add(seen);
    this.#byTime.place(seen);
  }

  #forget(seen: Seen<K>): void {
    this.#byTime.remove(seen);
    this.#seen.delete(seen);
  }

  #makeRoom(watermark: number): void {
    for (let cleared = 0; cleared < clearedPerMessage; cleared += 1) {
      const oldest = this.#byTime.top;
      if (oldest === undefined || oldest.time + this.settings.delayMs > watermark) break;
      this.#forget(oldest);
    }
    const oldest = this.#byTime.top;
    if (this.#seen.size < this.settings.maxKeys || oldest === undefined) return;
    this.#forget(oldest);
    this.report?.({ kind: 'evicted', key: oldest.key, first: oldest.time });
  }
}
