import { asyncScheduler, type SchedulerAction, type SchedulerLike } from 'rxjs';

declare const performance: { readonly timeOrigin: number; now(): number };

/** `asyncScheduler` on `performance.now`: ms since 1970 that no change of the system clock moves. */
export const monotonicScheduler: SchedulerLike = {
  now() {
    return performance.timeOrigin + performance.now();
  },
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T) {
    return asyncScheduler.schedule(work, delay, state);
  },
};
