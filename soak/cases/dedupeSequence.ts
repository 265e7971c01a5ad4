import { dedupeWithin, type DedupeWithinEvent } from 'rxjs-reliable';
import { type Message, nameOf, Oracle } from '../Oracle.js';
import type { SoakCase } from '../SoakCase.js';

type Event = DedupeWithinEvent<Message, undefined>;

const size = 128;

/** Which of the last numbers were seen. */
class DedupeSequenceOracle extends Oracle<Event> {
  readonly #seen = new Set<number>();
  #high = -1;
  #emitted = 0;
  #dropped = 0;

  emitted(message: Message): void {
    this.settle(message, 'emitted');
    const { seq } = message;
    const isNew = seq > this.#high - size && !this.#seen.has(seq);
    this.expect(isNew, () => `${nameOf(message)} came out twice, or from below the window`);
    this.#seen.add(seq);
    this.#high = Math.max(this.#high, seq);
    this.#emitted += 1;
    if (this.#emitted % size === 0) this.#forget();
  }

  heard(event: Event): void {
    const isKnown = event.kind === 'duplicate' || event.kind === 'late';
    this.expect(isKnown, () => `an event '${event.kind}'`);
    if (!isKnown) return;
    this.settle(event.message, 'dropped');
    this.#dropped += 1;
    const behind = this.#high - size + 1 - event.message.seq;
    const isRight =
      event.kind === 'late'
        ? behind > 0 && event.behind === behind
        : behind <= 0 && this.#seen.has(event.message.seq);
    this.expect(isRight && !event.passed, () => `${nameOf(event.message)} was ${event.kind}`);
  }

  finish(): string {
    return `${this.#emitted} passed, ${this.#dropped} dropped`;
  }

  #forget(): void {
    for (const seq of this.#seen) if (seq <= this.#high - size) this.#seen.delete(seq);
  }
}

/** Repeats come up to a minute later, some of them from below the window. */
export const dedupeSequence: SoakCase<Event> = {
  name: 'dedupeWithin:sequence',
  faults: { duplicate: { ratio: 0.1, delay: { kind: 'uniform', minMs: 0, maxMs: 60_000 } } },
  make: (setup) => {
    const oracle = new DedupeSequenceOracle(setup);
    const onEvent = setup.relay<Event>((event) => oracle.heard(event));
    const sequenceOf = ({ seq }: Message): number => seq;
    const window = { kind: 'sequence', size, sequenceOf } as const;
    return { oracle, operator: dedupeWithin<Message, undefined>(window, { onEvent }) };
  },
};
