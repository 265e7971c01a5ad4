import { LinkedTable } from '../structures/LinkedTable.js';
import type { DedupeWithinEvent } from './DedupeEvent.js';
import { type DedupeSettings, DedupeWindow } from './DedupeWindow.js';
import type { Emitter, Report } from './Machine.js';

export interface CountWindowSettings<T, K> extends DedupeSettings<T, K> {
  readonly count: number;
}

/** Remembers the last few distinct keys, first in first out. */
export class CountWindow<T, K> extends DedupeWindow<T, K> {
  readonly #seen = new LinkedTable<K, undefined>();

  constructor(
    private readonly settings: CountWindowSettings<T, K>,
    emitter: Emitter<T>,
    report: Report<DedupeWithinEvent<T, K>>,
  ) {
    super(settings.repeatPolicy, emitter, report);
  }

  push(message: T): void {
    const { count, keyBy } = this.settings;
    const key = keyBy(message);
    const seen = this.#seen;
    if (seen.get(key) !== undefined) {
      this.repeat(message, key);
      return;
    }
    if (seen.size >= count && seen.oldest !== undefined) seen.delete(seen.oldest);
    seen.add(key, undefined);
    this.emitter.next(message);
  }
}
