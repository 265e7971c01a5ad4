/** A sender that answers requests in every wrong way. */
import { Observable, type Subscription } from 'rxjs';
import { type Gap, noSuchMessages, type NoSuchMessages } from 'rxjs-reliable';
import { listOf } from './dedupeOracle.js';
import { failure, type GapMessage, type Reply } from './gapOracle.js';
import type { WatchedClock } from './WatchedClock.js';

/** How the sender answers one request; times in ms. */
export interface Plan {
  readonly mode: keyof typeof modes;
  readonly delayMs: number;
  /** Between one value and the next. */
  readonly stepMs: number;
}

/** A number, a range of numbers, something else, or `absent` ones. */
type Value = number | [number, number] | string | { readonly absent: [number, number] };
type Mode = (first: number, last: number) => readonly Value[];
const every: Mode = (first, last) => listOf(first, last);
const none: Mode = () => [];
export const modes = {
  all: every,
  slow: every,
  partial: (first, last) => listOf(first, last).filter((n) => n % 2 === 0),
  extra: (first, last) => [Math.max(first - 1, 0), last + 1, ...listOf(first, last)],
  wrong: (first, last) => [last + 1, Math.max(first - 2, 0), last + 3],
  far: (first, last) => [last + 10 ** 9, first],
  twice: (first, last) => listOf(first, last).flatMap((n) => [n, n]),
  range: (first, last) => [[first, last]],
  wide: (first, last) => [[Math.max(first - 1, 0), last + 1]],
  absent: (first, last) => [{ absent: [first, last] }],
  absentWide: (first, last) => [{ absent: [Math.max(first - 3, 0), last + 3] }],
  absentPart: (first, last) => [{ absent: [first, first] }, last],
  broken: (first) => ['seven', first],
  endless: (first, last) => listOf(first, last + 2).map(() => first),
  never: none,
  throw: none,
  error: (first) => [first],
  empty: none,
} satisfies Record<string, Mode>;

const noPlan: Plan = { mode: 'never', delayMs: 0, stepMs: 0 };

/** No answer comes at the very instant at which its request is given up: which of them is first is nobody's promise. */
function replyTo(plans: readonly Plan[], ordinal: number, asked: Gap): Reply {
  const { mode, delayMs, stepMs } = plans[ordinal % plans.length] ?? noPlan;
  const timeOf = (index: number): number => {
    const afterMs = delayMs + index * stepMs;
    return afterMs === 0
      ? 0
      : afterMs + Math.floor(((ordinal + 1) * 0.618034 * 2 ** 20) % 2 ** 20) / 2 ** 30;
  };
  const values = modes[mode](Number(asked.first), Number(asked.last)).map((value, index) => ({
    afterMs: timeOf(index),
    value:
      typeof value === 'object' && 'absent' in value
        ? value
        : { id: `answer ${ordinal}.${index}`, seq: value, key: 0, epoch: 0 },
  }));
  const end =
    mode === 'never' || mode === 'endless'
      ? 'never'
      : mode === 'throw' || mode === 'error'
        ? mode
        : 'complete';
  return { values, end, endAfterMs: mode === 'throw' ? 0 : timeOf(values.length) };
}

/** The sender, in the flesh. */
export class Answerer {
  readonly replies: Reply[] = [];
  readonly closedAtMs: number[] = [];
  /** Answers under way, and the most there were. */
  active = 0;
  mostActive = 0;
  /** The most timers there were, apart from those of answers. */
  mostTimers = 0;
  readonly #pending = new Set<object>();
  readonly #beganMs: number;

  constructor(
    private readonly plans: readonly Plan[],
    private readonly clock: WatchedClock,
  ) {
    this.#beganMs = clock.now();
  }

  /** What it said that had to be taken, and more. */
  get said(): readonly unknown[] {
    return this.replies.flatMap(({ values }) => values.map(({ value }) => value));
  }

  countTimers(): void {
    this.mostTimers = Math.max(this.mostTimers, this.clock.pending - this.#pending.size);
  }

  answer(gap: Gap): Observable<GapMessage | NoSuchMessages> {
    const ordinal = this.replies.length;
    const { values, end, endAfterMs } = replyTo(this.plans, ordinal, gap);
    this.replies.push({ values, end, endAfterMs });
    const close = (): void => {
      this.closedAtMs[ordinal] = this.clock.now() - this.#beganMs;
    };
    if (end === 'throw') {
      close();
      throw failure;
    }
    return new Observable((listener) => {
      this.mostActive = Math.max(this.mostActive, (this.active += 1));
      const later = (afterMs: number, act: () => void): void => {
        if (afterMs === 0 && !listener.closed) act();
        else if (!listener.closed) listener.add(this.#schedule(act, afterMs));
      };
      for (const { afterMs, value } of values) {
        const said = 'id' in value ? value : noSuchMessages(...value.absent);
        later(afterMs, () => listener.next(said));
      }
      if (end === 'error') later(endAfterMs, () => listener.error(failure));
      if (end === 'complete') later(endAfterMs, () => listener.complete());
      return () => {
        this.active -= 1;
        close();
      };
    });
  }

  #schedule(act: () => void, afterMs: number): Subscription {
    const pending = {};
    this.#pending.add(pending);
    const timer = this.clock.schedule(() => {
      this.#pending.delete(pending);
      act();
    }, afterMs);
    timer.add(() => this.#pending.delete(pending));
    return timer;
  }
}
