import type { Observable, Subscription } from 'rxjs';
import type { VirtualClock } from '../VirtualClock.js';
import { ensure } from './ensure.js';

/** One notification, with the time it came. */
export interface Recorded {
  readonly atMs: number;
  readonly kind: 'next' | 'error' | 'complete';
  /** What `next` or `error` carried. */
  readonly value?: unknown;
}

/** A consumer that writes down what it gets. */
export class Recorder<R> {
  readonly log: Recorded[] = [];
  /** Called after each value is written down; what it throws fails the check, not the operator. */
  onNext: ((value: R) => void) | undefined;
  #problem: unknown;
  #hasProblem = false;
  #subscription: Subscription | undefined;
  #mustLeave = false;

  constructor(private readonly clock: VirtualClock) {}

  /** Subscribes; what comes before `subscribe` has returned is recorded too. */
  watch(stream: Observable<R>): this {
    this.#subscription = stream.subscribe({
      next: (value) => {
        this.#write('next', value);
        this.#react(value);
      },
      error: (error: unknown) => {
        this.#write('error', error);
      },
      complete: () => {
        this.#write('complete');
      },
    });
    if (this.#mustLeave) this.#subscription.unsubscribe();
    return this;
  }

  /** Unsubscribes, even from inside a notification. */
  leave(): void {
    this.#mustLeave = true;
    this.#subscription?.unsubscribe();
  }

  /** What was emitted. */
  get values(): unknown[] {
    return this.log.flatMap(({ kind, value }) => (kind === 'next' ? [value] : []));
  }

  /** How the stream ended, if it did. */
  get end(): Recorded | undefined {
    const last = this.log.at(-1);
    return last?.kind === 'next' ? undefined : last;
  }

  /** Fails if what `onNext` did failed, or if anything came after the end. */
  ensureSound(): void {
    if (this.#hasProblem) throw this.#problem;
    const endIndex = this.log.findIndex(({ kind }) => kind !== 'next');
    ensure(
      endIndex < 0 || endIndex === this.log.length - 1,
      `${String(this.log.length - 1 - endIndex)} notifications came after the end`,
    );
  }

  /** Fails unless the stream ended in this way. */
  ensureEnd(kind: 'error' | 'complete', value?: unknown): void {
    this.ensureSound();
    const { end } = this;
    ensure(end !== undefined, `no ${kind} notification came`);
    ensure(end.kind === kind, `a notification of ${describeEnd(end)} came instead of ${kind}`);
    ensure(end.value === value, `the error was ${describeEnd(end)} instead of the same object`);
  }

  #write(kind: Recorded['kind'], value?: unknown): void {
    this.log.push({ atMs: this.clock.now(), kind, value });
  }

  #react(value: R): void {
    try {
      this.onNext?.(value);
    } catch (error) {
      this.#problem = this.#hasProblem ? this.#problem : error;
      this.#hasProblem = true;
    }
  }
}

function describeEnd({ kind, value }: Recorded): string {
  return kind === 'complete' ? 'completion' : `error (${String(value)})`;
}
