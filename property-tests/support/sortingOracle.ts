import {
  BufferOverflowError,
  LateMessageError,
  type InvalidReason,
  type SequenceNumber,
} from 'rxjs-reliable';
import type { Oracle } from './oracle.js';
import { OracleLog } from './OracleLog.js';
import type { TimedEntry } from './runTimed.js';
import { watermarkOf } from './watermarkOf.js';

/** What `reorderBy` was told in the mode `by`, in full. */
export interface SortingSettings<T, K = undefined> {
  readonly by: 'time' | 'sparse';
  readonly orderOf: (message: T) => unknown;
  readonly boundMs: number;
  readonly maxSkewMs: number;
  /** What the clock shows at the beginning. */
  readonly startMs: number;
  readonly maxWaitMs: number;
  readonly maxBuffer: number;
  readonly overflowPolicy: 'skip' | 'drop-newest' | 'error';
  readonly latePolicy: 'drop' | 'emit' | 'error';
  readonly key: K;
}

interface Arrived<T> {
  readonly message: T;
  readonly order: SequenceNumber;
  readonly atMs: number;
}

/**
 * What `reorderBy` has to do in the modes `'time'` and `'sparse'`: it keeps what is held in the order of arrival, and all
 * that was ever released, and sorts when something has to leave.
 */
export class SortingOracle<T, K = undefined> implements Oracle<T> {
  readonly #log: OracleLog<T>;
  #held: Arrived<T>[] = [];
  /** All that was released in order. */
  readonly #released: SequenceNumber[] = [];
  /** All that was late. */
  readonly #late: SequenceNumber[] = [];
  /** All that was let in. */
  readonly #seen: SequenceNumber[] = [];

  constructor(
    private readonly settings: SortingSettings<T, K>,
    readonly log: TimedEntry[] = [],
  ) {
    this.#log = new OracleLog(settings.key, log);
  }

  get held(): T[] {
    return this.#held.map(({ message }) => message);
  }

  dueMs(): number {
    return Math.min(...this.#held.map(({ atMs }) => atMs + this.settings.maxWaitMs));
  }

  settle(nowMs: number): void {
    for (const { order, atMs } of [...this.#held]) {
      if (atMs + this.settings.maxWaitMs <= nowMs) this.#releaseTo(order, nowMs);
    }
  }

  take(message: T, nowMs: number): void {
    const order = this.settings.orderOf(message);
    const problem = this.#problemOf(order, nowMs);
    if (problem !== undefined) this.#log.drop('invalid', message, nowMs, problem);
    else this.#sort({ message, order: order as SequenceNumber, atMs: nowMs }, nowMs);
  }

  finish(_: 'completed' | 'evicted', nowMs: number): void {
    for (const { order } of this.#inOrder()) this.#releaseTo(order, nowMs);
  }

  discard(nowMs: number): void {
    for (const message of this.held) this.#log.drop('discarded', message, nowMs, 'error');
  }

  #problemOf(order: unknown, nowMs: number): InvalidReason | undefined {
    const { by, maxSkewMs, startMs } = this.settings;
    if (by === 'time') {
      if (typeof order !== 'number' || !Number.isFinite(order)) return 'type';
      return order - maxSkewMs > startMs + nowMs ? 'skew' : undefined;
    }
    if (typeof order !== 'bigint' && !Number.isSafeInteger(order)) return 'type';
    if ((order as SequenceNumber) < 0) return 'negative';
    return this.#seen.every((seen) => typeof seen === typeof order) ? undefined : 'mixed';
  }

  #sort(arrived: Arrived<T>, nowMs: number): void {
    const { by, maxBuffer, maxWaitMs, overflowPolicy } = this.settings;
    const { message, order } = arrived;
    if (by === 'sparse' && this.#isKnown(order)) {
      this.#log.drop('duplicate', message, nowMs);
      return;
    }
    const last = this.#released.at(-1);
    if (this.#isRipe(order) || (last !== undefined && order < last)) {
      this.#takeLate(arrived, nowMs);
      return;
    }
    this.#seen.push(order);
    const staying = this.#held.filter((one) => !this.#isRipe(one.order));
    if (maxWaitMs > 0 && staying.length >= maxBuffer && overflowPolicy !== 'skip') {
      // As if it had never come: it moves no watermark.
      this.#seen.pop();
      this.#log.drop('overflow', message, nowMs);
      if (overflowPolicy === 'error') throw new BufferOverflowError('reorderBy', maxBuffer);
      return;
    }
    this.#held.push(arrived);
    for (const ripe of this.#inOrder().filter((one) => this.#isRipe(one.order))) {
      this.#releaseTo(ripe.order, nowMs);
    }
    this.settle(nowMs);
    const [lowest] = this.#inOrder();
    if (lowest !== undefined && this.#held.length > maxBuffer) this.#releaseTo(lowest.order, nowMs);
  }

  /** Held, or one of the numbers that were released last, or late last. */
  #isKnown(order: SequenceNumber): boolean {
    const { maxBuffer } = this.settings;
    const recent = [...this.#released.slice(-maxBuffer), ...this.#late.slice(-maxBuffer)];
    return recent.includes(order) || this.#held.some((one) => one.order === order);
  }

  /** The watermark has passed it. */
  #isRipe(order: SequenceNumber): boolean {
    return order <= this.#watermark();
  }

  #watermark(): number {
    const { by, boundMs } = this.settings;
    return by === 'time' ? watermarkOf(Math.max(...this.#seen.map(Number)), boundMs) : -Infinity;
  }

  #takeLate({ message, order }: Arrived<T>, nowMs: number): void {
    const { latePolicy } = this.settings;
    this.#late.push(order);
    const watermark = this.#watermark();
    const last = this.#released.at(-1) ?? -Infinity;
    const behind = distance(last > watermark ? last : watermark + 1, order);
    const passed = latePolicy === 'emit';
    this.#log.tell({ kind: 'late', message, behind, passed }, nowMs);
    if (latePolicy === 'error') throw new LateMessageError('reorderBy', behind);
    if (passed) this.#log.emit(message, nowMs);
  }

  /** Lowest first; equal ones in the order of arrival, as the sort is stable. */
  #inOrder(): Arrived<T>[] {
    return [...this.#held].sort((one, other) =>
      one.order < other.order ? -1 : one.order > other.order ? 1 : 0,
    );
  }

  #releaseTo(edge: SequenceNumber, nowMs: number): void {
    for (const arrived of this.#inOrder().filter(({ order }) => order <= edge)) {
      this.#held = this.#held.filter((one) => one !== arrived);
      this.#released.push(arrived.order);
      this.#log.emit(arrived.message, nowMs);
    }
  }
}

function distance(one: SequenceNumber, other: SequenceNumber): SequenceNumber {
  return typeof one === 'bigint' ? one - BigInt(other) : one - Number(other);
}
