import { LateMessageError } from '../errors.js';
import type { SequenceNumber } from '../types.js';
import type { DedupeWithinEvent } from './DedupeEvent.js';
import type { Emitter, Machine, Now, Report } from './Machine.js';

/** What all windows are told. */
export interface DedupeSettings<T, K> {
  readonly keyBy: (message: T) => K;
  readonly maxKeys: number;
  readonly repeatPolicy: 'drop' | 'pass';
}

/** What is done with messages too old to judge. */
export type DedupeLatePolicy = 'drop' | 'emit' | 'error';

/** The first of each key passes, what repeats it within the window does not. Windows forget lazily: they need no timer. */
export abstract class DedupeWindow<T, K> implements Machine<T> {
  readonly deadlineMs = Infinity;

  constructor(
    protected readonly repeatPolicy: DedupeSettings<T, K>['repeatPolicy'],
    protected readonly emitter: Emitter<T>,
    protected readonly report: Report<DedupeWithinEvent<T, K>>,
  ) {}

  push(message: T, now: Now): true {
    this.judge(message, now);
    return true;
  }

  /** Passes `message` on if it is new. */
  protected abstract judge(message: T, now: Now): void;

  settle(): void {
    // Nothing is ever due.
  }

  end(): void {
    // Nothing is held.
  }

  discard(): void {
    // Nothing is held.
  }

  /** Handles a repeat of what was seen at `first`, at `now`; undefined where no time is known. */
  protected repeat(message: T, key: K, first?: number, now?: number): void {
    const passed = this.repeatPolicy === 'pass';
    const ageMs = first === undefined || now === undefined ? undefined : now - first;
    this.report?.({ kind: 'duplicate', message, key, first, ageMs, passed });
    if (passed) this.emitter.next(message);
  }

  /** Handles a message too old to judge. */
  protected late(message: T, key: K, behind: SequenceNumber, latePolicy: DedupeLatePolicy): void {
    const passed = latePolicy === 'emit';
    this.report?.({ kind: 'late', message, key, behind, passed });
    if (latePolicy === 'error') throw new LateMessageError('dedupeWithin', behind);
    if (passed) this.emitter.next(message);
  }
}
