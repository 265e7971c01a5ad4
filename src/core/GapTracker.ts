import { GapUnrecoveredError } from '../errors.js';
import type { SequenceSettings } from '../sequenceOptions.js';
import type { Gap, InvalidReason, ResetReason, SequenceNumber } from '../types.js';
import { GapBook } from './GapBook.js';
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

/** What the trackers of one stream have in common. */
export interface GapStream<T, K> {
  readonly settings: GapTrackerSettings<T>;
  readonly emitter: Emitter<T | GapMarker<K>>;
  readonly report: Report<SequenceGapsEvent<T, K>>;
  /** How to get missing numbers from the sender, if there is a way. */
  readonly quest: GapQuest<T, K> | undefined;
}

/** Passes one sender's messages on and keeps book of the numbers that are missing. */
export class GapTracker<T, K> extends SequenceMachine<T, K> {
  /** Where the sequence begins. */
  #baseline = 0;
  /** Made for the first number that is not in turn: there are many senders, and few of them lose much. */
  #madeBook: GapBook | undefined;
  private readonly emitter: Emitter<T | GapMarker<K>>;
  /** Stops listening to the fallback under way, if there is one: one at a time. */
  cancelFallback: (() => void) | undefined;

  /** @param whenMoved - hears of a deadline that changed outside of a call by the owner. */
  constructor(
    private readonly stream: GapStream<T, K>,
    key: K,
    private readonly whenMoved: (tracker: GapTracker<T, K>) => void,
  ) {
    super(stream.settings.sequence, key);
    this.emitter = stream.emitter;
    this.expectFirst();
  }

  get deadlineMs(): number {
    return this.#madeBook?.due?.top?.dueMs ?? Infinity;
  }

  get report(): Report<SequenceGapsEvent<T, K>> {
    return this.stream.report;
  }

  get book(): GapBook {
    return (this.#madeBook ??= this.#begin(new GapBook(this, this.stream.settings.maxGaps)));
  }

  /** The gaps that are open, lowest first. */
  get open(): Iterable<OpenGap> {
    return this.book.open;
  }

  /** So many gaps are open that a long one must not be divided any further: half of the room is left for new ones. */
  get isCrowded(): boolean {
    return this.book.open.size >= Math.max(2, this.#maxOpen / 2);
  }

  get #hasOpen(): boolean {
    return this.#madeBook !== undefined && this.#madeBook.open.size > 0;
  }

  /** How many gaps may be open; two at least where they are asked for, since a long one is asked for in parts. */
  get #maxOpen(): number {
    const { quest, settings } = this.stream;
    return quest === undefined ? settings.maxGaps : Math.max(2, settings.maxGaps);
  }

  settle(nowMs: number): void {
    for (;;) {
      const gap = this.#madeBook?.due?.top;
      if (gap === undefined || gap.dueMs > nowMs || this.emitter.closed) return;
      if (gap.state === 'tolerated') this.#detect(gap, nowMs);
      else this.stream.quest?.pursue(this, gap, nowMs);
    }
  }

  end(reason: EndReason): void {
    this.cancelFallback?.();
    this.rejectSuspects(Infinity, 0);
    this.#loseAll(reason);
    if (this.#madeBook !== undefined) this.#madeBook.isOver = true;
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
    const { book } = this;
    // It was in line when the key was evicted: nobody would end what it begins.
    if (book.isOver) return;
    this.isAnswer = true;
    book.request = request;
    if (!isNoSuchMessages(answer)) this.push(answer, now);
    else if (request !== undefined) this.#closeAbsent(request, answer, now);
    this.isAnswer = false;
    book.request = undefined;
    this.whenMoved(this);
  }

  /** The answer to `request` has ended. */
  answered(request: GapRequest): void {
    this.stream.quest?.answered(this, request);
    this.whenMoved(this);
  }

  /** Handles a message that stands for all before it: nothing up to its number is missed any more. */
  resume(message: T, now: Now): void {
    this.isTrusted = true;
    this.answer(message, undefined, now);
    this.isTrusted = false;
  }

  /** Makes the next request that waits for its turn; returns whether there is another. */
  requestNext(nowMs: number): boolean {
    const waits = this.stream.quest?.requestNext(this, nowMs) ?? false;
    this.book.isInLine = waits;
    this.whenMoved(this);
    return waits;
  }

  /** Says when something has to happen to `gap` next. */
  schedule(gap: OpenGap, dueMs: number): void {
    gap.dueMs = dueMs;
    this.book.place(gap);
  }

  /** Shortens `gap` to `count` numbers; returns the rest, a gap of its own. */
  divide(gap: OpenGap, count: number): OpenGap {
    const upper = this.split(gap, gap.first + count, gap.last);
    gap.last = upper.first - 1;
    this.book.open.insert(upper);
    return upper;
  }

  /** Gives `gap` up. */
  lose(gap: OpenGap, reason: GapLostEvent<K>['reason']): void {
    const lost = this.describe(gap.first, gap.last);
    if (gap.state === 'tolerated') this.#reportGap(lost);
    const { givenUp, open } = this.book;
    if (gap === open.lowest) open.shift();
    else open.cut(gap.first, gap.last);
    this.#close(gap);
    givenUp.add(gap.first, gap.last);
    const { first, last, count, key } = lost;
    this.report?.({ kind: 'lost', first, last, count, key, reason });
    if (this.stream.settings.markers === 'lost') this.#mark(lost);
    if (this.stream.settings.lostPolicy === 'error') {
      throw new GapUnrecoveredError('sequenceGaps', lost.first, lost.last);
    }
    if (reason === 'attempts' || reason === 'unrecovered' || reason === 'overflow') {
      this.stream.quest?.fallBack(this, lost);
    }
  }

  /** A run of positions in the sender's numbers. */
  describe(first: number, last: number): Gap<K> {
    const { key, line } = this;
    const count = line.count(last - first + 1);
    return { first: line.label(first), last: line.label(last), count, key };
  }

  protected begin(position: number): void {
    this.#baseline = position;
    if (this.#madeBook !== undefined) this.#begin(this.#madeBook);
  }

  #begin(book: GapBook): GapBook {
    return book.begin(this.#baseline, this.sequence.maxMisorder + 1);
  }

  protected accept(message: T, first: number, last: number, now: Now): boolean {
    const { high } = this;
    if (first === high + 1 && !this.isTrusted) {
      this.high = last;
      if (!this.isConfirmed) this.emitter.next(message);
      return true;
    }
    // Before anybody hears of a gap: who is asked may answer at once.
    if (last > high) this.high = last;
    if (this.isTrusted) this.#settleUpTo(last);
    else if (first > high) this.#notice(high + 1, first - 1, now);
    const filled =
      first <= high &&
      this.#hasOpen &&
      this.#fill(first, last, message, this.isAnswer ? 'request' : 'late', now);
    if (!(last > high || filled || this.isTrusted)) {
      this.#takeKnown(message, first, last);
      return false;
    }
    // A range may bring, beside what is new, what was given up.
    if (first <= high) this.book.givenUp.take(first, last);
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
    const { book } = this;
    if (book.isAskedFor(first, last) || book.open.overlaps(first, last)) return true;
    return book.givenUp.hasBelow(this.high - this.sequence.maxMisorder, first, last);
  }

  protected restart(reason: ResetReason): void {
    this.#loseAll('reset');
    this.report?.({ kind: 'reset', key: this.key, reason });
  }

  #notice(first: number, last: number, now: Now): void {
    const { toleranceMs } = this.stream.settings;
    const gap = new OpenGap(first, last, now());
    this.book.open.append(gap);
    if (toleranceMs > 0) this.schedule(gap, gap.noticedMs + toleranceMs);
    else this.#detect(gap, gap.noticedMs);
    this.#keepWithinBounds();
  }

  /** Gives up the lowest gaps, if there are too many. */
  #keepWithinBounds(): void {
    const { open } = this.book;
    while (open.size > this.#maxOpen && open.lowest !== undefined) {
      this.lose(open.lowest, 'overflow');
    }
  }

  /** The hole was no mere disorder. */
  #detect(gap: OpenGap, nowMs: number): void {
    gap.state = 'reported';
    this.schedule(gap, Infinity);
    this.#reportGap(this.describe(gap.first, gap.last));
    if (!this.emitter.closed) this.stream.quest?.begin(this, gap, nowMs);
  }

  #reportGap(gap: Gap<K>): void {
    const { first, last, count, key } = gap;
    this.report?.({ kind: 'gap', first, last, count, key });
    if (this.stream.settings.markers === 'detected') this.#mark(gap);
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
    const filled = this.book.open.cut(first, last, (gap, from, to) => {
      const wasReported = gap.state !== 'tolerated';
      // What is left of a gap begins elsewhere.
      if (gap.first === from) this.#close(gap);
      if (by === 'request') this.book.rememberAnswer(from, to);
      if (!wasReported || this.report === undefined) return;
      const waitedMs = now() - gap.noticedMs;
      // Copying what describe says with a spread would cost as much as all the rest.
      const { first: start, last: end, count, key } = this.describe(from, to);
      this.report({ kind: 'filled', first: start, last: end, count, key, by, waitedMs, message });
    });
    this.#keepWithinBounds();
    return filled;
  }

  /** Handles a message that brings nothing that is missed. */
  #takeKnown(message: T, first: number, last: number): void {
    const { book, key } = this;
    if (book.givenUp.take(first, last)) {
      const behind = this.line.count(this.high - last);
      this.report?.({ kind: 'late', message, key, behind, passed: true });
      this.emitter.next(message);
      return;
    }
    const isWelcome = this.stream.settings.duplicatePolicy === 'pass';
    const passed = isWelcome && !book.isAnswered(first, last);
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
    const position = this.line.locate(announced as SequenceNumber, this.reference);
    if (Number.isNaN(position)) return 'ambiguous';
    if (!this.isBegun) this.startAt(position + 1, false);
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
    for (const gap of [...this.open]) {
      if (gap.first > position) break;
      if (gap.last > position) this.divide(gap, position - gap.first + 1);
      this.lose(gap, 'unrecovered');
    }
    this.book.givenUp.takeUpTo(position);
    this.report?.({ kind: 'reset', key: this.key, reason: 'fallback' });
  }

  #loseAll(reason: GapLostEvent<K>['reason']): void {
    if (this.#madeBook === undefined) return;
    const { open } = this.#madeBook;
    for (let gap = open.lowest; gap !== undefined && !this.emitter.closed; gap = open.lowest) {
      this.lose(gap, reason);
    }
  }

  #close(gap: OpenGap): void {
    gap.state = 'closed';
    this.schedule(gap, Infinity);
    this.stream.quest?.release(gap);
    if (this.book.isHeldUp) this.stream.quest?.resume(this);
  }

  /** Makes the upper part of `gap` a gap of its own. */
  split(gap: OpenGap, first: number, last: number): OpenGap {
    const upper = gap.split(first, last);
    this.schedule(upper, upper.dueMs);
    return upper;
  }
}
