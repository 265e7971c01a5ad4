import { isCleanUpDue } from './isCleanUpDue.js';

/**
 * When the longest-waiting of some positions began to wait, where positions leave from the lowest up: only a position
 * above all earlier ones can ever be the last of its time to leave, so only those are kept, one for each time, oldest first.
 */
export class WaitQueue<P extends number | bigint> {
  #positions: P[] = [];
  #sinceMs: number[] = [];
  /** Index of the oldest entry; those before it are gone. */
  #head = 0;

  get isEmpty(): boolean {
    return this.#head === this.#positions.length;
  }

  /** Since when the oldest entry waits; `Infinity` if none does. */
  get oldestMs(): number {
    return this.isEmpty ? Infinity : (this.#sinceMs[this.#head] as number);
  }

  /** The position of the oldest entry. */
  get oldest(): P | undefined {
    return this.#positions[this.#head];
  }

  /** Whether a position that arrives now has to be entered. */
  isAbove(position: P): boolean {
    return this.isEmpty || position > (this.#positions[this.#positions.length - 1] as P);
  }

  /** Enters a position above all others. */
  push(position: P, nowMs: number): void {
    if (this.isEmpty) {
      // Literals are no larger than they have to be, which counts where every key has its queue.
      this.#positions = [position];
      this.#sinceMs = [nowMs];
    } else if (this.#sinceMs[this.#sinceMs.length - 1] === nowMs) {
      this.#positions[this.#positions.length - 1] = position;
    } else {
      this.#positions.push(position);
      this.#sinceMs.push(nowMs);
    }
  }

  /** Removes the positions below `edge`: they have left. */
  leaveBelow(edge: P): void {
    const positions = this.#positions;
    let head = this.#head;
    while (edge > (positions[head] as P)) head += 1;
    this.#head = head;
    if (isCleanUpDue(head, positions.length)) this.#compact();
  }

  clear(): void {
    if (this.isEmpty) return;
    this.#head = this.#positions.length;
    this.#compact();
  }

  #compact(): void {
    this.#positions = this.#positions.slice(this.#head);
    this.#sinceMs = this.#sinceMs.slice(this.#head);
    this.#head = 0;
  }
}
