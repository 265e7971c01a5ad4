import type { ReorderByEvent } from 'rxjs-reliable';
import { expectThat } from './reorderChecks.js';
import type { TimedEntry } from './runTimed.js';

/** What the invariants of `reorderBy` follow from, with plain numbers and `latePolicy: 'drop'`. */
export interface InvariantSettings<T> {
  /** Gives a number, unless it is spoilt. */
  readonly numberOf: (message: T) => unknown;
  readonly maxWaitMs: number;
  readonly maxBuffer: number;
  readonly restartAfter: number;
}

/** Tells the log that a message is about to be handled; everything due before it has been done. */
export interface ArrivedEvent<T> {
  readonly kind: 'arrived';
  readonly message: T;
}

/** Checks a log in which arrivals are written down too against rules that need no model of `reorderBy`. */
export class ReorderInvariants<T> {
  /** What came and was neither emitted nor dropped, and when it came. */
  readonly #pending = new Map<T, number>();
  /** The number emitted last since the sender restarted. */
  #last = -Infinity;
  /** The number that has to come out next, at this instant. */
  #due: { readonly number: number; readonly atMs: number } | undefined;

  constructor(private readonly settings: InvariantSettings<T>) {}

  check(log: readonly TimedEntry[]): void {
    for (const entry of log) {
      if (this.#due !== undefined) expectThat(entry.kind === 'next', 'nothing follows a skip');
      if (entry.kind === 'next') this.#emitted(entry.value as T, entry.atMs);
      else if (entry.kind === 'event') this.#heard(entry.event as ReorderByEvent<T>, entry.atMs);
    }
    expectThat(this.#due === undefined, 'nothing follows a skip');
  }

  #emitted(message: T, atMs: number): void {
    const { maxWaitMs, numberOf } = this.settings;
    const number = Number(numberOf(message));
    const since = this.#pending.get(message);
    expectThat(since !== undefined, 'emitted without having arrived');
    expectThat(atMs - (since ?? 0) <= maxWaitMs, `held ${String(atMs - (since ?? 0))} ms`);
    expectThat(number > this.#last, `${String(number)} after ${String(this.#last)}`);
    if (this.#due !== undefined) {
      expectThat(this.#due.number === number, 'skipped past what was held');
      expectThat(this.#due.atMs === atMs, 'released later than skipped to');
    }
    this.#due = undefined;
    this.#last = number;
    this.#pending.delete(message);
  }

  #heard(event: ReorderByEvent<T> | ArrivedEvent<T>, atMs: number): void {
    const { maxBuffer, restartAfter } = this.settings;
    if (event.kind === 'arrived') {
      const most = maxBuffer + restartAfter - 1;
      expectThat(this.#pending.size <= most, `${String(this.#pending.size)} messages held`);
      this.#pending.set(event.message, atMs);
    } else if (event.kind === 'reset') {
      this.#last = -Infinity;
    } else if (event.kind === 'skipped') {
      this.#skipped(Number(event.first), Number(event.last), event.reason, atMs);
      const count = Number(event.last) - Number(event.first) + 1;
      expectThat(Number(event.count) === count, 'wrong count');
    } else if (event.kind !== 'evicted') {
      this.#pending.delete(event.message);
    }
  }

  /** A skip has a reason, and goes no farther than to the lowest number held. */
  #skipped(first: number, last: number, reason: string, atMs: number): void {
    const { maxBuffer, maxWaitMs, numberOf } = this.settings;
    const pending = [...this.#pending];
    expectThat(first <= last, 'skipped nothing');
    expectThat(this.#last === -Infinity || first === this.#last + 1, 'skipped from elsewhere');
    const isSkipped = (message: T): boolean => {
      const number = Number(numberOf(message));
      return number >= first && number <= last;
    };
    expectThat(!pending.some(([message]) => isSkipped(message)), 'skipped what was held');
    const hasWaited = pending.some(([, since]) => atMs - since >= maxWaitMs);
    if (reason === 'wait') expectThat(hasWaited, 'skipped before anybody waited');
    if (reason === 'overflow') expectThat(pending.length > maxBuffer, 'skipped without need');
    this.#due = { number: last + 1, atMs };
  }
}
