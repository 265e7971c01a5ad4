import { checksumOf, type Message } from './message.js';

/** What was delivered, written down without a thought about what should have been. */
export class Ledger {
  readonly #numbers: number[] = [];
  readonly #checksums: number[] = [];
  readonly #latenciesMs: number[] = [];

  get delivered(): number {
    return this.#numbers.length;
  }

  get numbers(): Uint32Array {
    return Uint32Array.from(this.#numbers);
  }

  get checksums(): Uint32Array {
    return Uint32Array.from(this.#checksums);
  }

  get latencyMs(): { readonly median: number; readonly greatest: number } {
    const sorted = [...this.#latenciesMs].sort((one, other) => one - other);
    return { median: sorted[sorted.length >> 1] ?? 0, greatest: sorted.at(-1) ?? 0 };
  }

  readonly deliver = (message: Message): void => {
    this.#numbers.push(message.seq);
    this.#checksums.push(checksumOf(message));
    this.#latenciesMs.push(Date.now() - message.sentAtMs);
  };
}
