import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { VirtualClock } from 'rxjs-reliable/testing';

/** The longest delay that timers keep to. */
const longestMs = 2 ** 31 - 1;

/** A virtual clock that knows what an operator does with it, and how much time has passed whatever it shows. */
export class WatchedClock extends VirtualClock {
  /** How many actions were scheduled. */
  scheduled = 0;
  /** The most that were pending at any instant. */
  maxPending = 0;
  /** How often the time was read. */
  reads = 0;
  /** The synchronous call under way: an action, or what was begun by hand. */
  call = 0;
  /** Hears of each such call before it begins. */
  onCall: (() => void) | undefined;
  #steppedBackMs = 0;
  #lateMs = 0;
  /** How many of the pending actions are the users' own work. */
  #working = 0;

  /** The same time for the users' own work, which is not the operator's doing. */
  readonly work: SchedulerLike = {
    now: () => super.now(),
    schedule: (work, delayMs, state) => this.#scheduleWork(work as () => void, delayMs, state),
  };

  constructor(private readonly startMs: number) {
    // An operator that re-arms itself for ever is found soon.
    super({ startMs, maxActions: 2_000 });
  }

  /** Time passed since the clock was made, in ms; it never runs backwards. */
  get passedMs(): number {
    return super.now() + this.#steppedBackMs - this.startMs;
  }

  override get pending(): number {
    return super.pending - this.#working;
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

  /** Makes late what the operator schedules from now on, but not the users' work. */
  override lateBy(latenessMs: number): void {
    this.#lateMs = latenessMs;
  }

  override schedule<S>(
    work: (this: SchedulerAction<S>, state?: S) => void,
    delayMs = 0,
    state?: S,
  ): Subscription {
    const action = super.schedule(this.#asCall(work), this.#delayed(delayMs), state);
    this.scheduled += 1;
    this.maxPending = Math.max(this.maxPending, this.pending);
    return action;
  }

  /** Begins another synchronous call. */
  begin(): void {
    this.onCall?.();
    this.call += 1;
  }

  #delayed(delayMs: number): number {
    return this.#lateMs === 0 ? delayMs : Math.min(Math.max(delayMs, 0) + this.#lateMs, longestMs);
  }

  #asCall<S>(work: (this: SchedulerAction<S>, state?: S) => void): typeof work {
    const begin = (): void => this.begin();
    return function (this: SchedulerAction<S>, state?: S) {
      begin();
      work.call(this, state);
    };
  }

  /** Work runs once; nobody reschedules it. */
  #scheduleWork(work: () => void, delayMs?: number, state?: unknown): Subscription {
    let isPending = true;
    const end = (): void => {
      if (isPending) this.#working -= 1;
      isPending = false;
    };
    this.#working += 1;
    const run = this.#asCall(function (this: unknown, given?: unknown) {
      end();
      Reflect.apply(work, this, [given]);
    });
    const action = super.schedule(run, delayMs, state);
    action.add(end);
    return action;
  }
}
