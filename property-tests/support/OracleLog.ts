import type { TimedEntry } from './runTimed.js';

/** Writes down what an operator has to be heard to do. */
export class OracleLog<T> {
  constructor(
    private readonly key: unknown,
    readonly entries: TimedEntry[],
  ) {}

  emit(message: T, atMs: number): void {
    this.entries.push({ atMs, kind: 'next', value: message });
  }

  tell(event: object, atMs: number): void {
    this.entries.push({ atMs, kind: 'event', event: { ...event, key: this.key } });
  }

  /** Tells what became of a message that is not emitted. */
  drop(kind: string, message: T, atMs: number, reason?: string): void {
    const why = reason === undefined ? {} : { reason };
    this.tell({ kind, message, ...why, passed: false }, atMs);
  }
}
