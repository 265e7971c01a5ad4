import { isDeepStrictEqual } from 'node:util';
import { Observable, type OperatorFunction, Subject, type Subscriber, Subscription } from 'rxjs';
import { applyClockFault, type ClockRecord, type ControlScript } from 'rxjs-reliable/testing';
import { WatchedClock } from './WatchedClock.js';

/** A message and when it arrives, in ms after the subscription. */
export interface TimedMessage<T> {
  readonly atMs: number;
  readonly message: T;
}

/** What befalls an operator. */
export interface TimedScript<T> {
  /** In the order of arrival. */
  readonly arrivals: readonly TimedMessage<T>[];
  /** Default: the source stays open, and the consumer leaves when no timer is left. */
  readonly control?: ControlScript | undefined;
  /** What the clock shows at first. Default 0. */
  readonly startMs?: number | undefined;
  /** Whether a message or the end comes before the timer that is due at the same instant. Default false. */
  readonly isMessageFirst?: boolean | undefined;
  /** How much too late timers are. Default 0. */
  readonly timersLateMs?: number | undefined;
  /** When the clock is set back, and how far; in the order of time. Default: never. */
  readonly stepsBack?: readonly { readonly atMs: number; readonly stepMs: number }[] | undefined;
  /** What else the clock does. Default: nothing. */
  readonly clockFaults?: readonly ClockRecord[] | undefined;
  /** Does what a consumer does within `next`, and may send more or leave. */
  readonly consume?: ((value: unknown, consumer: Consumer<T>) => void) | undefined;
  /** Hears that a subscription is about to begin. */
  readonly onStart?: ((consumer: Consumer<T>, clock: WatchedClock) => void) | undefined;
  /** Hears that a subscription has ended in whatever way, once everything is torn down. */
  readonly onEnd?: (() => void) | undefined;
}

/** What a consumer can do within `next`. */
export interface Consumer<T> {
  send(message: T): void;
  unsubscribe(): void;
}

/** What was heard, and when, in ms after the subscription. */
export type TimedEntry =
  | { readonly atMs: number; readonly kind: 'next'; readonly value: unknown }
  | { readonly atMs: number; readonly kind: 'event'; readonly event: unknown }
  | { readonly atMs: number; readonly kind: 'complete' }
  | { readonly atMs: number; readonly kind: 'error'; readonly error: unknown };

/** What came of a subscription. */
export interface TimedRun<T> {
  /** When the subscription began, in ms after the clock was made. */
  readonly beganMs: number;
  readonly log: readonly TimedEntry[];
  /** The messages that were sent while the source was observed, in order. */
  readonly sent: readonly T[];
  /** How much was heard by the time the operator had taken each of them. */
  readonly heardBy: readonly number[];
  readonly ending: 'complete' | 'error' | 'unsubscribe';
  /** How many timers there were when the stream had ended, and were set after that. */
  readonly timersLeft: number;
  /** How much was heard after the stream had ended. */
  readonly afterEnd: number;
  /** Whether the source was still observed then. */
  readonly isSourceObserved: boolean;
  readonly clock: WatchedClock;
  /** The second subscription to the same observable, if the script says so. */
  readonly again: TimedRun<T> | undefined;
}

/** Makes the operator under test; what it tells `report` is part of the log. */
export type MakeOperator<T> = (
  scheduler: WatchedClock,
  report: (event: unknown) => void,
) => OperatorFunction<T, unknown>;

/** What a source fails with. */
export const sourceError: Error = Object.freeze(new Error('the source failed'));

/** Every so many calls a script is played twice, to see that the log follows from it alone. */
let repeatEvery = 100;
let calls = 0;

/** Does the same as `runTimed`, and now and then twice: `make` must have no memory of its own. */
export function runRepeatably<T>(make: MakeOperator<T>, script: TimedScript<T>): TimedRun<T> {
  calls += 1;
  const rehearsal = calls % repeatEvery === 0 ? runTimed(make, script) : undefined;
  const run = runTimed(make, script);
  if (rehearsal !== undefined && !hasSameLog(run, rehearsal)) {
    // From now on every time, so that the script can be shrunk.
    repeatEvery = 1;
    throw new Error('two runs of one script differ: something else than the script matters');
  }
  return run;
}

function hasSameLog<T>(one: TimedRun<T>, other: TimedRun<T>): boolean {
  const isSame = isDeepStrictEqual([one.log, one.ending], [other.log, other.ending]);
  if (!isSame || one.again === undefined || other.again === undefined) return isSame;
  return hasSameLog(one.again, other.again);
}

/** Subscribes an operator to a source that does what `script` says, on a virtual clock, and writes down what is heard. */
export function runTimed<T>(make: MakeOperator<T>, script: TimedScript<T>): TimedRun<T> {
  const clock = new WatchedClock(script.startMs ?? 0);
  clock.lateBy(script.timersLateMs ?? 0);
  const runs: Run<T>[] = [];
  const input = new Observable<T>((listener) => runs.at(-1)?.listen(listener));
  const output = input.pipe(make(clock, (event) => runs.at(-1)?.hear({ kind: 'event', event })));
  const play = (): TimedRun<T> => {
    const run = new Run(script, clock);
    runs.push(run);
    run.play(output);
    const again = script.control?.resubscribe === true && runs.length === 1 ? play() : undefined;
    return { ...run.result, again };
  };
  return play();
}

/** So much is heard only from an operator in an endless loop. */
const endless = 10_000;

type Heard<E = TimedEntry> = E extends TimedEntry ? Omit<E, 'atMs'> : never;

interface Act {
  readonly atMs: number;
  /** Whether it may come before a timer that is due. */
  readonly isInput: boolean;
  run(): void;
}

/** One subscription, from beginning to end. */
class Run<T> implements Consumer<T> {
  readonly #source = new Subject<T>();
  readonly #log: TimedEntry[] = [];
  readonly #sent: T[] = [];
  readonly #heardBy: number[] = [];
  readonly #beganMs: number;
  readonly #subscription = new Subscription();
  #ending: TimedRun<T>['ending'] = 'unsubscribe';
  #timersLeft = 0;
  #isOver = false;
  #afterEnd = 0;
  /** How many timers had been set when the stream ended. */
  #scheduled = 0;
  #isSourceObserved = false;

  constructor(
    private readonly script: TimedScript<T>,
    private readonly clock: WatchedClock,
  ) {
    this.#beganMs = clock.passedMs;
  }

  get result(): Omit<TimedRun<T>, 'again'> {
    return {
      beganMs: this.#beganMs,
      log: this.#log,
      sent: this.#sent,
      heardBy: this.#heardBy,
      ending: this.#ending,
      timersLeft: this.#timersLeft,
      afterEnd: this.#afterEnd,
      isSourceObserved: this.#isSourceObserved,
      clock: this.clock,
    };
  }

  /** Observes the source. */
  listen(listener: Subscriber<T>): Subscription {
    return this.#source.subscribe(listener);
  }

  hear(heard: Heard): void {
    if (this.#isOver) this.#afterEnd += 1;
    if (heard.kind === 'complete' || heard.kind === 'error') this.#isOver = true;
    this.#log.push({ ...heard, atMs: this.clock.passedMs - this.#beganMs });
    if (this.#log.length >= endless) this.#subscription.unsubscribe();
  }

  send(message: T): void {
    const isHeard = this.#source.observed;
    if (isHeard) this.#sent.push(message);
    this.#source.next(message);
    if (isHeard) this.#heardBy.push(this.#log.length);
  }

  unsubscribe(): void {
    this.#subscription.unsubscribe();
  }

  play(output: Observable<unknown>): void {
    this.clock.begin();
    this.script.onStart?.(this, this.clock);
    this.#subscribe(output);
    for (const act of this.#acts()) {
      this.#goTo(act);
      this.clock.begin();
      act.run();
    }
    this.clock.flush();
    this.#subscription.unsubscribe();
    this.#timersLeft += this.clock.scheduled - this.#scheduled;
    if (this.#log.length >= endless) throw new Error('the log has no end');
  }

  #subscribe(output: Observable<unknown>): void {
    // Who is called while it is being subscribed may leave, too.
    const entrance = new Observable<unknown>((listener) => {
      this.#subscription.add(listener);
      output.subscribe(listener);
    });
    const subscription = entrance.subscribe({
      next: (value) => {
        this.hear({ kind: 'next', value });
        this.script.consume?.(value, this);
      },
      error: (error: unknown) => {
        this.#ending = 'error';
        this.hear({ kind: 'error', error });
      },
      complete: () => {
        this.#ending = 'complete';
        this.hear({ kind: 'complete' });
      },
    });
    // Runs after the operator's own teardown.
    subscription.add(() => {
      this.#timersLeft = this.clock.pending;
      this.#isSourceObserved = this.#source.observed;
      this.#scheduled = this.clock.scheduled;
      this.#isOver = true;
      this.script.onEnd?.();
    });
  }

  /** Everything that is done to the operator, in order; at one instant the clock, messages, the end, leaving. */
  #acts(): Act[] {
    const { arrivals, clockFaults = [], control, stepsBack = [] } = this.script;
    const acts: Act[] = stepsBack.map(({ atMs, stepMs }) => ({
      atMs,
      isInput: false,
      run: () => this.clock.stepBack(stepMs),
    }));
    let faultMs = 0;
    for (const fault of clockFaults) {
      faultMs += fault.gapMs;
      const run = (): void => applyClockFault(this.clock, fault);
      acts.push({ atMs: faultMs, isInput: false, run });
    }
    for (const { atMs, message } of arrivals) {
      acts.push({ atMs, isInput: true, run: () => this.send(message) });
    }
    if (control?.end === 'complete') {
      acts.push({ atMs: control.endAtMs, isInput: true, run: () => this.#source.complete() });
    } else if (control?.end === 'error') {
      const run = (): void => this.#source.error(sourceError);
      acts.push({ atMs: control.endAtMs, isInput: true, run });
    }
    if (typeof control?.unsubscribeAtMs === 'number') {
      const run = (): void => this.unsubscribe();
      acts.push({ atMs: control.unsubscribeAtMs, isInput: false, run });
    }
    return acts.sort((one, other) => one.atMs - other.atMs);
  }

  #goTo({ atMs, isInput }: Act): void {
    const waitMs = atMs - (this.clock.passedMs - this.#beganMs);
    if (this.script.isMessageFirst !== true || !isInput) {
      this.clock.advanceBy(Math.max(waitMs, 0));
    } else if (waitMs > 0) {
      // Half a millisecond in which no timer runs.
      this.clock.advanceBy(waitMs - 0.5);
      this.clock.block(0.5);
    }
  }
}
