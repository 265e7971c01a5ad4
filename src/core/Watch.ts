import type { HeapItem } from '../structures/Heap.js';
import type { LinkedEntry } from '../structures/LinkedTable.js';
import type { SlaLimit } from './SlaEvent.js';

/** One guarantee that is being watched. */
export class Watch<T, K> implements HeapItem, LinkedEntry<unknown> {
  older: this | undefined;
  newer: this | undefined;
  /** `running`, then `warned` if it has a soft limit, then `breached`. */
  stage: 'running' | 'warned' | 'breached' = 'running';
  /** When the table looks at it next; never later than what is due. */
  lookMs = Infinity;
  heapIndex = -1;

  /** @param softMs - after which a warning is due; `Infinity` for none. */
  constructor(
    readonly limit: SlaLimit,
    /** From when it counts. */
    public sinceMs: number,
    readonly limitMs: number,
    readonly softMs: number,
    readonly owner: K,
    /** Which transaction. */
    readonly transaction: unknown,
    /** The message that began it. */
    readonly message: T | undefined,
    /** Breaks ties: what was watched first is due first. */
    readonly order: number,
  ) {}

  /** What it is found by: there may be many of one owner. */
  get key(): unknown {
    return this.limit === 'transaction' ? this.transaction : this.owner;
  }

  /** The instant up to which the guarantee can be kept. */
  get deadlineMs(): number {
    return this.sinceMs + this.limitMs;
  }

  /** When something has to be said about it next. */
  get dueMs(): number {
    if (this.stage === 'breached') return Infinity;
    if (this.stage === 'warned') return this.deadlineMs;
    return this.sinceMs + Math.min(this.softMs, this.limitMs);
  }
}
