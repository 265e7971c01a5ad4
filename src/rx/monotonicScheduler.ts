import { asyncScheduler, type SchedulerLike } from 'rxjs';

declare const performance: { readonly timeOrigin: number; now(): number };

/** `asyncScheduler` on `performance.now`: ms since 1970 that no change of the system clock moves. */
export const monotonicScheduler: SchedulerLike = {
  now: () => performance.timeOrigin + performance.now(),
  schedule: asyncScheduler.schedule.bind(asyncScheduler) as SchedulerLike['schedule'],
};
