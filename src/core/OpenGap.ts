import type { HeapItem } from '../structures/Heap.js';
import type { Interval } from '../structures/Intervals.js';
import type { GapRequest } from './GapRequest.js';

/** Numbers that are missing, and how far the quest for them has come. */
export class OpenGap implements Interval, HeapItem {
  /**
   * `tolerated`: not reported yet. `reported`: waiting, for a message or for the next attempt. `ready`: waiting for
   * its turn to be asked for. `asked`: an attempt is under way. `closed`: not missing any more.
   */
  state: 'tolerated' | 'reported' | 'ready' | 'asked' | 'closed' = 'tolerated';
  /** How many times it has been asked for. */
  attempts = 0;
  /** When something has to happen to it next. */
  dueMs = Infinity;
  /** The attempt under way. */
  request: GapRequest | undefined;
  heapIndex = -1;

  constructor(
    public first: number,
    public last: number,
    /** When it was first missed. */
    readonly noticedMs: number,
  ) {}

  /** The upper part of this gap, in the same state. The caller shortens this one. */
  split(first: number, last: number): OpenGap {
    const upper = new OpenGap(first, last, this.noticedMs);
    upper.state = this.state;
    upper.attempts = this.attempts;
    upper.dueMs = this.dueMs;
    upper.request = this.request;
    if (this.request !== undefined) this.request.pieces += 1;
    return upper;
  }
}
