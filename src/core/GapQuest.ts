import type { Gap } from '../types.js';
import type { GapRequest } from './GapRequest.js';
import type { GapTracker } from './GapTracker.js';
import type { OpenGap } from './OpenGap.js';
import { RequestPool } from './RequestPool.js';

/** When and how often missing numbers are asked for. */
export interface GapQuestSettings {
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly deadlineMs: number;
  readonly maxInFlight: number;
  readonly maxRange: number;
  readonly hasFallback: boolean;
  readonly backoff: { readonly factor: number; readonly maxMs: number; readonly jitter: number };
}

/** The way to the sender. */
export interface GapPort<T, K> {
  /** Asks for `gap`; returns how to stop listening to the answer. */
  request(tracker: GapTracker<T, K>, request: GapRequest, gap: Gap<K>): () => void;
  /** Asks for something that stands for the lost numbers; returns how to stop listening to it. */
  fallBack(tracker: GapTracker<T, K>, lost: Gap<K>): () => void;
  /** A number from 0 to 1, for jitter. */
  random(): number;
}

/** Gets missing numbers from the sender: asks, waits, asks again, gives up; for all keys within one bound. */
export class GapQuest<T, K> {
  readonly #pool: RequestPool;

  constructor(
    private readonly settings: GapQuestSettings,
    private readonly port: GapPort<T, K>,
  ) {
    this.#pool = new RequestPool(settings.maxInFlight);
  }

  /** Takes up a gap that was just reported. */
  begin(tracker: GapTracker<T, K>, gap: OpenGap, nowMs: number): void {
    if (this.settings.delayMs > 0) this.#schedule(tracker, gap, nowMs + this.settings.delayMs);
    else this.pursue(tracker, gap, nowMs);
  }

  /** Does what is due about `gap`. */
  pursue(tracker: GapTracker<T, K>, gap: OpenGap, nowMs: number): void {
    const { deadlineMs, maxAttempts } = this.settings;
    if (gap.noticedMs + deadlineMs <= nowMs) {
      tracker.lose(gap, 'unrecovered');
    } else if (gap.attempts >= maxAttempts) {
      tracker.lose(gap, 'attempts');
    } else {
      this.release(gap);
      this.#ask(tracker, gap, nowMs);
    }
  }

  /** Starts the next attempt that waits for a free place; returns whether another one waits. */
  requestNext(tracker: GapTracker<T, K>, nowMs: number): boolean {
    const [next] = readyGaps(tracker);
    if (next !== undefined) this.#start(tracker, next, nowMs);
    const [another] = readyGaps(tracker);
    return another !== undefined && !tracker.book.isHeldUp;
  }

  /** A gap was closed: there is room to go on with one that was too long. */
  resume(tracker: GapTracker<T, K>): void {
    tracker.book.isHeldUp = false;
    this.#getInLine(tracker);
  }

  /** Hands out the places that became free. */
  serve(now: () => number): void {
    this.#pool.serve(now);
  }

  /** `gap` does not wait for its request any more; nobody else does, either: it is cancelled. */
  release(gap: OpenGap): void {
    const { request } = gap;
    if (request === undefined) return;
    gap.request = undefined;
    request.pieces -= 1;
    if (request.pieces === 0 && request.isLive) {
      this.#finish(request);
      request.cancel();
    }
  }

  /** The answer to `request` has ended. */
  answered(tracker: GapTracker<T, K>, request: GapRequest): void {
    if (!request.isLive) return;
    this.#finish(request);
    if (request.attempt < this.settings.maxAttempts) return;
    for (const gap of [...tracker.open]) {
      if (gap.request === request) tracker.lose(gap, 'attempts');
    }
  }

  fallBack(tracker: GapTracker<T, K>, lost: Gap<K>): void {
    if (this.settings.hasFallback) tracker.cancelFallback ??= this.port.fallBack(tracker, lost);
  }

  #ask(tracker: GapTracker<T, K>, gap: OpenGap, nowMs: number): void {
    if (!this.#pool.isFull) {
      this.#start(tracker, gap, nowMs);
      return;
    }
    gap.state = 'ready';
    this.#schedule(tracker, gap, Infinity);
    this.#getInLine(tracker);
  }

  #getInLine(tracker: GapTracker<T, K>): void {
    if (tracker.book.isInLine) return;
    tracker.book.isInLine = true;
    this.#pool.wait(tracker);
  }

  #start(tracker: GapTracker<T, K>, gap: OpenGap, nowMs: number): void {
    const { maxRange } = this.settings;
    if (gap.last - gap.first >= maxRange) {
      gap.state = 'ready';
      if (tracker.isCrowded) {
        tracker.book.isHeldUp = true;
        this.#schedule(tracker, gap, Infinity);
        return;
      }
      this.#schedule(tracker, tracker.divide(gap, maxRange), Infinity);
      this.#getInLine(tracker);
    }
    this.#pool.enter();
    gap.state = 'asked';
    gap.attempts += 1;
    const { first, last, attempts: attempt } = gap;
    const request: GapRequest = { first, last, attempt, pieces: 1, isLive: true, cancel };
    gap.request = request;
    this.#schedule(tracker, gap, nowMs + this.#intervalMs(attempt));
    const asked = tracker.describe(first, last);
    tracker.report?.({ kind: 'request', ...asked, attempt });
    request.cancel = this.port.request(tracker, request, asked);
  }

  /** Time from one attempt to the next. */
  #intervalMs(attempt: number): number {
    const { backoff, timeoutMs } = this.settings;
    const intervalMs = Math.min(timeoutMs * backoff.factor ** (attempt - 1), backoff.maxMs);
    if (backoff.jitter === 0) return intervalMs;
    const varied = intervalMs * (1 + backoff.jitter * (2 * this.port.random() - 1));
    return Math.min(varied, backoff.maxMs);
  }

  /** Wakes up for `gap` at `dueMs`, or earlier if an answer would be of no use any more then. */
  #schedule(tracker: GapTracker<T, K>, gap: OpenGap, dueMs: number): void {
    tracker.schedule(gap, Math.min(dueMs, gap.noticedMs + this.settings.deadlineMs));
  }

  #finish(request: GapRequest): void {
    request.isLive = false;
    this.#pool.leave();
  }
}

function cancel(): void {
  // Replaced as soon as there is something to cancel.
}

function* readyGaps({ open }: { readonly open: Iterable<OpenGap> }): Generator<OpenGap> {
  for (const gap of open) if (gap.state === 'ready') yield gap;
}
