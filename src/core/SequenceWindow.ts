import { LateMessageError } from '../errors.js';
import type { SequenceSettings } from '../sequenceOptions.js';
import { BitWindow } from '../structures/BitWindow.js';
import type { InvalidReason, ResetReason } from '../types.js';
import type { DedupeWithinEvent } from './DedupeEvent.js';
import type { DedupeLatePolicy } from './DedupeWindow.js';
import type { Emitter, Report } from './Machine.js';
import { SequenceMachine } from './SequenceMachine.js';

export interface SequenceWindowSettings<T> {
  /** Its `maxMisorder` is how far the window reaches. */
  readonly sequence: SequenceSettings<T>;
  readonly size: number;
  readonly latePolicy: DedupeLatePolicy;
  readonly repeatPolicy: 'drop' | 'pass';
}

/** Remembers which of one sender's last numbers were seen, one bit each, as in IPsec's anti-replay window. */
export class SequenceWindow<T, K> extends SequenceMachine<T, K> {
  readonly deadlineMs = Infinity;
  readonly #seen: BitWindow;

  constructor(
    private readonly settings: SequenceWindowSettings<T>,
    key: K,
    private readonly emitter: Emitter<T>,
    private readonly report: Report<DedupeWithinEvent<T, K>>,
  ) {
    super(settings.sequence, key);
    this.#seen = new BitWindow(settings.size);
  }

  settle(): void {
    // Nothing is ever due.
  }

  end(): void {
    // Nothing is held.
  }

  discard(): void {
    // Nothing is held.
  }

  protected begin(): void {
    this.#seen.clear();
  }

  protected accept(message: T, first: number, last: number): boolean {
    const isNew = this.#seen.add(first, last);
    this.high = Math.max(this.high, last);
    if (isNew) this.emitter.next(message);
    // What reaches below the window may bring something new there.
    else if (this.high - first > this.sequence.maxMisorder) this.#late(message, this.high - first);
    else this.#repeat(message);
    return true;
  }

  protected reject(message: T, reason: InvalidReason): void {
    this.report?.({ kind: 'invalid', message, key: this.key, reason, passed: false });
  }

  protected suspect(message: T): undefined {
    this.reject(message, 'jump');
  }

  /** A run of old numbers is a replay, just what the window is there for. */
  protected override mayRestart(behind: number): boolean {
    return behind < 0 && super.mayRestart(behind);
  }

  protected override disbelieve(message: T, behind: number): void {
    if (behind < 0) this.reject(message, 'jump');
    else this.#late(message, behind);
  }

  protected isWanted(): boolean {
    return false;
  }

  protected restart(reason: ResetReason): void {
    this.report?.({ kind: 'reset', key: this.key, reason });
  }

  #repeat(message: T): void {
    const { key } = this;
    const passed = this.settings.repeatPolicy === 'pass';
    this.report?.({ kind: 'duplicate', message, key, first: undefined, ageMs: undefined, passed });
    if (passed) this.emitter.next(message);
  }

  #late(message: T, behind: number): void {
    const { latePolicy } = this.settings;
    const distance = this.line.count(behind - this.sequence.maxMisorder);
    const passed = latePolicy === 'emit';
    this.report?.({ kind: 'late', message, key: this.key, behind: distance, passed });
    if (latePolicy === 'error') throw new LateMessageError('dedupeWithin', distance);
    if (passed) this.emitter.next(message);
  }
}
