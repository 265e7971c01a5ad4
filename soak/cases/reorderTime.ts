import { reorderBy, type ReorderByEvent } from 'rxjs-reliable';
import { type Message, nameOf, Oracle } from '../Oracle.js';
import type { SoakCase } from '../SoakCase.js';

type Event = ReorderByEvent<Message>;

const boundMs = 1_500;
const maxWaitMs = 2_500;

interface Held {
  readonly message: Message;
  readonly sinceMs: number;
}

/** Everything held, in order of event time, and of arrival where that is equal. */
class ReorderTimeOracle extends Oracle<Event> {
  readonly #held: Held[] = [];
  /** Greatest event time taken. */
  #greatestMs = -Infinity;
  /** Event time of what was released last. */
  #edgeMs = -Infinity;
  #isOver = false;
  readonly #counts = { emitted: 0, late: 0, arrived: 0 };

  override before(message: Message): void {
    super.before(message);
    this.#counts.arrived += 1;
  }

  override after(message: Message): void {
    if (this.outcomes === 0) this.#insert(message);
    super.after(message);
    const overdue = this.#held.find(
      (held) => held.message.sentMs <= this.#watermarkMs || this.#hasWaited(held),
    );
    this.expect(overdue === undefined, () => `${nameOf(overdue?.message)} is held too long`);
  }

  emitted(message: Message): void {
    const { sentMs } = message;
    // What is as old as what has just left may leave with it.
    let isDue = this.#isOver || sentMs === this.#edgeMs || this.#isWaitOver(sentMs);
    // What leaves, leaves for the message that arrives.
    if (!isDue && this.current !== undefined && this.outcomes === 0) this.#insert(this.current);
    isDue ||= sentMs <= this.#watermarkMs;
    const [first] = this.#held;
    this.expect(
      first?.message === message && sentMs >= this.#edgeMs,
      () => `${nameOf(message)} is not the first`,
    );
    this.expect(isDue, () => `${nameOf(message)} is early`);
    this.#held.shift();
    this.#edgeMs = sentMs;
    this.#counts.emitted += 1;
  }

  heard(event: Event): void {
    this.expect(event.kind === 'late', () => `an event '${event.kind}'`);
    if (event.kind !== 'late') return;
    this.settle(event.message, 'dropped');
    this.#counts.late += 1;
    const fromMs = Math.max(this.#watermarkMs + 1, this.#edgeMs);
    const isRight = event.behind === fromMs - event.message.sentMs && event.behind > 0;
    this.expect(isRight && !event.passed, () => `${nameOf(event.message)} was late`);
  }

  /** The source has completed: everything may leave. */
  override completing(): void {
    this.#isOver = true;
  }

  finish(): string {
    const { arrived, emitted, late } = this.#counts;
    this.expect(this.#held.length === 0, () => `${this.#held.length} are held in the end`);
    this.expect(emitted + late === arrived, () => 'the sum is not right');
    return `${emitted} in order, ${late} late`;
  }

  get #watermarkMs(): number {
    return this.#greatestMs - boundMs - 1;
  }

  #hasWaited({ sinceMs }: Held): boolean {
    return sinceMs + maxWaitMs <= this.nowMs;
  }

  /** Whether something at or behind this event time has waited long enough. */
  #isWaitOver(sentMs: number): boolean {
    return this.#held.some((held) => held.message.sentMs >= sentMs && this.#hasWaited(held));
  }

  #insert(message: Message): void {
    this.outcomes = 1;
    let place = this.#held.length;
    while (place > 0 && (this.#held[place - 1]?.message.sentMs ?? 0) > message.sentMs) place -= 1;
    this.#held.splice(place, 0, { message, sinceMs: this.nowMs });
    this.#greatestMs = Math.max(this.#greatestMs, message.sentMs);
  }
}

/** Delays are twice the bound, and pauses longer than what is held may wait. */
export const reorderTime: SoakCase<Event> = {
  name: 'reorderBy:time',
  make: (setup) => {
    const oracle = new ReorderTimeOracle(setup);
    const onEvent = setup.relay<Event>((event) => oracle.heard(event));
    const { clock: scheduler } = setup;
    const options = { by: 'time', boundMs, maxWaitMs, onEvent, scheduler } as const;
    return { oracle, operator: reorderBy<Message>(({ sentMs }) => sentMs, options) };
  },
};
