import { Subject, type OperatorFunction, type Subscription } from 'rxjs';
import { VirtualClock, type VirtualClockOptions } from 'rxjs-reliable/testing';

/** One thing that came out of an operator, and when. */
export type Entry =
  | readonly [atMs: number, kind: 'next' | 'event' | 'error', value: unknown]
  | readonly [atMs: number, kind: 'complete'];

/** The options every operator has: to be spread into the others. */
export interface BaseOptions<E> {
  readonly scheduler: VirtualClock;
  readonly onEvent: (event: E) => void;
}

/** An operator subscribed by hand on a virtual clock that starts at 0, with a log of all it says. */
export class Rig<T, E, R = T> {
  readonly clock: VirtualClock;
  readonly #source = new Subject<T>();
  readonly values: R[] = [];
  readonly events: E[] = [];
  readonly log: Entry[] = [];
  readonly subscription: Subscription;
  #taken = 0;

  constructor(
    make: (base: BaseOptions<E>) => OperatorFunction<T, R>,
    options: VirtualClockOptions = {},
    onNext?: (value: R, rig: Rig<T, E, R>) => void,
  ) {
    this.clock = new VirtualClock(options);
    const onEvent = (event: E): void => {
      this.events.push(event);
      this.log.push([this.clock.now(), 'event', event]);
    };
    this.subscription = this.#source.pipe(make({ scheduler: this.clock, onEvent })).subscribe({
      next: (value) => {
        this.values.push(value);
        this.log.push([this.clock.now(), 'next', value]);
        onNext?.(value, this);
      },
      error: (error: unknown) => this.log.push([this.clock.now(), 'error', error]),
      complete: () => this.log.push([this.clock.now(), 'complete']),
    });
  }

  /** Sends messages now. */
  send(...messages: T[]): this {
    for (const message of messages) this.#source.next(message);
    return this;
  }

  /** Advances the clock to `atMs`, running what is due, then sends messages. */
  sendAt(atMs: number, ...messages: T[]): this {
    this.clock.advanceTo(atMs);
    return this.send(...messages);
  }

  /** Lets the clock show `atMs` without waking anybody, then sends messages. */
  sendBeforeTimersAt(atMs: number, ...messages: T[]): this {
    this.clock.block(atMs - this.clock.now());
    return this.send(...messages);
  }

  complete(): this {
    this.#source.complete();
    return this;
  }

  fail(error: Error): this {
    this.#source.error(error);
    return this;
  }

  /** The log since it was taken last. */
  take(): Entry[] {
    const entries = this.log.slice(this.#taken);
    this.#taken = this.log.length;
    return entries;
  }

  /** The error that ended the stream, if one did. */
  get error(): unknown {
    return this.log.find(([, kind]) => kind === 'error')?.[2];
  }

  /** Whether the stream has neither ended nor left anything undone for the source. */
  get isAlive(): boolean {
    return !this.subscription.closed && this.#source.observed;
  }

  /** Nothing is left behind: no timer, no observer at the source. */
  get isClean(): boolean {
    return this.clock.pending === 0 && !this.#source.observed;
  }
}

/** The whole numbers from `first` to `last`. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
