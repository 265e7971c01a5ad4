import { LinkedTable } from '../structures/LinkedTable.js';
import { DeadlineTable } from './DeadlineTable.js';
import type { Emitter, EndReason, Now, Report } from './Machine.js';
import type { Objective } from './Objective.js';
import type { SlaAbandonedEvent, SlaBreachEvent, SlaLimit, SlaTimeoutEvent } from './SlaEvent.js';
import { Watch } from './Watch.js';

/** Work that one message begins and another one finishes. */
interface SlaTransactions<T> {
  readonly startOf: (message: T) => unknown;
  readonly finishOf: (message: T) => unknown;
  readonly withinMs: number;
}

export interface SlaSettings<T, K> {
  readonly firstMs: number;
  readonly silenceMs: number;
  readonly totalMs: number;
  readonly responseMs: number;
  readonly eventTimeOf: ((message: T) => unknown) | undefined;
  /** `undefined` where transactions are not watched. */
  readonly transaction: SlaTransactions<T> | undefined;
  /** After how long a warning is due, for a limit; `Infinity` for none. */
  readonly softOf: (limitMs: number) => number;
  readonly keyBy: ((message: T) => K) | undefined;
  readonly maxKeys: number;
  readonly dropsSlow: boolean;
}

/** Watches the guarantees of one stream, which passes untouched. */
export class SlaMonitor<T, K> {
  readonly #deadlines = new DeadlineTable<T, K>();
  /** Silence of each key, the longest silent one first; unused without keys. */
  readonly #silences = new LinkedTable<unknown, Watch<T, K>>();
  /** Open transactions, the oldest first. */
  readonly #transactions = new LinkedTable<unknown, Watch<T, K>>();
  /** The silence of a stream without keys. */
  #silence: Watch<T, K> | undefined;
  #first: Watch<T, K> | undefined;
  #total: Watch<T, K> | undefined;
  /** No message is asked for more than that it came. */
  readonly #isPlain: boolean;
  /** How many watches there were. */
  #watched = 0;

  /** @param onBreach - hears of each breach, after it was reported. */
  constructor(
    private readonly settings: SlaSettings<T, K>,
    private readonly emitter: Emitter<T>,
    private readonly report: Report<SlaTimeoutEvent<T, K>>,
    private readonly onBreach: (breach: SlaBreachEvent<T, K>) => void,
    private readonly objective: Objective<T, K> | undefined,
  ) {
    const { responseMs, transaction } = settings;
    this.#isPlain = transaction === undefined && objective === undefined && responseMs === Infinity;
  }

  get deadlineMs(): number {
    return Math.min(this.#deadlines.deadlineMs, this.objective?.deadlineMs ?? Infinity);
  }

  /** The stream is subscribed: what counts from then begins. */
  start(nowMs: number): void {
    const { firstMs, keyBy, silenceMs, totalMs } = this.settings;
    if (firstMs < Infinity) this.#first = this.#watch('first', nowMs, firstMs);
    else if (silenceMs < Infinity && keyBy === undefined) {
      this.#silence = this.#watch('silence', nowMs, silenceMs);
    }
    if (totalMs < Infinity) this.#total = this.#watch('total', nowMs, totalMs);
  }

  settle(nowMs: number): void {
    for (;;) {
      if (this.emitter.closed) return;
      const slidesAtMs = this.objective?.deadlineMs ?? Infinity;
      const watch = this.#deadlines.nextDue(nowMs);
      if (slidesAtMs <= nowMs && (watch === undefined || slidesAtMs <= watch.dueMs)) {
        this.objective?.slide(slidesAtMs);
      } else if (watch === undefined) {
        return;
      } else {
        this.#pass(watch);
      }
    }
  }

  push(message: T, now: Now): boolean {
    const silence = this.#silence;
    if (this.#isPlain && silence?.stage === 'running') {
      silence.sinceMs = now();
      this.emitter.next(message);
      return true;
    }
    const { keyBy, transaction } = this.settings;
    const nowMs = now();
    const key = keyBy === undefined ? (undefined as K) : keyBy(message);
    const wasQuiet = this.#hear(key, nowMs);
    if (transaction !== undefined) {
      this.#finish(message, key, transaction, nowMs);
      this.#begin(message, key, transaction, nowMs);
    }
    const isSlow = this.#isSlow(message, key, nowMs);
    if (!(isSlow && this.settings.dropsSlow)) this.emitter.next(message);
    return wasQuiet && transaction === undefined;
  }

  end(_reason: EndReason, now: Now): void {
    if (this.#total !== undefined) this.#end(this.#total, now());
    this.#total = undefined;
    this.#abandonAll('completed');
  }

  discard(): void {
    this.#abandonAll('error');
  }

  /** Gives account of what is open: something else takes the place of the stream. */
  leave(): void {
    this.#abandonAll('switched');
  }

  #watch(
    limit: SlaLimit,
    sinceMs: number,
    limitMs: number,
    of: Partial<Watch<T, K>> = {},
  ): Watch<T, K> {
    const { transaction, message } = of;
    const key = of.owner as K;
    const softMs = this.settings.softOf(limitMs);
    const order = this.#watched++;
    const watch = new Watch(limit, sinceMs, limitMs, softMs, key, transaction, message, order);
    this.#deadlines.watch(watch);
    return watch;
  }

  /** A message of `key` ends its silence, and the wait for the first one; returns whether no deadline was moved. */
  #hear(key: K, nowMs: number): boolean {
    const { keyBy, silenceMs } = this.settings;
    const isFirst = this.#first !== undefined;
    if (this.#first !== undefined) {
      this.#end(this.#first, nowMs);
      this.#first = undefined;
    }
    if (silenceMs === Infinity) return !isFirst && this.objective === undefined;
    const silence = keyBy === undefined ? this.#silence : this.#silences.get(key);
    if (silence === undefined) {
      this.#beginSilence(key, nowMs);
      return false;
    }
    if (keyBy !== undefined) this.#silences.refresh(silence);
    const wasRunning = silence.stage === 'running';
    if (!wasRunning || this.objective !== undefined) this.#keep(silence, nowMs);
    silence.sinceMs = nowMs;
    // The table finds out by itself that it is due later.
    if (wasRunning) return this.objective === undefined;
    silence.stage = 'running';
    this.#deadlines.watch(silence);
    return false;
  }

  #beginSilence(key: K, nowMs: number): void {
    const { keyBy, maxKeys, silenceMs } = this.settings;
    const silence = this.#watch('silence', nowMs, silenceMs, { owner: key });
    if (keyBy === undefined) {
      this.#silence = silence;
      return;
    }
    this.#makeRoom(this.#silences, maxKeys);
    this.#silences.add(silence);
  }

  /** The transaction that `message` begins. */
  #begin(message: T, key: K, transaction: SlaTransactions<T>, nowMs: number): void {
    const { maxKeys } = this.settings;
    if (this.emitter.closed) return;
    const started = transaction.startOf(message);
    if (started === undefined) return;
    if (this.#transactions.get(started) !== undefined) {
      this.report?.({ kind: 'invalid', message, key, reason: 'started-twice', passed: true });
      return;
    }
    this.#makeRoom(this.#transactions, maxKeys);
    const of = { owner: key, transaction: started, message };
    this.#transactions.add(this.#watch('transaction', nowMs, transaction.withinMs, of));
  }

  /** The transaction that `message` finishes. */
  #finish(message: T, key: K, transaction: SlaTransactions<T>, nowMs: number): void {
    if (this.emitter.closed) return;
    const finished = transaction.finishOf(message);
    if (finished === undefined) return;
    const open = this.#transactions.get(finished);
    if (open === undefined) {
      this.report?.({ kind: 'invalid', message, key, reason: 'not-started', passed: true });
      return;
    }
    this.#transactions.delete(open);
    this.#end(open, nowMs);
  }

  /** What `watch` waited for has come, and will not be waited for again. */
  #end(watch: Watch<T, K>, nowMs: number): void {
    this.#deadlines.remove(watch);
    this.#keep(watch, nowMs);
  }

  /** What `watch` waited for has come: in time, or not. */
  #keep(watch: Watch<T, K>, nowMs: number): void {
    if (watch.stage !== 'breached') {
      this.objective?.judge(true, nowMs);
      return;
    }
    const { deadlineMs } = watch;
    this.report?.({ kind: 'recovered', ...describe(watch), lateByMs: nowMs - deadlineMs });
  }

  /** `watch` has passed the next of its limits. */
  #pass(watch: Watch<T, K>): void {
    const { softMs, limitMs } = watch;
    if (watch.stage === 'running' && softMs < limitMs) {
      watch.stage = 'warned';
      this.#deadlines.watch(watch);
      this.report?.({ kind: 'warning', ...describe(watch), elapsedMs: softMs });
      return;
    }
    watch.stage = 'breached';
    this.#deadlines.remove(watch);
    this.#breach({ kind: 'breach', ...describe(watch), elapsedMs: limitMs }, watch.deadlineMs);
  }

  #breach(breach: SlaBreachEvent<T, K>, nowMs: number): void {
    this.report?.(breach);
    this.objective?.judge(false, nowMs);
    this.onBreach(breach);
  }

  /** Whether `message` took too long to get here. */
  #isSlow(message: T, key: K, nowMs: number): boolean {
    const { eventTimeOf, responseMs } = this.settings;
    if (responseMs === Infinity || this.emitter.closed) return false;
    const time = eventTimeOf?.(message) as number;
    if (!Number.isFinite(time)) {
      this.report?.({ kind: 'invalid', message, key, reason: 'type', passed: true });
      return false;
    }
    const elapsedMs = nowMs - time;
    const about = { limit: 'response', key, transaction: undefined, message } as const;
    const deadlineMs = time + responseMs;
    if (elapsedMs >= responseMs) {
      this.#breach({ kind: 'breach', ...about, deadlineMs, elapsedMs }, nowMs);
      return true;
    }
    this.objective?.judge(true, nowMs);
    if (elapsedMs >= this.settings.softOf(responseMs)) {
      this.report?.({ kind: 'warning', ...about, deadlineMs, elapsedMs });
    }
    return false;
  }

  #makeRoom(table: LinkedTable<unknown, Watch<T, K>>, max: number): void {
    const { oldest } = table;
    if (table.size < max || oldest === undefined) return;
    table.delete(oldest);
    this.#abandon(oldest, 'overflow');
  }

  #abandonAll(reason: SlaAbandonedEvent<T, K>['reason']): void {
    const open = [this.#first, this.#total];
    this.#first = undefined;
    this.#total = undefined;
    for (let watch = this.#transactions.oldest; watch; watch = this.#transactions.oldest) {
      open.push(watch);
      this.#transactions.delete(watch);
    }
    for (const watch of open) {
      if (watch !== undefined && watch.stage !== 'breached') this.#abandon(watch, reason);
    }
  }

  #abandon(watch: Watch<T, K>, reason: SlaAbandonedEvent<T, K>['reason']): void {
    this.#deadlines.remove(watch);
    this.report?.({ kind: 'abandoned', ...describe(watch), reason });
  }
}

function describe<T, K>(watch: Watch<T, K>): Omit<SlaBreachEvent<T, K>, 'kind' | 'elapsedMs'> {
  const { deadlineMs, owner: key, limit, message, transaction } = watch;
  return { limit, deadlineMs, key, transaction, message };
}
