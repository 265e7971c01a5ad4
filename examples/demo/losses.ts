import type { Message } from './message.js';
import type { NumberRange } from './processes.js';

/** Every loss the pipeline reports, wherever in it that is. */
export class Losses {
  readonly ranges: NumberRange[] = [];
  /** Reported, and not delivered so far. */
  readonly #numbers = new Set<number>();

  /** How many numbers are lost now; one that is reported twice counts once, one that comes after all does not. */
  get count(): number {
    return this.#numbers.size;
  }

  report(first: number, last = first): void {
    this.ranges.push({ first, last });
    for (let seq = first; seq <= last; seq++) this.#numbers.add(seq);
  }

  /** The message has come after all. */
  readonly revoke = ({ seq }: Message): void => {
    this.#numbers.delete(seq);
  };
}
