import type { Message } from './message.js';

/** The last messages sent, for whoever asks again; older ones are forgotten. */
export class SentHistory {
  readonly #slots: (Message | undefined)[];

  constructor(capacity: number) {
    this.#slots = new Array<Message | undefined>(capacity);
  }

  add(message: Message): void {
    this.#slots[message.seq % this.#slots.length] = message;
  }

  /** What is still known of this range, both ends included. */
  between(first: number, last: number): Message[] {
    const found: Message[] = [];
    const end = Math.min(last, first + this.#slots.length - 1);
    for (let seq = first; seq <= end; seq++) {
      const message = this.#slots[seq % this.#slots.length];
      if (message?.seq === seq) found.push(message);
    }
    return found;
  }
}
