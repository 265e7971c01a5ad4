/** What became of the last 65,536 numbers, one byte each. */
export class NumberLog {
  readonly #states = new Uint8Array(65_536);

  /** What was last written for a number. */
  get(seq: number): number {
    return this.#states[seq & 0xffff] ?? 0;
  }

  set(seq: number, state: number): void {
    this.#states[seq & 0xffff] = state;
  }
}
