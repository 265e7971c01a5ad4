import { BufferOverflowError, LateMessageError } from '../errors.js';
import { type LinkedEntry, LinkedTable } from '../structures/LinkedTable.js';
import { ReleasedLog } from '../structures/ReleasedLog.js';
import { SortedList } from '../structures/SortedList.js';
import { WaitQueue } from '../structures/WaitQueue.js';
import type { InvalidReason, SequenceNumber } from '../types.js';
import { KeyedMachine } from './KeyedMachine.js';
import type { Emitter, Now, Report } from './Machine.js';
import type { ReorderByEvent } from './ReorderEvent.js';
import type { HoldingSettings } from './Resequencer.js';

export interface SortingSettings<T> extends HoldingSettings {
  readonly orderOf: (message: T) => unknown;
  /** Event times, which may repeat, or sparse numbers, which may not. */
  readonly by: 'time' | 'sparse';
  /** How far event times may be out of order; `Infinity` for sparse numbers: they have no watermark. */
  readonly boundMs: number;
  /** How far in the future an event time is believed. */
  readonly maxSkewMs: number;
}

/** Puts messages in order that have an order but no successor: each is held until nothing below it is expected. */
export class SortingMachine<T, K> extends KeyedMachine<T, K> {
  readonly #held = new SortedList<T, SequenceNumber>();
  readonly #waiting = new WaitQueue<SequenceNumber>();
  /** Sparse numbers released last: what repeats one of them is a duplicate, not late. */
  readonly #released: ReleasedLog;
  /** Sparse numbers that were late last: each is told of once. Made for the first of them. */
  #late: LinkedTable<SequenceNumber, LinkedEntry<SequenceNumber>> | undefined;
  /** The greatest order seen, from which the watermark follows; undefined before the first message. */
  #greatest: SequenceNumber | undefined;
  /** What was released last, by order; a smaller one would break the order of the output. */
  #edge: SequenceNumber | undefined;

  constructor(
    private readonly settings: SortingSettings<T>,
    key: K,
    private readonly emitter: Emitter<T>,
    private readonly report: Report<ReorderByEvent<T, K>>,
  ) {
    super(key);
    this.#released = new ReleasedLog(settings.maxBuffer);
  }

  get deadlineMs(): number {
    return this.#waiting.oldestMs + this.settings.maxWaitMs;
  }

  settle(nowMs: number): void {
    while (this.deadlineMs <= nowMs && !this.emitter.closed) {
      this.#releaseTo(this.#waiting.oldest as SequenceNumber);
    }
  }

  push(message: T, now: Now): boolean {
    const order = this.settings.orderOf(message);
    const problem = this.#problemOf(order, now);
    if (problem === undefined) this.#take(message, order as SequenceNumber, now);
    else this.report?.({ kind: 'invalid', message, key: this.key, reason: problem, passed: false });
    return false;
  }

  end(): void {
    while (this.#held.lowest !== undefined && !this.emitter.closed) {
      this.#releaseTo(this.#held.lowest.first);
    }
  }

  discard(): void {
    for (let held = this.#held.shift(); held !== undefined; held = this.#held.shift()) {
      const { message } = held;
      this.report?.({ kind: 'discarded', message, key: this.key, reason: 'error', passed: false });
    }
  }

  #problemOf(order: unknown, now: Now): InvalidReason | undefined {
    const { by, maxSkewMs } = this.settings;
    if (by === 'time') {
      if (!Number.isFinite(order)) return 'type';
      return maxSkewMs < Infinity && (order as number) > now() + maxSkewMs ? 'skew' : undefined;
    }
    if (!isInteger(order)) return 'type';
    if (order < 0) return 'negative';
    return typeof order === typeof (this.#greatest ?? order) ? undefined : 'mixed';
  }

  #take(message: T, order: SequenceNumber, now: Now): void {
    const { by, maxBuffer, maxWaitMs, overflowPolicy } = this.settings;
    if (by === 'sparse' && this.#isRepeat(order)) {
      this.report?.({ kind: 'duplicate', message, key: this.key, passed: false });
    } else if (this.#isLate(order)) {
      this.#takeLate(message, order);
    } else if (this.#isFull(order)) {
      this.report?.({ kind: 'overflow', message, key: this.key, passed: false });
      if (overflowPolicy === 'error') throw new BufferOverflowError('reorderBy', maxBuffer);
    } else {
      if (this.#greatest === undefined || order > this.#greatest) this.#greatest = order;
      this.#held.add({ first: order, last: order, message });
      if (this.#waiting.isAbove(order)) {
        this.#waiting.push(order, maxWaitMs > 0 && maxWaitMs < Infinity ? now() : 0);
      }
      this.#releaseTo(maxWaitMs === 0 ? order : this.#watermark());
      const { lowest } = this.#held;
      if (this.#held.size > maxBuffer && lowest !== undefined) this.#releaseTo(lowest.first);
    }
  }

  /** Below this nothing is expected any more; -Infinity where nothing is known. */
  #watermark(): number {
    return this.settings.boundMs === Infinity
      ? -Infinity
      : this.#watermarkOf(this.#greatest ?? -Infinity);
  }

  /** The watermark if nothing greater than `order` was seen. */
  #watermarkOf(order: SequenceNumber): number {
    const edge = Number(order) - this.settings.boundMs;
    // Beyond 2^53 one less may be the same number; half an epsilon of it rounds to what is next below.
    return edge - 1 < edge ? edge - 1 : edge - (Math.abs(edge) * Number.EPSILON) / 2;
  }

  #isLate(order: SequenceNumber): boolean {
    return order <= this.#watermark() || (this.#edge !== undefined && order < this.#edge);
  }

  #isRepeat(order: SequenceNumber): boolean {
    return (
      this.#held.floor(order)?.first === order ||
      this.#released.has(order) ||
      this.#late?.get(order) !== undefined
    );
  }

  /** Whether `order` would have to be held beyond the bound, and nothing else is released for it. */
  #isFull(order: SequenceNumber): boolean {
    const { maxBuffer, overflowPolicy } = this.settings;
    if (overflowPolicy === 'skip' || this.#held.size < maxBuffer) return false;
    const { lowest } = this.#held;
    return lowest === undefined || !(lowest.first <= this.#watermarkOf(order));
  }

  #takeLate(message: T, order: SequenceNumber): void {
    const { by, latePolicy } = this.settings;
    if (by === 'sparse') this.#rememberLate(order);
    const edge = this.#edge ?? -Infinity;
    const watermark = this.#watermark();
    const behind = difference(edge > watermark ? edge : watermark + 1, order);
    const passed = latePolicy === 'emit';
    this.report?.({ kind: 'late', message, key: this.key, behind, passed });
    if (latePolicy === 'error') throw new LateMessageError('reorderBy', behind);
    if (passed) this.emitter.next(message);
  }

  #rememberLate(order: SequenceNumber): void {
    const late = (this.#late ??= new LinkedTable());
    const { oldest } = late;
    if (late.size === this.settings.maxBuffer && oldest !== undefined) late.delete(oldest);
    late.add({ key: order, older: undefined, newer: undefined });
  }

  /** Releases everything up to `edge`, itself included, in order. */
  #releaseTo(edge: SequenceNumber): void {
    for (;;) {
      const { lowest } = this.#held;
      if (lowest === undefined || lowest.first > edge || this.emitter.closed) break;
      this.#held.shift();
      this.#edge = lowest.first;
      if (this.settings.by === 'sparse') this.#released.add(lowest.first);
      this.emitter.next(lowest.message);
    }
    const { lowest } = this.#held;
    if (lowest === undefined) this.#waiting.clear();
    else this.#waiting.leaveBelow(lowest.first);
  }
}

function isInteger(order: unknown): order is SequenceNumber {
  return typeof order === 'bigint' || Number.isSafeInteger(order);
}

/** Of two of one type, whichever it is. */
function difference(one: SequenceNumber, other: SequenceNumber): SequenceNumber {
  return (one as number) - (other as number);
}
