import type { Emitter, Report } from './Machine.js';
import type { ShardResultEvent } from './MergeEvent.js';
import type { Parcel } from './Parcel.js';
import type { ResultOrder } from './ResultOrder.js';
import { Turn } from './Turn.js';

export interface HoldingLimits {
  /** How many results are held. */
  readonly maxBuffer: number;
  readonly latePolicy: 'drop' | 'emit';
}

/**
 * Results leave in the order in which their messages came: those of the first message in line at once, others when
 * it is over. Only messages that are not done, or whose results are held, are in line.
 */
export class SourceOrder<R> implements ResultOrder<R> {
  readonly deadlineMs: number = Infinity;
  #first: Turn | undefined;
  #last: Turn | undefined;
  /** How many results are held. */
  #held = 0;

  constructor(
    private readonly limits: HoldingLimits,
    private readonly emitter: Emitter<R>,
    private readonly report: Report<ShardResultEvent<R>>,
  ) {}

  get isClear(): boolean {
    return this.#first === undefined;
  }

  settle(): void {
    // It has no deadline.
  }

  open(): void {
    // A shard without messages is not waited for.
  }

  close(): void {
    // Its messages are over one by one.
  }

  accepted(parcel: Parcel<unknown>): void {
    const turn = new Turn(parcel.ticket);
    parcel.turn = turn;
    let before = this.#last;
    // Only those that were accepted before their shard was merged can be out of order.
    while (before !== undefined && before.ticket > turn.ticket) before = before.before;
    this.#insert(turn, before);
  }

  result(value: R, shard: number, turn: Turn | undefined): void {
    if (turn?.isGivenUp === true) {
      this.#late(value, shard);
    } else if (turn === undefined || turn === this.#first || !turn.isInLine) {
      this.emitter.next(value);
    } else {
      turn.hold(value, shard);
      this.#held += 1;
      if (this.#held > this.limits.maxBuffer) this.#overflow(value, shard);
    }
  }

  finish(turn: Turn): void {
    if (turn.isOver) return;
    turn.isOver = true;
    if (!turn.isInLine) return;
    if (turn === this.#first) this.#advance();
    else if (turn.held.length === 0) this.#remove(turn);
  }

  restart(turn: Turn): void {
    // They will come again.
    this.#held -= turn.release().length;
  }

  discard(): void {
    const { report } = this;
    for (let turn = this.#first; turn !== undefined; turn = turn.after) {
      for (const value of turn.held) {
        report?.({
          kind: 'discarded',
          message: value as R,
          shard: turn.shard,
          reason: 'error',
          key: undefined,
          passed: false,
        });
      }
    }
    this.#first = undefined;
    this.#held = 0;
  }

  /** Emits what the first in line holds, and lets those that are over leave. */
  #advance(): void {
    for (let turn = this.#first; turn !== undefined; turn = this.#first) {
      const held = turn.release();
      this.#held -= held.length;
      if (!this.#emit(held) || !turn.isOver) return;
      this.#remove(turn);
    }
  }

  /** Returns whether anybody listens still. */
  #emit(held: readonly unknown[]): boolean {
    for (const value of held) {
      if (this.emitter.closed) break;
      this.emitter.next(value as R);
    }
    return !this.emitter.closed;
  }

  /** Passes over those who hold nothing, until something can leave. */
  #overflow(value: R, shard: number): void {
    this.report?.({ kind: 'overflow', message: value, shard, key: undefined, passed: true });
    for (let turn = this.#first; turn?.held.length === 0; turn = this.#first) {
      turn.isGivenUp = true;
      this.#remove(turn);
    }
    this.#advance();
  }

  #late(value: R, shard: number): void {
    const passed = this.limits.latePolicy === 'emit';
    this.report?.({ kind: 'late', message: value, shard, key: undefined, passed });
    if (passed && !this.emitter.closed) this.emitter.next(value);
  }

  #insert(turn: Turn, before: Turn | undefined): void {
    const after = before === undefined ? this.#first : before.after;
    turn.isInLine = true;
    turn.before = before;
    turn.after = after;
    if (before === undefined) this.#first = turn;
    else before.after = turn;
    if (after === undefined) this.#last = turn;
    else after.before = turn;
  }

  #remove(turn: Turn): void {
    const { before, after } = turn;
    turn.isInLine = false;
    turn.before = undefined;
    turn.after = undefined;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
  }
}
