import { Observable, Subject, Subscription } from 'rxjs';
import { accountFor } from 'rxjs-reliable/testing';
import { eventsOf, expectThat, valuesOf } from './reorderChecks.js';
import { type MakeOperator, sourceError, type TimedEntry } from './runTimed.js';
import { WatchedClock } from './WatchedClock.js';

type Heard<E = TimedEntry> = E extends TimedEntry ? Omit<E, 'atMs'> : never;

/** An operator in the flesh, to which one thing is done after another, over several subscriptions. */
export class CommandRig<M> {
  readonly clock = new WatchedClock(0);
  /** What was heard since the last subscription. */
  log: TimedEntry[] = [];
  /** What came in since then: messages, and what `take` added. */
  #taken: M[] = [];
  #source = new Subject<M>();
  #subscription = new Subscription();
  readonly #output: Observable<unknown>;

  constructor(make: MakeOperator<M>) {
    const input = new Observable<M>((listener) => this.#source.subscribe(listener));
    this.#output = input.pipe(make(this.clock, (event) => this.#hear({ kind: 'event', event })));
  }

  /** Whether the operator listens to its source. */
  get isObserved(): boolean {
    return this.#source.observed;
  }

  /** How many messages neither came out nor were dropped with an event; throws where there is too much of one. */
  get held(): number {
    const { balanced, held, problem } = accountFor(
      this.#taken,
      valuesOf(this.log),
      eventsOf(this.log),
      { maxHeld: Infinity },
    );
    expectThat(balanced, problem ?? '');
    return held;
  }

  subscribe(): void {
    this.log = [];
    this.#taken = [];
    this.#source = new Subject<M>();
    this.#subscription = this.#output.subscribe({
      next: (value) => this.#hear({ kind: 'next', value }),
      error: (error: unknown) => this.#hear({ kind: 'error', error }),
      complete: () => this.#hear({ kind: 'complete' }),
    });
  }

  push(message: M): void {
    if (this.isObserved) this.take(message);
    this.#source.next(message);
  }

  /** Notes what comes in by another way than the source. */
  take(message: M): void {
    this.#taken.push(message);
  }

  end(how: 'complete' | 'error' | 'unsubscribe'): void {
    if (how === 'complete') this.#source.complete();
    else if (how === 'error') this.#source.error(sourceError);
    else this.#subscription.unsubscribe();
  }

  #hear(heard: Heard): void {
    this.log.push({ ...heard, atMs: this.clock.passedMs });
  }
}
