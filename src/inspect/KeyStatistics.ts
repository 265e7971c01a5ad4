import { SequenceLine } from '../structures/SequenceLine.js';
import type { SequenceNumber } from '../types.js';
import { Histogram } from './Histogram.js';

/** The account of one key, or of several added up. */
export class KeyStatistics {
  messages = 0;
  /** How many times numbers turned out to be missing. */
  gapEvents = 0;
  /** How many numbers were missing when noticed. */
  missing = 0;
  /** How many of them came later. */
  filledLate = 0;
  duplicates = 0;
  /** Messages below the greatest number so far that were no duplicates. */
  outOfOrder = 0;
  /** Those of them that nobody was waiting for: from before the first message, or given up long ago. */
  unexpected = 0;
  restarts = 0;
  /** Messages whose number could not be used or believed. */
  invalid = 0;
  /** How many times the numbers began again at 0 because they are modular. */
  wraps = 0;
  #displacement: Histogram | undefined;
  #latenessMs: Histogram | undefined;
  /** By candidate: how many messages it holds. */
  readonly held: number[] = [];
  /** Greatest position so far. */
  #high = NaN;
  /** The number at that position. */
  #last: SequenceNumber = 0;
  readonly #line: SequenceLine;

  constructor(private readonly modulus: SequenceNumber | undefined) {
    this.#line = new SequenceLine(modulus);
  }

  get neverSeen(): number {
    return this.missing - this.filledLate;
  }

  /** How far below the greatest number so far messages out of order came, in numbers. */
  get displacement(): Histogram {
    return (this.#displacement ??= new Histogram());
  }

  /** How long after they were first missed missing numbers came. */
  get latenessMs(): Histogram {
    return (this.#latenessMs ??= new Histogram());
  }

  /** A message that is no duplicate moved on to `last`, if that is no farther away than `maxJump`. */
  advance(last: SequenceNumber, maxJump: number): void {
    const position = this.#line.locate(last, this.#high);
    const ahead = position - this.#high;
    if (ahead > maxJump || ahead < 0) return;
    if (this.modulus !== undefined && last < this.#last) this.wraps += 1;
    this.#last = last;
    this.#high = position;
  }

  /** A message came below the greatest number so far. */
  fallBehind(last: SequenceNumber): void {
    this.outOfOrder += 1;
    this.displacement.add(Math.max(0, this.#high - this.#line.locate(last, this.#high)));
  }

  /** The sender began anew. */
  restart(): void {
    this.restarts += 1;
    this.#line.restart();
    this.#last = 0;
    this.#high = NaN;
  }

  /** Adds the account of `other` to this one. */
  merge(other: KeyStatistics): void {
    this.messages += other.messages;
    this.gapEvents += other.gapEvents;
    this.missing += other.missing;
    this.filledLate += other.filledLate;
    this.duplicates += other.duplicates;
    this.outOfOrder += other.outOfOrder;
    this.unexpected += other.unexpected;
    this.restarts += other.restarts;
    this.invalid += other.invalid;
    this.wraps += other.wraps;
    if (other.#displacement !== undefined) this.displacement.merge(other.#displacement);
    if (other.#latenessMs !== undefined) this.latenessMs.merge(other.#latenessMs);
  }
}
