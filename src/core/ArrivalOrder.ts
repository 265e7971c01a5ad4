import type { Emitter } from './Machine.js';
import type { ResultOrder } from './ResultOrder.js';

/** Results leave as they come. */
export class ArrivalOrder<R> implements ResultOrder<R> {
  readonly deadlineMs: number = Infinity;
  readonly isClear: boolean = true;

  constructor(private readonly emitter: Emitter<R>) {}

  result(value: R): void {
    this.emitter.next(value);
  }

  settle(): void {
    // It has no deadline.
  }

  open(): void {
    // All shards are alike.
  }

  close(): void {
    // Nobody waits for anybody.
  }

  discard(): void {
    // It holds nothing.
  }
}
