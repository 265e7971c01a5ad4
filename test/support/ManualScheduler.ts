import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

/** One action that was scheduled and neither run nor cancelled. */
interface PendingAction {
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * A scheduler in the hands of the test: the clock says what it is set to, and an action runs when it is told to, early,
 * late or never. `timerMs` is the true time by which delays are counted; `clockMs` what `now()` says.
 */
export class ManualScheduler implements SchedulerLike {
  clockMs: number;
  timerMs = 0;
  /** How often the clock was read. */
  reads = 0;
  /** The delays asked for, in order. */
  readonly delays: number[] = [];
  readonly pending = new Set<PendingAction>();
  /** The most that was pending at one time. */
  mostPending = 0;

  constructor(clockMs = 0) {
    this.clockMs = clockMs;
  }

  now(): number {
    this.reads += 1;
    return this.clockMs;
  }

  schedule<S>(
    work: (this: SchedulerAction<S>, state: S) => void,
    delay = 0,
    state?: S,
  ): Subscription {
    this.delays.push(delay);
    const action: PendingAction = {
      dueMs: this.timerMs + delay,
      run: () => {
        this.pending.delete(action);
        work.call(undefined as unknown as SchedulerAction<S>, state as S);
      },
    };
    this.pending.add(action);
    this.mostPending = Math.max(this.mostPending, this.pending.size);
    return new Subscription(() => {
      this.pending.delete(action);
    });
  }

  /** Lets `ms` pass on both clocks, running what becomes due in order. */
  advance(ms: number): void {
    const endMs = this.timerMs + ms;
    for (;;) {
      const [next] = [...this.pending].sort((one, other) => one.dueMs - other.dueMs);
      if (next === undefined || next.dueMs > endMs) break;
      this.#pass(next.dueMs);
      next.run();
    }
    this.#pass(endMs);
  }

  /** Runs the next action now, whenever it is due. */
  fire(): void {
    const [next] = [...this.pending].sort((one, other) => one.dueMs - other.dueMs);
    next?.run();
  }

  #pass(toMs: number): void {
    this.clockMs += Math.max(0, toMs - this.timerMs);
    this.timerMs = Math.max(this.timerMs, toMs);
  }
}
