import { BufferOverflowError, LateMessageError } from '../errors.js';
import type { SequenceSettings } from '../sequenceOptions.js';
import { empty, ReorderBuffer } from '../structures/ReorderBuffer.js';
import { UnseenNumbers } from '../structures/UnseenNumbers.js';
import { WaitQueue } from '../structures/WaitQueue.js';
import type { InvalidReason, ResetReason } from '../types.js';
import type { Emitter, EndReason, Now, Report } from './Machine.js';
import type { ReorderByEvent, ReorderSkippedEvent } from './ReorderEvent.js';
import { SequenceMachine } from './SequenceMachine.js';

/** What all of {@link reorderBy}'s machines are told. */
export interface HoldingSettings {
  readonly maxWaitMs: number;
  readonly maxBuffer: number;
  readonly overflowPolicy: 'skip' | 'drop-newest' | 'error';
  readonly latePolicy: 'drop' | 'emit' | 'error';
}

export interface ResequencerSettings<T> extends HoldingSettings {
  readonly sequence: SequenceSettings<T>;
  readonly startWaitMs: number;
}

/** How many skipped runs of numbers are remembered, to tell late from duplicate. */
const rememberedSkips = 1_024;

/** Puts one sender's numbered messages in order, holding what comes early within a time and a count. */
export class Resequencer<T, K> extends SequenceMachine<T, K> {
  /** The position whose turn it is; NaN until the baseline is fixed. */
  #next = NaN;
  /** All of it above `#next`. */
  readonly #buffer = new ReorderBuffer<T>();
  /** Since when what is held waits. */
  readonly #waiting = new WaitQueue<number>();
  /** What was skipped. */
  readonly #skipped = new UnseenNumbers(rememberedSkips);
  /** The sender restarted, and it is confirmed where: nothing has to be collected to find the baseline. */
  #isConfirmedStart = false;
  /** When the baseline is fixed at the lowest number collected; `Infinity` while none is being looked for. */
  #baselineMs = Infinity;

  constructor(
    private readonly settings: ResequencerSettings<T>,
    key: K,
    private readonly emitter: Emitter<T>,
    private readonly report: Report<ReorderByEvent<T, K>>,
  ) {
    super(settings.sequence, key);
    this.expectFirst();
  }

  get deadlineMs(): number {
    // A constant costs nothing, where a number worked out would be allocated for every message.
    if (this.#buffer.size === 0 && this.suspects.length === 0) return Infinity;
    const { maxWaitMs } = this.settings;
    const suspectMs = this.suspects[0]?.sinceMs ?? Infinity;
    if (this.#baselineMs !== Infinity) return Math.min(this.#baselineMs, suspectMs + maxWaitMs);
    return Math.min(this.#waiting.oldestMs, suspectMs) + maxWaitMs;
  }

  settle(nowMs: number): void {
    const { maxWaitMs } = this.settings;
    if (this.#baselineMs <= nowMs) this.#fixBaseline(this.#buffer.lowest(NaN));
    while (this.#waiting.oldestMs + maxWaitMs <= nowMs && !this.emitter.closed) this.#skip('wait');
    this.rejectSuspects(nowMs, maxWaitMs);
  }

  end(reason: EndReason): void {
    this.#release(reason);
    this.rejectSuspects(Infinity, 0);
  }

  discard(): void {
    const { key, report } = this;
    if (report === undefined) return;
    const held = this.suspects.map(({ message }) => message);
    for (let next = this.#next; this.#buffer.size > 0; next = this.#buffer.lowest(next)) {
      const entry = this.#buffer.take(next);
      if (entry !== undefined) held.push(entry.message);
    }
    for (const message of held) {
      report({ kind: 'discarded', message, key, reason: 'error', passed: false });
    }
  }

  protected begin(position: number, isExpected: boolean): void {
    const { startWaitMs, maxWaitMs } = this.settings;
    if (isExpected || this.#isConfirmedStart || startWaitMs === 0 || maxWaitMs === 0) {
      this.#fixBaseline(position);
    }
  }

  protected accept(message: T, first: number, last: number, now: Now): boolean {
    if (first === this.#next) return this.#pass(message, last);
    if (!(first < this.#next)) return this.#hold(message, first, last, now);
    if (last < this.#next) {
      this.#takeLate(message, first, last);
      return true;
    }
    // A range may bring, beside what is new, what was skipped.
    this.#skipped.take(first, last);
    this.#pass(message, last);
    return false;
  }

  protected reject(message: T, reason: InvalidReason): void {
    this.report?.({ kind: 'invalid', message, key: this.key, reason, passed: false });
  }

  protected suspect(message: T, now: Now): number | undefined {
    const { maxWaitMs } = this.settings;
    if (maxWaitMs > 0) return maxWaitMs === Infinity ? 0 : now();
    this.reject(message, 'jump');
    return undefined;
  }

  protected isWanted(first: number, last: number): boolean {
    const next = this.#isCollecting ? this.#buffer.lowest(NaN) : this.#next;
    const edge = next - 1 - this.sequence.maxMisorder;
    if (last >= edge) return true;
    return this.#skipped.hasBelow(edge, first, last);
  }

  protected restart(reason: ResetReason): void {
    this.#release('reset');
    this.report?.({ kind: 'reset', key: this.key, reason });
    this.#next = NaN;
    this.#skipped.begin(NaN, 0);
    this.#isConfirmedStart = reason === 'jump';
  }

  /** Emits what is next; returns whether that is all. */
  #pass(message: T, last: number): boolean {
    this.#next = last + 1;
    if (last > this.high) this.high = last;
    this.emitter.next(message);
    if (this.#buffer.size === 0) return true;
    if (this.#waiting.isEmpty) {
      this.#drain();
      return true;
    }
    const { oldestMs } = this.#waiting;
    this.#drain();
    return oldestMs === this.#waiting.oldestMs;
  }

  #fixBaseline(position: number): void {
    this.#baselineMs = Infinity;
    this.#next = position;
    this.#skipped.begin(position, this.sequence.maxMisorder + 1);
    this.#drain();
  }

  /** Keeps a message for later; returns whether no deadline moved. */
  #hold(message: T, first: number, last: number, now: Now): boolean {
    const { maxBuffer, overflowPolicy, startWaitMs, maxWaitMs } = this.settings;
    const buffer = this.#buffer;
    if (buffer.holds(first, last)) {
      this.#reportDuplicate(message);
      return true;
    }
    if (last > this.high) this.high = last;
    if (buffer.size === maxBuffer && overflowPolicy !== 'skip') {
      this.report?.({ kind: 'overflow', message, key: this.key, passed: false });
      if (overflowPolicy === 'error') throw new BufferOverflowError('reorderBy', maxBuffer);
      return true;
    }
    // Only the oldest wait counts: what is held on top of that moves no deadline, nor does any where nothing is ever due.
    const isOnTop = !this.#waiting.isEmpty || (maxWaitMs === Infinity && !this.#isCollecting);
    buffer.put(first, last, message, this.#next);
    if (this.#isCollecting && this.#baselineMs === Infinity) {
      this.#baselineMs = now() + Math.min(startWaitMs, maxWaitMs);
    }
    if (maxWaitMs !== Infinity && this.#waiting.isAbove(first)) this.#waiting.push(first, now());
    if (buffer.size > maxBuffer) this.#makeRoom();
    else if (maxWaitMs === 0) this.#skip('wait');
    else return isOnTop;
    return false;
  }

  get #isCollecting(): boolean {
    return Number.isNaN(this.#next);
  }

  #makeRoom(): void {
    if (this.#isCollecting) this.#fixBaseline(this.#buffer.lowest(NaN));
    else this.#skip('overflow');
  }

  #takeLate(message: T, first: number, last: number): void {
    const { latePolicy } = this.settings;
    if (!this.#skipped.has(first, last)) {
      this.#reportDuplicate(message);
      return;
    }
    const behind = this.line.count(this.#next - last);
    const passed = latePolicy === 'emit';
    if (passed) this.#skipped.take(first, last);
    this.report?.({ kind: 'late', message, key: this.key, behind, passed });
    if (latePolicy === 'error') throw new LateMessageError('reorderBy', behind);
    if (passed) this.emitter.next(message);
  }

  /** Releases everything, reporting what is missing in between. */
  #release(reason: ReorderSkippedEvent<K>['reason']): void {
    if (this.#isCollecting && this.#buffer.size > 0) this.#fixBaseline(this.#buffer.lowest(NaN));
    while (this.#buffer.size > 0 && !this.emitter.closed) this.#skip(reason);
  }

  /** Goes on from the lowest message held, without what is missing before it. */
  #skip(reason: ReorderSkippedEvent<K>['reason']): void {
    const { line } = this;
    const first = this.#next;
    const last = this.#buffer.lowest(first) - 1;
    this.#skipped.add(first, last);
    this.#next = last + 1;
    this.report?.({
      kind: 'skipped',
      first: line.label(first),
      last: line.label(last),
      count: line.count(last - first + 1),
      key: this.key,
      reason,
    });
    this.#drain();
  }

  /** Releases what continues from `#next`. */
  #drain(): void {
    while (this.#buffer.size > 0 && !this.emitter.closed) {
      const message = this.#buffer.takeNext(this.#next);
      if (message !== empty) {
        this.#next += 1;
        this.emitter.next(message);
      } else if (!this.#drainOne()) {
        break;
      }
    }
    this.#waiting.leaveBelow(this.#next);
  }

  /** Releases one message that is no mere next one: a range, or what a range passed over; returns whether there was one. */
  #drainOne(): boolean {
    const held = this.#buffer.take(this.#next);
    if (held === undefined) return false;
    if (held.last < this.#next) {
      this.#reportDuplicate(held.message);
    } else {
      this.#next = held.last + 1;
      this.emitter.next(held.message);
    }
    return true;
  }

  #reportDuplicate(message: T): void {
    this.report?.({ kind: 'duplicate', message, key: this.key, passed: false });
  }
}
