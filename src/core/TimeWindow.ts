import { TimedKeys } from '../structures/TimedKeys.js';
import type { DedupeWithinEvent } from './DedupeEvent.js';
import { type DedupeSettings, DedupeWindow } from './DedupeWindow.js';
import type { Emitter, Now, Report } from './Machine.js';

export interface TimeWindowSettings<T, K> extends DedupeSettings<T, K> {
  readonly ms: number;
  readonly refresh: boolean;
}

/** How many keys past their time one message clears away, so that no message pays for a long silence. */
const clearedPerMessage = 4;

/** Remembers each key for a time. */
export class TimeWindow<T, K> extends DedupeWindow<T, K> {
  /** Oldest window first: windows are equally long and begin in order of time. */
  readonly #seen = new TimedKeys<K>();

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
    const seen = this.#seen;
    const place = seen.find(key);
    if (place > 0 && this.#isLive(place, nowMs)) {
      if (this.settings.refresh) seen.refresh(place, nowMs);
      this.repeat(message, key, seen.firstMsAt(place), nowMs);
      return;
    }
    if (place > 0) seen.delete(place);
    this.#makeRoom(nowMs);
    seen.add(key, nowMs);
    this.emitter.next(message);
  }

  #isLive(place: number, nowMs: number): boolean {
    return nowMs < this.#seen.sinceMsAt(place) + this.settings.ms;
  }

  #makeRoom(nowMs: number): void {
    const seen = this.#seen;
    for (let cleared = 0; cleared < clearedPerMessage; cleared += 1) {
      const { oldest } = seen;
      if (oldest === 0 || this.#isLive(oldest, nowMs)) break;
      seen.delete(oldest);
    }
    if (seen.size < this.settings.maxKeys) return;
    const { oldest } = seen;
    const key = seen.keyAt(oldest);
    const first = seen.firstMsAt(oldest);
    seen.delete(oldest);
    this.report?.({ kind: 'evicted', key, first });
  }
}
