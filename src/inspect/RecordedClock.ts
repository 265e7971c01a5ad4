import { type SchedulerLike, Subscription } from 'rxjs';

/**
 * The time of the recording. It stands still between two messages, and that is enough: an operator settles all its
 * deadlines before it handles a message, so timers are only wake-ups, and none ever fires here.
 */
export class RecordedClock implements SchedulerLike {
  /** How many times the recorded time ran backwards; that counts as no time at all. */
  stepsBack = 0;
  #nowMs = -Infinity;

  now(): number {
    return this.#nowMs;
  }

  schedule(): Subscription {
    return Subscription.EMPTY;
  }

  advanceTo(timeMs: number): void {
    if (timeMs >= this.#nowMs) this.#nowMs = timeMs;
    else this.stepsBack += 1;
  }
}
