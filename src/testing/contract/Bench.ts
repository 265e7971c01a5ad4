import type { Observable, OperatorFunction } from 'rxjs';
import { VirtualClock } from '../VirtualClock.js';
import type { ContractCallback, ContractProbe } from './ContractOptions.js';
import { differenceOf } from './differenceOf.js';
import { ensure } from './ensure.js';
import { type Recorded, Recorder } from './Recorder.js';
import { SourceProbe } from './SourceProbe.js';

/** What the suite was told, with every default in place. */
export interface ContractSettings<T, R> {
  readonly makeOperator: (probe: ContractProbe) => OperatorFunction<T, R>;
  readonly message: (index: number) => T;
  readonly callbacks: Readonly<Record<string, ContractCallback<T, R>>>;
  readonly transforms: boolean;
  readonly reentrantDepth: number;
}

/** One rule of the contract. */
export interface Check {
  readonly title: string;
  readonly run: <T, R>(bench: Bench<T, R>) => void;
}

/** An order that makes an operator hold, release, and hold again. */
const disorder = [0, 3, 1, 2, 5, 4, 4, 8, 7, 6] as const;

/** What one check is done on: a clock, an operator, a source and a consumer. */
export class Bench<T, R> {
  readonly clock: VirtualClock = new VirtualClock();
  readonly source: SourceProbe<T> = new SourceProbe<T>();
  readonly consumer: Recorder<R> = new Recorder<R>(this.clock);

  constructor(readonly settings: ContractSettings<T, R>) {}

  /** A bench of its own, for comparison. */
  another(): Bench<T, R> {
    return new Bench(this.settings);
  }

  makeOperator(): OperatorFunction<T, R> {
    return this.settings.makeOperator({ scheduler: this.clock });
  }

  message(index: number): T {
    return this.settings.message(index);
  }

  /** A few messages out of order, one of them twice. */
  get disorderly(): T[] {
    const made = new Map<number, T>();
    return disorder.map((index) => {
      const message = made.has(index) ? (made.get(index) as T) : this.message(index);
      made.set(index, message);
      return message;
    });
  }

  /** Connects consumer, operator and source. */
  start(operator: OperatorFunction<T, R> = this.makeOperator()): this {
    return this.startOn(operator(this.source.stream));
  }

  startOn(stream: Observable<R>): this {
    this.consumer.watch(stream);
    return this;
  }

  feed(messages: readonly T[]): this {
    for (const message of messages) this.source.next(message);
    return this;
  }

  /** Feeds messages with time passing between them, completes, and waits for the end. */
  play(messages: readonly T[]): this {
    for (const message of messages) {
      this.source.next(message);
      this.clock.advanceBy(7);
    }
    return this.finish();
  }

  /** Completes the source and waits for what is still to come. */
  finish(): this {
    this.source.complete();
    this.clock.flush();
    return this;
  }

  /** Fails unless no timer is left. */
  ensureNoTimer(): void {
    const { pending } = this.clock;
    ensure(pending === 0, `${String(pending)} timers are left`);
  }

  /** Fails unless source and scheduler were let go of. */
  ensureReleased(): void {
    this.consumer.ensureSound();
    this.source.ensureReleased();
    this.ensureNoTimer();
  }

  /** Fails unless both logs are the same, `times` of notifications included if so asked. */
  ensureSame(actual: readonly Recorded[], expected: readonly Recorded[], times: boolean): void {
    const values = !this.settings.transforms;
    const difference = differenceOf(actual, expected, { times, values });
    ensure(difference === undefined, difference ?? '');
  }
}
