import { isCleanUpDue } from './isCleanUpDue.js';

/**
 * When the longest-waiting of some positions began to wait, where positions leave from the lowest up: only a position
 * above all earlier ones can ever be the last of its time to leave, so only those are kept, oldest first.
 */
export class WaitQueue<P extends number | bigint> {
  #positions: P[] = [];
  #sinceMs: number[] = [];
  /** Index of the oldest entry; those before it are gone. */
  #head = 0;

  /** Since when the oldest entry waits; `Infinity` if none does. */
  get oldestMs(): number {
    return this.#sinceMs[this.#head] ?? Infinity;
  }

  /** The position of the oldest entry. */
  get oldest(): P | undefined {
    return this.#positions[this.#head];
  }

  /** Whether a position that arrives now has to be entered. */
  isAbove(position: P): boolean {
    const top = this.#positions.at(-1);
    return top === undefined || position > top;
  }

  /** Enters a position above all others. */
  push(position: P, nowMs: number): void {
    // Literals are no larger than they have to be, which counts where every key has its queue.
    if (this.#positions.length === 0) {
      this.#positions = [position];
      this.#sinceMs = [nowMs];
      return;
    }
    this.#positions.push(position);
    this.#sinceMs.push(nowMs);
  }

  /** Removes the positions below `edge`: they have left. */
  leaveBelow(edge: P): void {
    for (;;) {
      const position = this.#positions[this.#head];
      if (position === undefined || position >= edge) break;
      this.#head += 1;
    }
    if (isCleanUpDue(this.#head, this.#positions.length)) this.#compact();
  }

  clear(): void {
    if (this.#positions.length === 0) return;
    this.#positions = [];
    this.#sinceMs = [];
    this.#head = 0;
  }

  #compact(): void {
    this.#positions = this.#positions.slice(this.#head);
    this.#sinceMs = this.#sinceMs.slice(this.#head);
    this.#head = 0;
  }
}
