import { asapScheduler, type SchedulerLike, type Subscription } from 'rxjs';

/** Sends what has gathered, a while after the first of it: at the end of the turn if that is 0 ms. */
export class FlushTimer {
  /** The flush to come, if there is one. */
  #wakeUp: Subscription | undefined;

  constructor(
    private readonly flush: () => void,
    private readonly waitMs: number,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** Makes sure of a flush. */
  arm(): void {
    const scheduler = this.waitMs === 0 ? asapScheduler : this.scheduler;
    this.#wakeUp ??= scheduler.schedule(() => {
      this.#wakeUp = undefined;
      this.flush();
    }, this.waitMs);
  }

  cancel(): void {
    this.#wakeUp?.unsubscribe();
    this.#wakeUp = undefined;
  }
}
