import { Heap } from '../structures/Heap.js';
import type { Watch } from './Watch.js';

/**
 * Watches any number of deadlines. A deadline that moves back costs nothing at the time: its watch keeps its place, and is
 * moved when its turn comes.
 */
export class DeadlineTable<T, K> {
  readonly #watches = new Heap<Watch<T, K>>(
    (one, other) => (one.lookMs - other.lookMs || one.order - other.order) < 0,
  );

  /** No deadline is earlier. */
  get deadlineMs(): number {
    return this.#watches.top?.lookMs ?? Infinity;
  }

  /** Watches `watch`, from now on or again. */
  watch(watch: Watch<T, K>): void {
    const { dueMs } = watch;
    if (watch.heapIndex >= 0 && watch.lookMs <= dueMs) return;
    this.#place(watch, dueMs);
  }

  /** Watches it no longer. */
  remove(watch: Watch<T, K>): void {
    this.#watches.remove(watch);
  }

  /** The next watch that is due at or before `nowMs`; it stays in. */
  nextDue(nowMs: number): Watch<T, K> | undefined {
    for (;;) {
      const watch = this.#watches.top;
      if (watch === undefined || watch.lookMs > nowMs) return undefined;
      const { dueMs } = watch;
      if (dueMs === watch.lookMs) return watch;
      this.#place(watch, dueMs);
    }
  }

  #place(watch: Watch<T, K>, lookMs: number): void {
    watch.lookMs = lookMs;
    if (lookMs === Infinity) this.#watches.remove(watch);
    else this.#watches.place(watch);
  }
}
