import type { SchedulerLike, Subscription } from 'rxjs';

/** The longest delay `setTimeout` keeps to; longer waits are made of several. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * The one timer of an operator instance: a wake-up for the earliest deadline, set again only when it has to be.
 * Its time never runs backwards, whatever the scheduler's clock does.
 */
export class DeadlineTimer {
  /** There is a deadline: none was taken back since the last one given. */
  isArmed = false;
  /** The wake-up under way, if any. */
  #wakeUp: Subscription | undefined;
  /** When that wake-up is due; long ago if it has come, until another one is set. */
  #dueMs = Infinity;
  /** Greatest time given out; none smaller is given out after it. */
  #latestMs = -Infinity;
  /** The scheduler's clock as last read, to see it step back. */
  #readMs = -Infinity;
  /** How far that clock has stepped back in all: taken as no time at all. */
  #steppedBackMs = 0;
  /** The time of the entry being handled, read at most once; NaN until then. */
  #entryMs = NaN;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly wake: () => void,
  ) {}

  /** Starts a new entry: the next `now` reads the clock. */
  enter(): void {
    this.#entryMs = NaN;
  }

  /** The time of this entry. */
  readonly now = (): number => {
    if (this.#entryMs !== this.#entryMs) this.#entryMs = this.#read();
    return this.#entryMs;
  };

  /** Whether there may be something to do by now: there is none before the wake-up. */
  isDue(): boolean {
    return this.#dueMs <= this.now();
  }

  /** Makes sure of a wake-up at `deadlineMs`; `Infinity` means none. A wake-up that is due earlier is left to re-arm. */
  arm(deadlineMs: number): void {
    if (deadlineMs === Infinity) {
      if (this.isArmed) this.cancel();
      return;
    }
    if (this.#wakeUp === undefined || deadlineMs < this.#dueMs) {
      this.cancel();
      this.#schedule(deadlineMs);
    }
    this.isArmed = true;
  }

  /** Removes the wake-up. */
  cancel(): void {
    this.isArmed = false;
    this.#wakeUp?.unsubscribe();
    this.#wakeUp = undefined;
    this.#dueMs = Infinity;
  }

  #schedule(deadlineMs: number): void {
    const nowMs = this.now();
    const delayMs = Math.min(Math.max(deadlineMs - nowMs, 0), longestDelayMs);
    this.#dueMs = nowMs + delayMs;
    const wakeUp = this.scheduler.schedule(() => {
      // A timer that fired is proof that its delay is over, even where the clock stepped back meanwhile.
      this.#latestMs = Math.max(this.#latestMs, this.#dueMs);
      this.#wakeUp = undefined;
      this.#dueMs = -Infinity;
      this.wake();
    }, delayMs);
    const hasCome = this.#dueMs === -Infinity;
    if (!hasCome) this.#wakeUp = wakeUp;
  }

  #read(): number {
    const readMs = this.scheduler.now();
    if (readMs === this.#readMs) return this.#latestMs;
    if (readMs < this.#readMs) this.#steppedBackMs += this.#readMs - readMs;
    this.#readMs = readMs;
    this.#latestMs = Math.max(this.#latestMs, readMs + this.#steppedBackMs);
    return this.#latestMs;
  }
}
