import { Heap } from '../structures/Heap.js';
import { Intervals, type Splitter } from '../structures/Intervals.js';
import { UnseenNumbers } from '../structures/UnseenNumbers.js';
import type { GapRequest } from './GapRequest.js';
import type { OpenGap } from './OpenGap.js';

/** What a sender's missing numbers have to be remembered by; most senders never need it. */
export class GapBook {
  /** What is missing. */
  readonly open: Intervals<OpenGap>;
  /** What is not looked for any more. */
  readonly givenUp: UnseenNumbers;
  /** The gaps to which something happens next. */
  due: Heap<OpenGap> | undefined;
  /** What answers brought, the latest of it: the original may still come, and must not be passed on as well. */
  answered: UnseenNumbers | undefined;
  /** The request that the message being handled answers. */
  request: GapRequest | undefined;
  /** The sender's tracker is in the line of those who have requests to make. */
  isInLine = false;
  /** The key was evicted, or the stream has ended: no answer counts any more. */
  isOver = false;
  /** There is a gap that is too long for one request, and has to wait with its next part until others are closed. */
  isHeldUp = false;

  constructor(
    splitter: Splitter<OpenGap>,
    private readonly maxGaps: number,
  ) {
    this.open = new Intervals(splitter);
    this.givenUp = new UnseenNumbers(maxGaps);
  }

  /** A sequence begins; of what came before, `reach` positions count as given up. */
  begin(position: number, reach: number): this {
    this.givenUp.begin(position, reach);
    this.answered = undefined;
    return this;
  }

  /** Puts `gap` where its deadline belongs. */
  place(gap: OpenGap): void {
    if (gap.dueMs === Infinity) this.due?.remove(gap);
    else (this.due ??= new Heap(isDueBefore)).place(gap);
  }

  isAskedFor(first: number, last: number): boolean {
    const { request } = this;
    return request !== undefined && first <= request.last && last >= request.first;
  }

  /** Whether these came as an answer, or are to. */
  isAnswered(first: number, last: number): boolean {
    return this.isAskedFor(first, last) || (this.answered?.has(first, last) ?? false);
  }

  rememberAnswer(first: number, last: number): void {
    this.answered ??= new UnseenNumbers(this.maxGaps);
    this.answered.add(first, last);
  }
}

function isDueBefore(one: OpenGap, other: OpenGap): boolean {
  return one.dueMs === other.dueMs ? one.first < other.first : one.dueMs < other.dueMs;
}
