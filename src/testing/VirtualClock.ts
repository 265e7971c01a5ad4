import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';
import { Heap, type HeapItem } from '../structures/Heap.js';

/** The longest delay that real timers keep to. */
const longestDelayMs = 2 ** 31 - 1;

/** Options of {@link VirtualClock}. */
export interface VirtualClockOptions {
  /** What `now()` reads at first, in ms, any finite number. Default 0. */
  readonly startMs?: number | undefined;
  /**
   * Whether a delay that real timers do not keep to (NaN, `Infinity`, over 2^31-1 ms: they fire at once) is refused
   * with a RangeError. If not, NaN and `Infinity` stay pending for ever and long delays are kept. Default true.
   */
  readonly strict?: boolean | undefined;
  /** How many actions may run in one `flush()`, or at one instant, before it is called endless; 1 or more. Default 1_000_000. */
  readonly maxActions?: number | undefined;
}

/** An action in the queue. */
interface Waiting extends HeapItem {
  /** When it is due, on the timeline. */
  dueMs: number;
  /** Breaks ties: what was scheduled first runs first. */
  order: number;
  run: () => void;
}

/**
 * A scheduler whose time moves only when told to: O(log n) per action, in the order of due times, ties in the order of
 * scheduling.
 *
 * Use it as the `scheduler` of an operator under test, in place of RxJS's `VirtualTimeScheduler`, which sorts its whole
 * queue at every call. It can also do what real clocks do to programs: step back ({@link VirtualClock.stepBack}), wake
 * late ({@link VirtualClock.lateBy}), or stand still while time passes ({@link VirtualClock.block}).
 * An error thrown by an action comes out of the call that advanced the time.
 *
 * @param options - {@link VirtualClockOptions}.
 *
 * @example
 * ```ts
 * import { timer } from 'rxjs';
 * import { VirtualClock } from 'rxjs-reliable/testing';
 *
 * const clock = new VirtualClock();
 * timer(5_000, clock).subscribe(() => console.log(clock.now()));
 * clock.advanceBy(4_999);
 * clock.advanceBy(1);
 * // => 5000
 * ```
 */
export class VirtualClock implements SchedulerLike {
  readonly #queue = new Heap<Waiting>((one, other) =>
    one.dueMs === other.dueMs ? one.order < other.order : one.dueMs < other.dueMs,
  );
  readonly #strict: boolean;
  readonly #maxActions: number;
  /** Time passed on the timeline, which never runs backwards; actions are due on it. */
  #elapsedMs = 0;
  /** What the clock shows beyond the timeline. */
  #offsetMs: number;
  /** How much later than due actions run. */
  #lateMs = 0;
  /** How many actions were placed in the queue. */
  #placed = 0;
  #isRunning = false;

  constructor(options: VirtualClockOptions = {}) {
    const { startMs = 0, strict = true, maxActions = 1_000_000 } = options;
    this.#offsetMs = finite('startMs', startMs, -Infinity);
    this.#strict = strict;
    this.#maxActions = finite('maxActions', maxActions, 1);
  }

  /** What the clock shows, in ms. */
  now(): number {
    return this.#elapsedMs + this.#offsetMs;
  }

  /** How many actions are scheduled and have neither run nor been unsubscribed. */
  get pending(): number {
    return this.#queue.size;
  }

  /** What the clock will show when the next action is due; `Infinity` if there is none. */
  get nextMs(): number {
    return (this.#queue.top?.dueMs ?? Infinity) + this.#offsetMs;
  }

  /** Schedules `work`, as any RxJS scheduler does: it can reschedule itself by `this.schedule(state, delayMs)`. */
  schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delayMs = 0,
    state?: T,
  ): Subscription {
    const waiting: Waiting = { heapIndex: -1, dueMs: 0, order: 0, run: () => undefined };
    const subscription = new Subscription(() => {
      this.#queue.remove(waiting);
    });
    const action: SchedulerAction<T> = Object.assign(subscription, {
      schedule: (nextState?: T, nextDelayMs = 0): Subscription => {
        if (action.closed) return action;
        waiting.run = () => {
          runAction(work, action, nextState);
        };
        this.#place(waiting, nextDelayMs);
        return action;
      },
    });
    return action.schedule(state, delayMs);
  }

  /** Runs what is due until the clock shows `nowMs`; if it shows more already, runs what is overdue. */
  advanceTo(nowMs: number): void {
    finite('nowMs', nowMs, -Infinity);
    this.#run(nowMs - this.#offsetMs, false);
  }

  /** Runs what is due in the next `durationMs`. */
  advanceBy(durationMs: number): void {
    this.#run(this.#elapsedMs + finite('durationMs', durationMs, 0), false);
  }

  /** Runs until nothing is pending that will ever be due. */
  flush(): void {
    this.#run(Number.MAX_VALUE, true);
  }

  /** Lets `durationMs` pass without anything running, as if the thread were busy: what is due meanwhile runs late. */
  block(durationMs: number): void {
    this.#elapsedMs += finite('durationMs', durationMs, 0);
  }

  /** Sets what the clock shows, as when the system clock is corrected: timers run on as they would have. */
  setNow(nowMs: number): void {
    this.#offsetMs = finite('nowMs', nowMs, -Infinity) - this.#elapsedMs;
  }

  /** Sets the clock back by `stepMs`: {@link VirtualClock.setNow}. */
  stepBack(stepMs: number): void {
    this.#offsetMs -= finite('stepMs', stepMs, 0);
  }

  /** From now on every action runs `latenessMs` after it is due, as on a throttled tab. 0 is punctual again. */
  lateBy(latenessMs: number): void {
    this.#lateMs = finite('latenessMs', latenessMs, 0);
  }

  #place(waiting: Waiting, delayMs: number): void {
    const isKept = delayMs <= longestDelayMs;
    if (this.#strict && !isKept) {
      throw new RangeError(
        `VirtualClock: real timers fire at once for a delay of ${String(delayMs)} ms`,
      );
    }
    waiting.dueMs = isKept || delayMs > 0 ? this.#elapsedMs + Math.max(delayMs, 0) : Infinity;
    waiting.order = this.#placed++;
    this.#queue.place(waiting);
  }

  #run(untilMs: number, isFlush: boolean): void {
    if (this.#isRunning) {
      throw new Error('VirtualClock: an action cannot advance the time; block() lets it pass');
    }
    this.#isRunning = true;
    try {
      this.#runDue(Math.max(untilMs, this.#elapsedMs), isFlush);
    } finally {
      this.#isRunning = false;
    }
    if (!isFlush) this.#elapsedMs = Math.max(untilMs, this.#elapsedMs);
  }

  #runDue(untilMs: number, isFlush: boolean): void {
    let count = 0;
    for (;;) {
      const next = this.#queue.top;
      if (next === undefined) return;
      const wakeMs = Math.max(next.dueMs + this.#lateMs, this.#elapsedMs);
      if (wakeMs > untilMs) return;
      count = isFlush || wakeMs === this.#elapsedMs ? count + 1 : 1;
      if (count > this.#maxActions) {
        throw new Error(
          `VirtualClock: more than ${String(this.#maxActions)} actions by ${String(this.now())} ms; does one re-arm itself for ever?`,
        );
      }
      this.#elapsedMs = wakeMs;
      this.#queue.remove(next);
      next.run();
    }
  }
}

/** Runs an action; one that throws is over. */
function runAction<T>(
  work: (this: SchedulerAction<T>, state?: T) => void,
  action: SchedulerAction<T>,
  state: T | undefined,
): void {
  try {
    work.call(action, state);
  } catch (error) {
    action.unsubscribe();
    throw error;
  }
}

function finite(name: string, value: number, least: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new RangeError(`VirtualClock: \`${name}\` cannot be ${String(value)}`);
}
