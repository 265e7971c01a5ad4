import { asyncScheduler, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { DeadlineTimer } from './DeadlineTimer.js';
import { operate, type Outlet } from './operate.js';

/** What decides inside a timed operator; it is woken when it wants to be. */
export interface Timed<T> {
  /** When it wants to be settled; `Infinity` for never. */
  readonly deadlineMs: number;
  /** Does what is due at or before `nowMs`. */
  settle(nowMs: number): void;
  /** Handles a message; what is due by now is settled. */
  push(message: T, now: () => number): void;
  /** Lets go of everything in good order. */
  end(reason: 'completed'): void;
  /** Gives account of everything held: an error ends the stream. */
  discard(): void;
  /** Does what is left to do at the end of an entry. */
  finish?(now: () => number): void;
}

/** Runs something as an entry of its own: settles what is due first, sees to the timer afterwards. */
export type Enter = (work: (now: () => number) => void) => void;

/**
 * Makes an operator that keeps deadlines with one timer. Timers are only wake-ups: every entry settles what is due
 * before it is handled, so that the outcome does not depend on which of message and timer came first.
 * `listen` subscribes notifiers, before the source.
 */
export function operateTimed<T, R, M extends Timed<T> = Timed<T>>(
  scheduler: SchedulerLike | undefined,
  make: (outlet: Outlet<R>, enter: Enter) => M,
  listen?: (timed: M, outlet: Outlet<R>, enter: Enter) => void,
): OperatorFunction<T, R> {
  return operate((outlet) => {
    const enter: Enter = (work) => {
      timer.enter();
      if (timed.deadlineMs < Infinity) timed.settle(timer.now());
      if (outlet.closed) return;
      work(timer.now);
      rest();
    };
    const rest = (): void => {
      if (outlet.closed) return;
      timed.finish?.(timer.now);
      timer.arm(timed.deadlineMs);
    };
    const timer = new DeadlineTimer(scheduler ?? asyncScheduler, () => {
      outlet.enter(() => {
        enter(() => undefined);
      });
    });
    outlet.onTeardown(() => {
      timer.cancel();
    });
    const timed = make(outlet, enter);
    outlet.onFailure = () => {
      timed.discard();
    };
    listen?.(timed, outlet, enter);
    return {
      next(message) {
        timer.enter();
        if (timed.deadlineMs < Infinity) timed.settle(timer.now());
        if (outlet.closed) return;
        timed.push(message, timer.now);
        rest();
      },
      error(error) {
        enter(() => {
          outlet.fail(error);
        });
      },
      complete() {
        enter(() => {
          timed.end('completed');
          outlet.complete();
        });
      },
    };
  });
}
