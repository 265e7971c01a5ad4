import { Heap, type HeapItem } from '../structures/Heap.js';
import { BurstLoss } from './BurstLoss.js';
import { drawDelayMs } from './drawDelayMs.js';
import type { LinkEvent, LinkLostEvent } from './LinkFaults.js';
import { LinkRoute } from './LinkRoute.js';
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
  /** How many messages set out. */
  #count = 0;
  /** What is in flight once more, where one at random may have to go. */
  readonly #victims: Delivery<T>[] = [];
  // One generator for each fault, so that one can be changed without changing what the others do.
  readonly #loss: BurstLoss;
  readonly #route: LinkRoute;
  readonly #duplicates: SeededRandom;
  readonly #drops: SeededRandom;

  constructor(
    private readonly settings: LinkSettings,
    private readonly output: LinkOutput<T>,
  ) {
    const { seed, loss, resetsMs } = settings;
    this.#resetsMs = [...resetsMs];
    this.#loss = new BurstLoss(new SeededRandom(seed, 1), loss);
    this.#route = new LinkRoute(settings);
    this.#duplicates = new SeededRandom(seed, 3);
    this.#drops = new SeededRandom(seed, 7);
  }

  /** When the next message arrives or is lost; `Infinity` if none is in flight. */
  get deadlineMs(): number {
    const dueMs = this.#inFlight.top?.dueMs;
    const resetMs = this.#resetsMs[0] ?? Infinity;
    const healMs = this.#tail.length > 0 ? this.settings.healAtMs : Infinity;
    return Math.min(dueMs === undefined ? Infinity : Math.min(dueMs, resetMs), healMs);
  }

  /** Delivers what has arrived by `nowMs`. */
  settle(nowMs: number): void {
    if (nowMs >= this.settings.healAtMs) this.#release(nowMs);
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
    this.#release(nowMs);
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

  /** Lets go of all that cannot be among the last. */
  #release(nowMs: number): void {
    const kept = nowMs >= this.settings.healAtMs ? 0 : this.settings.tail;
    while (this.#tail.length > kept) this.#launch(this.#tail.shift() as Sent<T>);
  }

  #launch({ message, sentMs }: Sent<T>): void {
    const { duplicate, healAtMs } = this.settings;
    const index = this.#count++;
    const isLost = this.#loss.loses();
    const delayMs = this.#route.nextMs(sentMs);
    const copies = this.#duplicates.chance(duplicate.ratio) ? duplicate.copies : 0;
    const fault = this.#faultOf(index, sentMs, isLost);
    if (sentMs >= healAtMs) {
      this.#fly(message, sentMs);
    } else if (fault !== undefined) {
      this.#lose(message, fault);
    } else {
      this.#put(message, this.#route.arrivalMs(sentMs, delayMs));
      for (let copy = 0; copy < copies; copy += 1) {
        const ownMs = drawDelayMs(duplicate.delay, this.#duplicates);
        this.output.report({ kind: 'copied', message });
        this.#put(message, this.#route.arrivalMs(sentMs, ownMs));
      }
    }
  }

  /** Why a message does not even set out. */
  #faultOf(index: number, sentMs: number, isLost: boolean): LinkLostEvent<T>['reason'] | undefined {
    const { blackout, drop } = this.settings;
    if (drop.has(index)) return 'drop';
    if (sentMs >= blackout.fromMs && sentMs < blackout.toMs) return 'blackout';
    return isLost ? 'loss' : undefined;
  }

  /** Sends a message on its way, and loses one if that is one too many. */
  #put(message: T, dueMs: number): void {
    const { capacity, dropPolicy } = this.settings.queue;
    const isFull = this.#inFlight.size >= capacity;
    const place = isFull && dropPolicy === 'random' ? this.#drops.integer(0, capacity) : capacity;
    const victim = isFull ? this.#victims[place] : undefined;
    if (isFull && victim === undefined) {
      this.#lose(message, 'queue');
      return;
    }
    if (victim !== undefined) {
      this.#remove(victim);
      this.#lose(victim.message, 'queue');
    }
    this.#fly(message, dueMs);
  }

  #fly(message: T, dueMs: number): void {
    const delivery = { message, dueMs, order: this.#order++, heapIndex: -1 };
    this.#inFlight.place(delivery);
    if (this.settings.queue.dropPolicy === 'random') this.#victims.push(delivery);
  }

  #remove(delivery: Delivery<T>): void {
    this.#inFlight.remove(delivery);
    if (this.settings.queue.dropPolicy !== 'random') return;
    this.#victims.splice(this.#victims.indexOf(delivery), 1);
  }

  /** Delivers what is due by `untilMs`, and before `resetMs`. */
  #deliver(untilMs: number, resetMs: number): void {
    for (;;) {
      const next = this.#inFlight.top;
      if (next === undefined || next.dueMs > untilMs || next.dueMs === resetMs) return;
      if (this.output.closed) return;
      this.#remove(next);
      this.output.next(next.message);
    }
  }

  #drain(reason: LinkLostEvent<T>['reason']): void {
    for (let next = this.#inFlight.top; next !== undefined; next = this.#inFlight.top) {
      this.#remove(next);
      this.#lose(next.message, reason);
    }
  }

  #lose(message: T, reason: LinkLostEvent<T>['reason']): void {
    this.output.report({ kind: 'lost', message, reason, passed: false });
  }
}
