import type { SchedulerAction, Subscription } from 'rxjs';
import { VirtualClock } from 'rxjs-reliable/testing';

/** A virtual clock that knows what an operator does with it, and how much time has passed whatever it shows. */
export class WatchedClock extends VirtualClock {
  /** How many actions were scheduled. */
  scheduled = 0;
  /** The most that were pending at any instant. */
  maxPending = 0;
  /** How often the time was read. */
  reads = 0;
  #steppedBackMs = 0;

  constructor(private readonly startMs: number) {
    // An operator that re-arms itself for ever is found soon.
    super({ startMs, maxActions: 2_000 });
  }

  /** Time passed since the clock was made, in ms; it never runs backwards. */
  get passedMs(): number {
    return super.now() + this.#steppedBackMs - this.startMs;
  }

  override now(): number {
    this.reads += 1;
    return super.now();
  }

  override setNow(nowMs: number): void {
    this.#steppedBackMs += super.now() - nowMs;
    super.setNow(nowMs);
  }

  override stepBack(stepMs: number): void {
    super.stepBack(stepMs);
    this.#steppedBackMs += stepMs;
  }

  override schedule<S>(
    work: (this: SchedulerAction<S>, state?: S) => void,
    delayMs?: number,
    state?: S,
  ): Subscription {
    const action = super.schedule(work, delayMs, state);
    this.scheduled += 1;
    this.maxPending = Math.max(this.maxPending, this.pending);
    return action;
  }
}
