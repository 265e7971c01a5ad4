import { reorderBy, type ReorderByEvent } from 'rxjs-reliable';
import { NumberLog } from '../NumberLog.js';
import { type Message, nameOf, Oracle } from '../Oracle.js';
import type { SoakCase } from '../SoakCase.js';

type Event = ReorderByEvent<Message>;
type Skipped = Extract<Event, { readonly kind: 'skipped' }>;

const maxWaitMs = 2_000;
const maxBuffer = 10;
const emitted = 1;
const skipped = 2;

interface Held {
  readonly message: Message;
  readonly sinceMs: number;
}

/** Whose turn it is, and who waits. */
class ReorderSequenceOracle extends Oracle<Event> {
  #next = 0;
  /** By number, in order of arrival. */
  readonly #held = new Map<number, Held>();
  readonly #log = new NumberLog();
  readonly #counts = { emitted: 0, skipped: 0, late: 0, duplicate: 0 };

  override after(message: Message): void {
    const { nowMs } = this;
    if (this.outcomes === 0) this.#hold(message);
    super.after(message);
    const [oldest] = this.#held.values();
    const isInTime = oldest === undefined || oldest.sinceMs + maxWaitMs > nowMs;
    this.expect(isInTime, () => `${nameOf(oldest?.message)} is held too long`);
    this.expect(this.#held.size <= maxBuffer, () => `${this.#held.size} are held`);
  }

  emitted(message: Message): void {
    const { seq } = message;
    this.expect(seq === this.#next, () => `${nameOf(message)} came instead of ${this.#next}`);
    // A repeat is the same object: it may arrive at the very instant the held one leaves.
    if (this.#held.get(seq)?.message === message) this.#held.delete(seq);
    else this.settle(message, 'emitted');
    this.#log.set(seq, emitted);
    this.#next += 1;
    this.#counts.emitted += 1;
  }

  heard(event: Event): void {
    if (event.kind === 'skipped') this.#skip(event);
    else if (event.kind === 'duplicate' || event.kind === 'late') this.#drop(event);
    else this.expect(false, () => `an event '${event.kind}'`);
  }

  finish(): string {
    const { duplicate, late, ...rest } = this.#counts;
    this.expect(this.#held.size === 0, () => `${this.#held.size} are held in the end`);
    this.expect(rest.emitted + rest.skipped === this.#next, () => 'the sum is not right');
    return `${rest.emitted} in order, ${rest.skipped} skipped, ${late} late, ${duplicate} repeats`;
  }

  #hold(message: Message): void {
    const isEarly = message.seq > this.#next && !this.#held.has(message.seq);
    this.expect(isEarly, () => `${nameOf(message)} is held, but its turn has come`);
    this.#held.set(message.seq, { message, sinceMs: this.nowMs });
    this.outcomes = 1;
  }

  #drop(event: Extract<Event, { readonly kind: 'duplicate' | 'late' }>): void {
    const { message } = event;
    const { seq } = message;
    this.settle(message, 'dropped');
    this.#counts[event.kind] += 1;
    const state = seq < this.#next ? this.#log.get(seq) : 0;
    const isRight =
      event.kind === 'late'
        ? state === skipped && event.behind === this.#next - seq
        : state === emitted || this.#held.has(seq);
    this.expect(isRight && !event.passed, () => `${nameOf(message)} was ${event.kind}`);
  }

  #skip({ first, last, reason }: Skipped): void {
    const [oldest] = this.#held.values();
    const isTime = reason === 'wait' && oldest?.sinceMs === this.nowMs - maxWaitMs;
    const isFull = reason === 'overflow' && this.#held.size === maxBuffer;
    this.expect(isTime || isFull || reason === 'completed', () => `skipped for '${reason}'`);
    // What is too much is held already; what arrives at the instant of a wait's end is not.
    const arriving = isFull ? (this.current?.seq ?? Infinity) : Infinity;
    const lowest = Math.min(arriving, ...this.#held.keys());
    this.expect(
      first === this.#next && last === lowest - 1,
      () => `skipped ${String(first)} to ${String(last)} before ${lowest}, from ${this.#next} on`,
    );
    for (let seq = this.#next; seq < lowest; seq += 1) this.#log.set(seq, skipped);
    this.#counts.skipped += lowest - this.#next;
    this.#next = lowest;
  }
}

/** Waits for less than the longest delay, and holds less than the longest disorder needs. */
export const reorderSequence: SoakCase<Event> = {
  name: 'reorderBy:sequence',
  make: (setup) => {
    const oracle = new ReorderSequenceOracle(setup);
    const onEvent = setup.relay<Event>((event) => oracle.heard(event));
    const options = { first: 0, maxWaitMs, maxBuffer, onEvent, scheduler: setup.clock };
    return { oracle, operator: reorderBy<Message>(({ seq }) => seq, options) };
  },
};
