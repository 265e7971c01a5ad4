import * as fc from 'fast-check';
import type { Observable, Subscription } from 'rxjs';
import { VirtualClock } from 'rxjs-reliable/testing';
import type { AccountEvent } from 'rxjs-reliable/testing';

/**
 * Promises that settle, and things that are done, in an order of fast-check's choosing; one number stands for each of
 * all possible orders, so that it can be stored.
 */
export class Race {
  readonly clock = new VirtualClock({ maxActions: 10_000 });
  readonly values: unknown[] = [];
  readonly events: AccountEvent[] = [];
  /** How the output ended, if it did; 'left' if the consumer went. */
  ending: 'complete' | 'error' | 'left' | undefined;
  error: unknown;
  /** Something was heard after the end. */
  isHaunted = false;
  readonly #scheduler: fc.Scheduler;
  readonly #failures: unknown[] = [];
  #subscription: Subscription | undefined;

  constructor(order: number) {
    const [scheduler] = fc.sample(fc.scheduler(), { seed: order, numRuns: 1 });
    if (scheduler === undefined) throw new Error('no scheduler');
    this.#scheduler = scheduler;
  }

  /** Hears of events. */
  readonly onEvent = (event: AccountEvent): void => {
    this.isHaunted ||= this.ending !== undefined;
    this.events.push(event);
  };

  /** What `make` gives, sooner or later. */
  later<V>(make: () => V): Promise<V> {
    return this.#scheduler.schedule(Promise.resolve()).then(make);
  }

  /** Does one step after another, sooner or later. */
  inTurn(steps: readonly (() => void)[]): void {
    const builders = steps.map((step) => (): Promise<void> => {
      try {
        step();
      } catch (failure) {
        this.#failures.push(failure);
      }
      return Promise.resolve();
    });
    this.#scheduler.scheduleSequence(builders);
  }

  subscribe(output: Observable<unknown>): void {
    this.#subscription = output.subscribe({
      next: (value) => {
        this.isHaunted ||= this.ending !== undefined;
        this.values.push(value);
      },
      error: (error: unknown) => {
        this.error = error;
        this.#end('error');
      },
      complete: () => this.#end('complete'),
    });
  }

  /** The consumer leaves. */
  leave(): void {
    this.#subscription?.unsubscribe();
    this.ending ??= 'left';
  }

  /** Until nothing is under way; throws what a step has thrown. */
  async finish(): Promise<void> {
    await this.#scheduler.waitIdle();
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  #end(ending: 'complete' | 'error'): void {
    this.isHaunted ||= this.ending !== undefined;
    this.ending = ending;
  }
}
