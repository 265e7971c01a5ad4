import { type LinkedEntry, LinkedTable } from '../structures/LinkedTable.js';
import type { DedupeWithinEvent } from './DedupeEvent.js';
import { type DedupeSettings, DedupeWindow } from './DedupeWindow.js';
import type { Emitter, Now, Report } from './Machine.js';

export interface TimeWindowSettings<T, K> extends DedupeSettings<T, K> {
  readonly ms: number;
  readonly refresh: boolean;
}

/** When a key was seen. */
interface Seen<K> extends LinkedEntry<K> {
  firstMs: number;
  /** From when on its window counts: the first time, or with `refresh` the last. */
  sinceMs: number;
}

/** How many keys past their time one message clears away, so that no message pays for a long silence. */
const clearedPerMessage = 4;

/** Remembers each key for a time. */
export class TimeWindow<T, K> extends DedupeWindow<T, K> {
  /** Oldest window first: windows are equally long and begin in order of time. */
  readonly #seen = new LinkedTable<K, Seen<K>>();

  constructor(
    private readonly settings: TimeWindowSettings<T, K>,
    emitter: Emitter<T>,
    report: Report<DedupeWithinEvent<T, K>>,
  ) {
    super(settings.repeatPolicy, emitter, report);
  }

  protected judge(message: T, now: Now): void {
    const key = this.settings.keyBy(message);
    const nowMs = now();
    const known = this.#seen.get(key);
    if (known !== undefined && this.#isLive(known, nowMs)) {
      if (this.settings.refresh) {
        known.sinceMs = nowMs;
        this.#seen.refresh(known);
      }
      this.repeat(message, key, known.firstMs, nowMs);
      return;
    }
    if (known !== undefined) this.#seen.delete(known);
    this.#makeRoom(nowMs);
    const entry = { key, firstMs: nowMs, sinceMs: nowMs, older: undefined, newer: undefined };
    this.#seen.add(entry);
    this.emitter.next(message);
  }

  #isLive(entry: Seen<K>, nowMs: number): boolean {
    return nowMs < entry.sinceMs + this.settings.ms;
  }

  #makeRoom(nowMs: number): void {
    const seen = this.#seen;
    for (let cleared = 0; cleared < clearedPerMessage; cleared += 1) {
      const { oldest } = seen;
      if (oldest === undefined || this.#isLive(oldest, nowMs)) break;
      seen.delete(oldest);
    }
    const { oldest } = seen;
    if (seen.size < this.settings.maxKeys || oldest === undefined) return;
    seen.delete(oldest);
    this.report?.({ kind: 'evicted', key: oldest.key, first: oldest.firstMs });
  }
}
