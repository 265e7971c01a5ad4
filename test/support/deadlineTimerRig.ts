import { DeadlineTimer } from '../../src/rx/DeadlineTimer.js';
import { ManualScheduler } from './ManualScheduler.js';

/** A timer that is to wake at deadlines, in order, on a scheduler in our hands. */
export class Rig {
  readonly scheduler: ManualScheduler;
  /** Times at which it woke, as the timer sees them. */
  readonly woken: number[] = [];
  readonly timer: DeadlineTimer;
  deadlineMs = Infinity;

  constructor(clockMs = 1_000) {
    this.scheduler = new ManualScheduler(clockMs);
    this.timer = new DeadlineTimer(this.scheduler, () => {
      this.entry();
    });
  }

  /** One entry: settles what is due, as operators do, and sees to the timer. */
  entry(deadlineMs = this.deadlineMs): void {
    this.timer.enter();
    this.deadlineMs = deadlineMs;
    if (this.deadlineMs < Infinity && this.deadlineMs <= this.timer.now()) {
      this.woken.push(this.timer.now());
      this.deadlineMs = Infinity;
    }
    this.timer.arm(this.deadlineMs);
  }

  /** Sets a deadline `ms` from now. */
  in(ms: number): void {
    this.timer.enter();
    this.entry(this.timer.now() + ms);
  }
}
