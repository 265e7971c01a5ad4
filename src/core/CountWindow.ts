import { RecentKeys } from '../structures/RecentKeys.js';
import type { DedupeWithinEvent } from './DedupeEvent.js';
import { type DedupeSettings, DedupeWindow } from './DedupeWindow.js';
import type { Emitter, Report } from './Machine.js';

export interface CountWindowSettings<T, K> extends DedupeSettings<T, K> {
  readonly count: number;
}

/** Remembers the last few distinct keys, first in first out. */
export class CountWindow<T, K> extends DedupeWindow<T, K> {
  readonly #seen: RecentKeys<K>;

  constructor(
    private readonly settings: CountWindowSettings<T, K>,
    emitter: Emitter<T>,
    report: Report<DedupeWithinEvent<T, K>>,
  ) {
    super(settings.repeatPolicy, emitter, report);
    this.#seen = new RecentKeys(settings.count);
  }

  protected judge(message: T): void {
    const key = this.settings.keyBy(message);
    if (this.#seen.add(key)) this.emitter.next(message);
    else this.repeat(message, key);
  }
}
