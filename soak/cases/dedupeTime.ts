import { dedupeWithin, type DedupeWithinEvent } from 'rxjs-reliable';
import { type Message, nameOf, Oracle } from '../Oracle.js';
import type { SoakCase } from '../SoakCase.js';

type Event = DedupeWithinEvent<Message, number>;

const windowMs = 30_000;

/** When each number was first seen, for as long as that counts. */
class DedupeTimeOracle extends Oracle<Event> {
  readonly #firstMs = new Map<number, number>();
  #emitted = 0;
  #repeats = 0;

  /** When the repeat of a message began to count; `undefined` if it is none. */
  #seen({ seq }: Message): number | undefined {
    const firstMs = this.#firstMs.get(seq);
    return firstMs === undefined || firstMs + windowMs <= this.nowMs ? undefined : firstMs;
  }

  emitted(message: Message): void {
    this.settle(message, 'emitted');
    this.expect(this.#seen(message) === undefined, () => `${nameOf(message)} came out twice`);
    this.#firstMs.set(message.seq, this.nowMs);
    this.#emitted += 1;
    if (this.#emitted % 256 === 0) this.#forget();
  }

  heard(event: Event): void {
    const { nowMs } = this;
    this.expect(event.kind === 'duplicate', () => `an event '${event.kind}'`);
    if (event.kind !== 'duplicate') return;
    this.settle(event.message, 'dropped');
    const firstMs = this.#seen(event.message);
    this.expect(
      !event.passed && event.first === firstMs && event.ageMs === nowMs - (firstMs ?? NaN),
      () => `${nameOf(event.message)} was dropped, first seen at ${String(firstMs)} ms`,
    );
    this.#repeats += 1;
  }

  finish(): string {
    return `${this.#emitted} passed, ${this.#repeats} repeats dropped`;
  }

  #forget(): void {
    for (const [seq, firstMs] of this.#firstMs) {
      if (firstMs + windowMs <= this.nowMs) this.#firstMs.delete(seq);
    }
  }
}

/** Repeats come up to a minute later, half of them when the first is forgotten. */
export const dedupeTime: SoakCase<Event> = {
  name: 'dedupeWithin:time',
  faults: { duplicate: { ratio: 0.1, delay: { kind: 'uniform', minMs: 0, maxMs: 60_000 } } },
  make: (setup) => {
    const oracle = new DedupeTimeOracle(setup);
    const onEvent = setup.relay<Event>((event) => oracle.heard(event));
    const { clock: scheduler } = setup;
    const keyBy = ({ seq }: Message): number => seq;
    return {
      oracle,
      operator: dedupeWithin<Message, number>(windowMs, { keyBy, onEvent, scheduler }),
    };
  },
};
