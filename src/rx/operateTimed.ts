import { asyncScheduler, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { DeadlineTimer } from './DeadlineTimer.js';
import { type Inlet, InletSubscriber, operate, type Outlet } from './operate.js';

/** What decides inside a timed operator; it is woken when it wants to be. */
export interface Timed<T> {
  /** When it wants to be settled; `Infinity` for never, as at the beginning. It moves in entries only. */
  readonly deadlineMs: number;
  /** Does what is due at or before `nowMs`. */
  settle(nowMs: number): void;
  /** Handles a message; what is due by now is settled. Returns true if neither `deadlineMs` moved nor `finish` is needed. */
  push(message: T, now: () => number): boolean;
  /** Lets go of everything in good order. */
  end(reason: 'completed', now: () => number): void;
  /** Gives account of everything held: an error ends the stream. */
  discard(): void;
  /** The stream goes on although the source has completed; it completes the outlet itself. Default: it does not. */
  readonly isOpen?: boolean;
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
  return operate<T, R, TimedInlet<T, R, M>>((outlet) => {
    const inlet = new TimedInlet<T, R, M>(scheduler ?? asyncScheduler, outlet, make);
    listen?.(inlet.timed, outlet, inlet.enter);
    return inlet;
  }, TimedSubscriber);
}

/**
 * Does what its parent and {@link TimedInlet.next} do, in one short function, where nothing can be due: an engine makes one
 * piece of it.
 */
class TimedSubscriber<T, R, M extends Timed<T>> extends InletSubscriber<T, R, TimedInlet<T, R, M>> {
  override next(message: T): void {
    const { inlet, outlet } = this;
    const { timed, timer } = inlet;
    if (this.closed || outlet.busy || timer.isArmed) {
      super.next(message);
      return;
    }
    outlet.busy = true;
    timer.enter();
    try {
      if (!timed.push(message, timer.now)) inlet.finish();
    } catch (error) {
      outlet.fail(error);
    }
    outlet.leave();
  }
}

class TimedInlet<T, R, M extends Timed<T>> implements Inlet<T> {
  readonly timed: M;
  readonly timer: DeadlineTimer;
  /** The same if it has something to do at the end of an entry; many have not: not to look for it every time. */
  readonly #finisher: Required<Pick<Timed<T>, 'finish'>> | undefined;

  constructor(
    scheduler: SchedulerLike,
    private readonly outlet: Outlet<R>,
    make: (outlet: Outlet<R>, enter: Enter) => M,
  ) {
    this.timer = new DeadlineTimer(scheduler, () => {
      outlet.enter(() => {
        this.enter(() => undefined);
      });
    });
    this.timed = make(outlet, this.enter);
    this.#finisher =
      this.timed.finish === undefined ? undefined : (this.timed as Required<Timed<T>>);
    outlet.onFailure = () => {
      this.timed.discard();
    };
    outlet.onTeardown(() => {
      this.timer.cancel();
    });
  }

  readonly enter: Enter = (work) => {
    if (!this.#settle()) return;
    work(this.timer.now);
    this.finish();
  };

  next(message: T): void {
    const timer = this.timer;
    timer.enter();
    if (timer.isArmed && timer.isDue()) {
      this.#settleDue();
      if (this.outlet.closed) return;
    }
    if (!this.timed.push(message, timer.now)) this.finish();
  }

  error(error: unknown): void {
    if (this.#settle()) this.outlet.fail(error);
  }

  complete(): void {
    if (!this.#settle()) return;
    this.timed.end('completed', this.timer.now);
    if (this.timed.isOpen === true) this.finish();
    else this.outlet.complete();
  }

  /** Does what is due by now, and all that comes of it; returns whether the stream goes on. */
  #settle(): boolean {
    this.timer.enter();
    if (this.timer.isArmed && this.timer.isDue()) this.#settleDue();
    return !this.outlet.closed;
  }

  #settleDue(): void {
    const { deadlineMs } = this.timed;
    if (!(deadlineMs <= this.timer.now())) return;
    this.timed.settle(this.timer.now());
    if (this.outlet.closed) return;
    this.#finisher?.finish(this.timer.now);
    // What was asked for just now may be answered already: as if a timer had come first.
    this.outlet.drain();
  }

  /** Ends an entry that left something to do. */
  finish(): void {
    if (!this.outlet.closed) this.#finisher?.finish(this.timer.now);
    // Whoever is called there may have left.
    if (!this.outlet.closed) this.timer.arm(this.timed.deadlineMs);
  }
}
