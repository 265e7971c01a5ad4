import { GapUnrecoveredError } from '../errors.js';
import type { SequenceSettings } from '../sequenceOptions.js';
import { Heap } from '../structures/Heap.js';
import { Intervals } from '../structures/Intervals.js';
import { UnseenNumbers } from '../structures/UnseenNumbers.js';
import type { Gap, InvalidReason, ResetReason, SequenceNumber } from '../types.js';
import type { GapFilledEvent, GapLostEvent, SequenceGapsEvent } from './GapEvent.js';
import { GapMarker } from './GapMarker.js';
import type { GapQuest } from './GapQuest.js';
import type { GapRequest } from './GapRequest.js';
import type { Emitter, EndReason, Now, Report } from './Machine.js';
import { isNoSuchMessages, type NoSuchMessages } from './NoSuchMessages.js';
import { OpenGap } from './OpenGap.js';
import { SequenceMachine } from './SequenceMachine.js';

export interface GapTrackerSettings<T> {
  readonly sequence: SequenceSettings<T>;
  readonly toleranceMs: number;
  readonly maxGaps: number;
  readonly duplicatePolicy: 'pass' | 'drop';
  readonly lostPolicy: 'report' | 'error';
  readonly markers: 'detected' | 'lost' | undefined;
}

/** Passes one sender's messages on and keeps book of the numbers that are missing. */
export class GapTracker<T, K> extends SequenceMachine<T> {
  /** How many gaps may be open; two at least where they are asked for, since a long one is asked for in parts. */
  readonly #maxOpen: number;
  /** What is missing. */
  readonly #open = new Intervals<OpenGap>(this);
  /** The gaps to which something happens next. */
  #due: Heap<OpenGap> | undefined;
  /** What is not looked for any more. */
  readonly #givenUp: UnseenNumbers;
  /** What answers brought, the latest of it: the original may still come, and must not be passed on as well. */
  #answered: UnseenNumbers | undefined;
  /** The request that the message being handled answers. */
  #request: GapRequest | undefined;

  /** The message being handled stands for all before it. */
  #isResuming = false;
  /** Whether this tracker is in the line of those who have requests to make. */
  isInLine = false;
  /** It has a gap that is too long for one request, and has to wait with its next part until others are closed. */
  isHeldUp = false;
  /** Stops listening to the fallback under way, if there is one: one at a time. */
  cancelFallback: (() => void) | undefined;

  /**
   * @param quest - how to get missing numbers from the sender, if there is a way.
   * @param moved - hears of a deadline that changed outside of a call by the owner.
   */
  constructor(
    private readonly settings: GapTrackerSettings<T>,
    readonly key: K,
    private readonly emitter: Emitter<T | GapMarker<K>>,
    readonly report: Report<SequenceGapsEvent<T, K>>,
    private readonly quest: GapQuest<T, K> | undefined,
    readonly moved: () => void,
  ) {
    super(settings.sequence);
    this.#maxOpen = quest === undefined ? settings.maxGaps : Math.max(2, settings.maxGaps);
    this.#givenUp = new UnseenNumbers(settings.maxGaps);
    this.expectFirst();
  }

  get deadlineMs(): number {
    return this.#due?.top?.dueMs ?? Infinity;
  }

  /** The gaps that are open, lowest first. */
  get open(): Iterable<OpenGap> {
    return this.#open;
  }

  /** So many gaps are open that a long one must not be divided any further: half of the room is left for new ones. */
  get isCrowded(): boolean {
    return this.#open.size >= Math.max(2, this.#maxOpen / 2);
  }

  settle(nowMs: number): void {
    for (;;) {
      const gap = this.#due?.top;
      if (gap === undefined || gap.dueMs > nowMs || this.emitter.closed) return;
      if (gap.state === 'tolerated') this.#detect(gap, nowMs);
      else this.quest?.pursue(this, gap, nowMs);
    }
  }

  end(reason: EndReason): void {
    this.cancelFallback?.();
    this.rejectSuspects(Infinity, 0);
    this.#loseAll(reason);
  }

  discard(): void {
    this.rejectSuspects(Infinity, 0);
  }

  /** The sender's own word that it has sent everything up to `announced`. */
  announce(announced: unknown, now: Now): void {
    const reason = this.#readAnnouncement(announced, now);
    if (reason === undefined) return;
    this.report?.({ kind: 'invalid-announcement', announced, key: this.key, reason });
  }

  /** Handles an answer to `request`; to none if it came from a fallback. */
  answer(answer: T | NoSuchMessages, request: GapRequest | undefined, now: Now): void {
    this.isAnswer = true;
    this.#request = request;
    if (!isNoSuchMessages(answer)) this.push(answer, now);
    else if (request !== undefined) this.#closeAbsent(request, answer, now);
    this.isAnswer = false;
    this.#request = undefined;
    this.moved();
  }

  /** The answer to `request` has ended. */
  answered(request: GapRequest): void {
    this.quest?.answered(this, request);
    this.moved();
  }

  /** Handles a message that stands for all before it: nothing up to its number is missed any more. */
  resume(message: T, now: Now): void {
    this.#isResuming = true;
    this.isTrusted = true;
    this.answer(message, undefined, now);
    this.#isResuming = false;
    this.isTrusted = false;
  }

  /** Makes the next request that waits for its turn; returns whether there is another. */
  requestNext(nowMs: number): boolean {
    const waits = this.quest?.requestNext(this, nowMs) ?? false;
    this.isInLine = waits;
    this.moved();
    return waits;
  }

  /** Says when something has to happen to `gap` next. */
  schedule(gap: OpenGap, dueMs: number): void {
    gap.dueMs = dueMs;
    if (dueMs === Infinity) {
      this.#due?.remove(gap);
      return;
    }
    this.#due ??= new Heap(isDueBefore);
    this.#due.place(gap);
  }

  /** Shortens `gap` to `count` numbers; returns the rest, a gap of its own. */
  divide(gap: OpenGap, count: number): OpenGap {
    const upper = this.split(gap, gap.first + count, gap.last);
    gap.last = upper.first - 1;
    this.#open.insert(upper);
    return upper;
  }

  /** Gives `gap` up. */
  lose(gap: OpenGap, reason: GapLostEvent<K>['reason']): void {
    const lost = this.describe(gap.first, gap.last);
    if (gap.state === 'tolerated') this.#reportGap(lost);
    if (gap === this.#open.lowest) this.#open.shift();
    else this.#open.cut(gap.first, gap.last);
    this.#close(gap);
    this.#givenUp.add(gap.first, gap.last);
    const { first, last, count, key } = lost;
    this.report?.({ kind: 'lost', first, last, count, key, reason });
    if (this.settings.markers === 'lost') this.#mark(lost);
    if (this.settings.lostPolicy === 'error') {
      throw new GapUnrecoveredError('sequenceGaps', lost.first, lost.last);
    }
    if (reason === 'attempts' || reason === 'unrecovered' || reason === 'overflow') {
      this.quest?.fallBack(this, lost);
    }
  }

  /** A run of positions in the sender's numbers. */
  describe(first: number, last: number): Gap<K> {
    const { key, line } = this;
    const count = line.count(last - first + 1);
    return { first: line.label(first), last: line.label(last), count, key };
  }

  protected begin(position: number): void {
    this.#givenUp.begin(position, this.sequence.maxMisorder + 1);
    this.#answered = undefined;
  }

  protected accept(message: T, first: number, last: number, now: Now): boolean {
    const { high } = this;
    if (first === high + 1 && !this.#isResuming) {
      this.high = last;
      if (!this.isConfirmed) this.emitter.next(message);
      return true;
    }
    // Before anybody hears of a gap: who is asked may answer at once.
    if (last > high) this.high = last;
    if (this.#isResuming) this.#settleUpTo(last);
    else if (first > high) this.#notice(high + 1, first - 1, now);
    const filled =
      first <= high &&
      this.#open.size > 0 &&
      this.#fill(first, last, message, this.isAnswer ? 'request' : 'late', now);
    if (!(last > high || filled || this.#isResuming)) {
      this.#takeKnown(message, first, last);
      return false;
    }
    // A range may bring, beside what is new, what was given up.
    if (first <= high) this.#givenUp.take(first, last);
    if (!this.isConfirmed) this.emitter.next(message);
    return false;
  }

  protected reject(message: T, reason: InvalidReason, wasSuspect: boolean): void {
    // A suspect was passed on when it came, whatever is being handled now.
    const passed = wasSuspect || !this.isAnswer;
    this.report?.({ kind: 'invalid', message, key: this.key, reason, passed });
    if (passed && !wasSuspect) this.emitter.next(message);
  }

  protected suspect(message: T): number {
    this.emitter.next(message);
    return 0;
  }

  protected isWanted(first: number, last: number): boolean {
    if (this.#isAskedFor(first, last) || this.#open.overlaps(first, last)) return true;
    return this.#givenUp.hasBelow(this.high - this.sequence.maxMisorder, first, last);
  }

  protected restart(reason: ResetReason): void {
    this.#loseAll('reset');
    this.report?.({ kind: 'reset', key: this.key, reason });
  }

  #notice(first: number, last: number, now: Now): void {
    const { toleranceMs } = this.settings;
    const gap = new OpenGap(first, last, now());
    this.#open.append(gap);
    if (toleranceMs > 0) this.schedule(gap, gap.noticedMs + toleranceMs);
    else this.#detect(gap, gap.noticedMs);
    this.#keepWithinBounds();
  }

  /** Gives up the lowest gaps, if there are too many. */
  #keepWithinBounds(): void {
    while (this.#open.size > this.#maxOpen && this.#open.lowest !== undefined) {
      this.lose(this.#open.lowest, 'overflow');
    }
  }

  /** The hole was no mere disorder. */
  #detect(gap: OpenGap, nowMs: number): void {
    gap.state = 'reported';
    this.schedule(gap, Infinity);
    this.#reportGap(this.describe(gap.first, gap.last));
    if (!this.emitter.closed) this.quest?.begin(this, gap, nowMs);
  }

  #reportGap(gap: Gap<K>): void {
    const { first, last, count, key } = gap;
    this.report?.({ kind: 'gap', first, last, count, key });
    if (this.settings.markers === 'detected') this.#mark(gap);
  }

  #mark({ first, last, count, key }: Gap<K>): void {
    this.emitter.next(new GapMarker(first, last, count, key));
  }

  /** Takes numbers out of what is missing; returns whether any of them was. */
  #fill(
    first: number,
    last: number,
    message: T | undefined,
    by: GapFilledEvent<T, K>['by'],
    now: Now,
  ): boolean {
    const filled = this.#open.cut(first, last, (gap, from, to) => {
      const wasReported = gap.state !== 'tolerated';
      // What is left of a gap begins elsewhere.
      if (gap.first === from) this.#close(gap);
      if (by === 'request') this.#rememberAnswer(from, to);
      if (!wasReported || this.report === undefined) return;
      const waitedMs = now() - gap.noticedMs;
      // Copying what describe says with a spread would cost as much as all the rest.
      const { first: start, last: end, count, key } = this.describe(from, to);
      this.report({ kind: 'filled', first: start, last: end, count, key, by, waitedMs, message });
    });
    this.#keepWithinBounds();
    return filled;
  }

  #rememberAnswer(first: number, last: number): void {
    this.#answered ??= new UnseenNumbers(this.settings.maxGaps);
    this.#answered.add(first, last);
  }

  /** Handles a message that brings nothing that is missed. */
  #takeKnown(message: T, first: number, last: number): void {
    const { key } = this;
    if (this.#givenUp.take(first, last)) {
      const behind = this.line.count(this.high - last);
      this.report?.({ kind: 'late', message, key, behind, passed: true });
      this.emitter.next(message);
      return;
    }
    const isAnswered = this.#isAskedFor(first, last) || (this.#answered?.has(first, last) ?? false);
    const passed = this.settings.duplicatePolicy === 'pass' && !isAnswered;
    this.report?.({ kind: 'duplicate', message, key, passed });
    if (passed) this.emitter.next(message);
  }

  /** The sender says that it never sent these; believed as far as it was asked. */
  #closeAbsent(request: GapRequest, { first, last }: NoSuchMessages, now: Now): void {
    if ((this.line.problemOf(first) ?? this.line.problemOf(last)) !== undefined) return;
    const from = Math.max(this.line.locate(first, request.first), request.first);
    const to = Math.min(this.line.locate(last, request.last), request.last);
    if (from <= to) this.#fill(from, to, undefined, 'absent', now);
  }

  #readAnnouncement(announced: unknown, now: Now): InvalidReason | undefined {
    const problem = this.line.problemOf(announced);
    if (problem !== undefined) return problem;
    const position = this.line.locate(announced as SequenceNumber, this.high);
    if (Number.isNaN(position)) return 'ambiguous';
    if (Number.isNaN(this.high)) this.startAt(position + 1, false);
    if (position - this.high > this.sequence.maxJump) return 'jump';
    const { high } = this;
    if (position > high) {
      this.high = position;
      this.#notice(high + 1, position, now);
    }
    return undefined;
  }

  /** A fallback stands for everything up to `position`. */
  #settleUpTo(position: number): void {
    for (const gap of [...this.#open]) {
      if (gap.first > position) break;
      if (gap.last > position) this.divide(gap, position - gap.first + 1);
      this.lose(gap, 'unrecovered');
    }
    this.#givenUp.takeUpTo(position);
    this.report?.({ kind: 'reset', key: this.key, reason: 'fallback' });
  }

  #loseAll(reason: GapLostEvent<K>['reason']): void {
    for (let gap = this.#open.lowest; gap !== undefined; gap = this.#open.lowest) {
      if (this.emitter.closed) return;
      this.lose(gap, reason);
    }
  }

  #close(gap: OpenGap): void {
    gap.state = 'closed';
    this.schedule(gap, Infinity);
    this.quest?.release(gap);
    if (this.isHeldUp) this.quest?.resume(this);
  }

  /** Makes the upper part of `gap` a gap of its own. */
  split(gap: OpenGap, first: number, last: number): OpenGap {
    const upper = gap.split(first, last);
    this.schedule(upper, upper.dueMs);
    return upper;
  }

  #isAskedFor(first: number, last: number): boolean {
    const request = this.#request;
    return request !== undefined && first <= request.last && last >= request.first;
  }
}

function isDueBefore(one: OpenGap, other: OpenGap): boolean {
  return one.dueMs === other.dueMs ? one.first < other.first : one.dueMs < other.dueMs;
}
