import type { Oracle } from './oracle.js';
import type { TimedEntry } from './runTimed.js';

/** One oracle for each key; the key that was not used for longest goes when there are too many. */
export class KeyedOracle<T, K> implements Oracle<T> {
  readonly log: TimedEntry[] = [];
  /** The least recently used first. */
  #keys: { readonly key: K; readonly oracle: Oracle<T> }[] = [];

  constructor(
    private readonly keyOf: (message: T) => K,
    private readonly maxKeys: number,
    private readonly make: (key: K, log: TimedEntry[]) => Oracle<T>,
  ) {}

  get held(): T[] {
    return this.#keys.flatMap(({ oracle }) => oracle.held);
  }

  dueMs(): number {
    return Math.min(...this.#keys.map(({ oracle }) => oracle.dueMs()));
  }

  settle(nowMs: number): void {
    for (const { oracle } of this.#keys) oracle.settle(nowMs);
  }

  take(message: T, nowMs: number): void {
    const key = this.keyOf(message);
    const known = this.#keys.find((one) => one.key === key);
    if (known === undefined && this.#keys.length === this.maxKeys) this.#evict(nowMs);
    const used = known ?? { key, oracle: this.make(key, this.log) };
    this.#keys = [...this.#keys.filter((one) => one !== used), used];
    used.oracle.take(message, nowMs);
  }

  finish(reason: 'completed' | 'evicted', nowMs: number): void {
    for (const { oracle } of this.#keys) oracle.finish(reason, nowMs);
  }

  discard(nowMs: number): void {
    for (const { oracle } of this.#keys) oracle.discard(nowMs);
  }

  #evict(nowMs: number): void {
    const oldest = this.#keys.shift();
    if (oldest === undefined) return;
    oldest.oracle.finish('evicted', nowMs);
    const event = { kind: 'evicted', key: oldest.key };
    this.log.push({ atMs: nowMs, kind: 'event', event });
  }
}
