import { from, Observable, Subscriber, type ObservableInput, type OperatorFunction } from 'rxjs';
import { isThenable } from './isThenable.js';

/** What an operator does with what arrives. Throwing ends the stream with that error. */
export interface Inlet<T> {
  next(value: T): void;
  /** Default: the error passes through. */
  error?(error: unknown): void;
  /** Default: completion passes through. */
  complete?(): void;
}

/** What arrived while something else was handled. */
interface Waiting {
  readonly run: () => void;
  readonly isSource: boolean;
}

/** Where an operator's output goes, and the room its callbacks run in, one at a time. */
export class Outlet<R> {
  /** An entry is being handled; what arrives meanwhile waits for its end. */
  busy = false;
  /** Entries that arrived while another was handled, in order. */
  #waiting: Waiting[] = [];
  /** Those that waited are being handled. */
  #isDraining = false;
  /** Set by the operator: what to do, last, about what it holds when an error ends the stream. */
  onFailure: (() => void) | undefined;
  /** Set by the operator: what to do when the error is out. */
  onFailed: ((error: unknown) => void) | undefined;

  constructor(private readonly destination: Subscriber<R>) {}

  /** The stream has ended, or nobody listens any more. A loop that emits must look at it on every turn. */
  get closed(): boolean {
    return this.destination.closed;
  }

  next(value: R): void {
    this.destination.next(value);
  }

  complete(): void {
    this.destination.complete();
  }

  /** `callback`, deaf once the stream has ended: nothing is reported to who has left. */
  whileOpen<E>(callback: (event: E) => unknown): (event: E) => void {
    const heeded = this.heeded(callback);
    return (event) => {
      if (!this.destination.closed) heeded(event);
    };
  }

  /** `callback`; if it is asynchronous, that it fails ends the stream all the same, as long as there is one. */
  heeded<E>(callback: (event: E) => unknown): (event: E) => void {
    return (event) => {
      const returned = callback(event);
      if (isThenable(returned)) returned.then(undefined, this.#failLater);
    };
  }

  readonly #failLater = (error: unknown): void => {
    this.enter(() => {
      this.fail(error);
    });
  };

  /** Ends the stream with `error`, after giving account of what is held. */
  fail(error: unknown): void {
    if (this.destination.closed) return;
    const account = this.onFailure;
    this.onFailure = undefined;
    try {
      account?.();
    } catch {
      // The first error is the one that counts.
    }
    this.destination.error(error);
    this.onFailed?.(error);
  }

  /** Runs `work` when the entry being handled, if any, has ended. */
  enter(work: () => void, isSource = false): void {
    if (this.busy) {
      this.#waiting.push({ run: work, isSource });
      return;
    }
    this.busy = true;
    this.#run(work);
    this.leave();
  }

  /** Ends an entry: handles what arrived meanwhile, in a loop, so that re-entrant input cannot overflow the stack. */
  leave(): void {
    if (this.#waiting.length > 0) this.#handleWaiting(true);
    this.busy = false;
  }

  /**
   * Runs `work`, which subscribes to something, so that what it emits at once is handled at once and a synchronous
   * source can be stopped. Not so where others wait already: they come first.
   */
  interlude(work: () => void): void {
    if (!this.busy || this.#isDraining || this.#waiting.length > 0) {
      work();
      return;
    }
    this.busy = false;
    try {
      work();
    } finally {
      this.busy = true;
    }
  }

  /**
   * Handles what arrived meanwhile, before the entry goes on, up to what the source sent: that comes after the message
   * being handled.
   */
  drain(): void {
    this.#handleWaiting(false);
  }

  #handleWaiting(withSource: boolean): void {
    const wasDraining = this.#isDraining;
    this.#isDraining = true;
    for (
      let waiting = this.#takeWaiting(withSource);
      waiting.length > 0;
      waiting = this.#takeWaiting(withSource)
    ) {
      for (const { run } of waiting) {
        if (!this.closed) this.#run(run);
      }
    }
    this.#isDraining = wasDraining;
  }

  #takeWaiting(withSource: boolean): readonly Waiting[] {
    const waiting = this.#waiting;
    const end = withSource ? -1 : waiting.findIndex(({ isSource }) => isSource);
    this.#waiting = end < 0 ? [] : waiting.splice(end);
    return waiting;
  }

  #run(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Runs `teardown` when the stream ends in whatever way. */
  onTeardown(teardown: () => void): void {
    this.destination.add(teardown);
  }

  /**
   * Subscribes another input beside the source. At most `limit` values are taken from it;
   * a failure to subscribe is its error.
   */
  listen<I>(input: () => ObservableInput<I>, inlet: Inlet<I>, limit = Infinity): Subscriber<I> {
    const listener = new InletSubscriber<I, R>(this, inlet, this.destination, limit, false);
    if (this.closed) return listener;
    try {
      from(input()).subscribe(listener);
    } catch (error) {
      listener.error(error);
    }
    return listener;
  }
}

/** Subscribes an inlet: the only class that extends `Subscriber`; others extend this one. */
export class InletSubscriber<T, R, I extends Inlet<T> = Inlet<T>> extends Subscriber<T> {
  /** Values still to be taken. */
  #left = Infinity;
  /** It ended by itself: what it brought before still counts, unlike after it was left. */
  #isDone = false;

  constructor(
    protected readonly outlet: Outlet<R>,
    protected readonly inlet: I,
    destination: Subscriber<R>,
    limit: number,
    private readonly isSource: boolean,
  ) {
    super();
    this.#left = limit;
    destination.add(this);
  }

  /** In place of `_next`: a call less for every value. */
  override next(value: T): void {
    const { outlet } = this;
    if (this.isStopped || outlet.busy || this.#left !== Infinity) {
      this.#nextSlowly(value);
      return;
    }
    outlet.busy = true;
    try {
      this.inlet.next(value);
    } catch (error) {
      outlet.fail(error);
    }
    outlet.leave();
  }

  #nextSlowly(value: T): void {
    const { inlet, outlet } = this;
    if (this.isStopped) {
      // RxJS tells of it, where it was asked to.
      super.next(value);
    } else if (--this.#left < 0) {
      this.complete();
    } else {
      outlet.enter(() => {
        if (!this.closed || this.#isDone) inlet.next(value);
      }, this.isSource);
    }
  }

  protected override _error(error: unknown): void {
    const { outlet, inlet } = this;
    this.#isDone = true;
    this.unsubscribe();
    outlet.enter(() => {
      if (inlet.error === undefined) outlet.fail(error);
      else inlet.error(error);
    }, this.isSource);
  }

  protected override _complete(): void {
    const { outlet, inlet } = this;
    this.#isDone = true;
    this.unsubscribe();
    outlet.enter(() => {
      if (inlet.complete === undefined) outlet.complete();
      else inlet.complete();
    }, this.isSource);
  }
}

/**
 * Makes an operator. `init` runs once per subscription, so state belongs in it; it subscribes any notifier before it
 * returns the inlet for the source, which `SourceSubscriber` subscribes. The only contact with `Subscriber`.
 */
export function operate<T, R, I extends Inlet<T> = Inlet<T>>(
  init: (outlet: Outlet<R>) => I,
  SourceSubscriber: typeof InletSubscriber<T, R, I> = InletSubscriber,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((destination) => {
      const outlet = new Outlet(destination);
      const inlet = init(outlet);
      if (destination.closed) return;
      source.subscribe(new SourceSubscriber(outlet, inlet, destination, Infinity, true));
    });
}
