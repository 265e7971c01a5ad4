import { Heap, type HeapItem } from '../structures/Heap.js';
import { BurstLoss } from './BurstLoss.js';
import { drawDelayMs } from './drawDelayMs.js';
import type { LinkEvent, LinkLostEvent } from './LinkFaults.js';
import type { LinkSettings } from './LinkSettings.js';
import { SeededRandom } from './SeededRandom.js';

/** A message on its way. */
interface Delivery<T> extends HeapItem {
  readonly message: T;
  readonly dueMs: number;
  /** Breaks ties: what was sent first arrives first. */
  readonly order: number;
}

/** A message that may turn out to be one of the last. */
interface Sent<T> {
  readonly message: T;
  readonly sentMs: number;
}

/** What a link tells to whoever drives it. */
export interface LinkOutput<T> {
  /** Nobody listens any more. */
  readonly closed: boolean;
  next(message: T): void;
  report(event: LinkEvent<T>): void;
}

/** The link itself: decides about each message and keeps what is in flight. Times are ms since subscription. */
export class LinkMachine<T> {
  readonly #inFlight = new Heap<Delivery<T>>((one, other) =>
    one.dueMs === other.dueMs ? one.order < other.order : one.dueMs < other.dueMs,
  );
  /** The last `tail` messages, and what was sent before them not at all. */
  readonly #tail: Sent<T>[] = [];
  readonly #resetsMs: number[];
  #order = 0;
  // One generator for each fault, so that one can be changed without changing what the others do.
  readonly #loss: BurstLoss;
  readonly #delays: SeededRandom;
  readonly #duplicates: SeededRandom;

  constructor(
    private readonly settings: LinkSettings,
    private readonly output: LinkOutput<T>,
  ) {
    const { seed, loss, resetsMs } = settings;
    this.#resetsMs = [...resetsMs];
    this.#loss = new BurstLoss(new SeededRandom(seed, 1), loss.ratio, loss.meanBurst);
    this.#delays = new SeededRandom(seed, 2);
    this.#duplicates = new SeededRandom(seed, 3);
  }

  /** When the next message arrives or is lost; `Infinity` if none is in flight. */
  get deadlineMs(): number {
    const dueMs = this.#inFlight.top?.dueMs;
    return dueMs === undefined ? Infinity : Math.min(dueMs, this.#resetsMs[0] ?? Infinity);
  }

  /** Delivers what has arrived by `nowMs`. */
  settle(nowMs: number): void {
    for (;;) {
      const resetMs = this.#resetsMs[0] ?? Infinity;
      this.#deliver(Math.min(nowMs, resetMs), resetMs);
      if (resetMs > nowMs || this.output.closed) return;
      this.#resetsMs.shift();
      this.#drain('reset');
    }
  }

  /** Sends a message; everything due is settled. */
  send(message: T, nowMs: number): void {
    this.#tail.push({ message, sentMs: nowMs });
    if (this.#tail.length > this.settings.tail) this.#launch(this.#tail.shift() as Sent<T>);
    this.settle(nowMs);
  }

  /** Nothing more will be sent: loses the tail; what is in flight goes on. */
  end(): void {
    for (const { message } of this.#tail.splice(0)) this.#lose(message, 'tail');
  }

  /** Gives account of everything that will not be delivered because the source failed. */
  discard(): void {
    this.#drain('error');
    for (const { message } of this.#tail.splice(0)) this.#lose(message, 'error');
  }

  #launch({ message, sentMs }: Sent<T>): void {
    const { blackout, delay, duplicate } = this.settings;
    const isLost = this.#loss.loses();
    const delayMs = drawDelayMs(delay, this.#delays);
    const copies = this.#duplicates.chance(duplicate.ratio) ? duplicate.copies : 0;
    if (sentMs >= blackout.fromMs && sentMs < blackout.toMs) {
      this.#lose(message, 'blackout');
    } else if (isLost) {
      this.#lose(message, 'loss');
    } else {
      this.#put(message, sentMs + delayMs);
      for (let copy = 0; copy < copies; copy += 1) {
        this.#put(message, sentMs + drawDelayMs(duplicate.delay, this.#duplicates));
        this.output.report({ kind: 'copied', message });
      }
    }
  }

  #put(message: T, dueMs: number): void {
    this.#inFlight.place({ message, dueMs, order: this.#order++, heapIndex: -1 });
  }

  /** Delivers what is due by `untilMs`, and before `resetMs`. */
  #deliver(untilMs: number, resetMs: number): void {
    for (;;) {
      const next = this.#inFlight.top;
      if (next === undefined || next.dueMs > untilMs || next.dueMs === resetMs) return;
      if (this.output.closed) return;
      this.#inFlight.remove(next);
      this.output.next(next.message);
    }
  }

  #drain(reason: LinkLostEvent<T>['reason']): void {
    for (let next = this.#inFlight.top; next !== undefined; next = this.#inFlight.top) {
      this.#inFlight.remove(next);
      this.#lose(next.message, reason);
    }
  }

  #lose(message: T, reason: LinkLostEvent<T>['reason']): void {
    this.output.report({ kind: 'lost', message, reason, passed: false });
  }
}
