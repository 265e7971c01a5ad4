import type { Candidate, Outcome } from './CandidateRun.js';
import { CandidateRun } from './CandidateRun.js';
import type { FeedShape } from './feedOptions.js';
import { GapStatistics } from './GapStatistics.js';
import { KeyTable } from './KeyTable.js';
import { RecordedClock } from './RecordedClock.js';
import type { Row } from './Row.js';

/** Takes a recording row by row: counts what it suffers from, and tries limits for `reorderBy` out on it. */
export class Inspection {
  readonly keys: KeyTable;
  readonly #clock = new RecordedClock();
  readonly #gaps: GapStatistics | undefined;
  readonly #runs: readonly CandidateRun[];
  #firstMs = NaN;

  /** @param counts - whether what the recording suffers from is counted at all. */
  constructor(
    readonly shape: FeedShape,
    candidates: readonly Candidate[],
    counts = true,
  ) {
    const { maxKeys, modulus } = shape.numbering;
    this.keys = new KeyTable(maxKeys, modulus);
    this.#gaps = counts ? new GapStatistics(shape, this.#clock) : undefined;
    this.#runs = candidates.map(
      (candidate, index) => new CandidateRun(candidate, index, shape, this.#clock),
    );
  }

  /** How many times the recorded time ran backwards. */
  get stepsBack(): number {
    return this.#clock.stepsBack;
  }

  /** From the first message to the last. */
  get durationMs(): number {
    return this.#firstMs === this.#firstMs ? this.#clock.now() - this.#firstMs : 0;
  }

  get outcomes(): readonly Outcome[] {
    return this.#runs.map((run) => run.outcome);
  }

  push({ sequence, last, previous, epoch, key, timeMs }: Row): void {
    const account = this.keys.of(key);
    const row = { sequence, last, previous, epoch, key, timeMs, account };
    this.#clock.advanceTo(timeMs);
    if (this.#firstMs !== this.#firstMs) this.#firstMs = timeMs;
    this.#gaps?.push(row);
    for (const run of this.#runs) run.push(row);
  }

  /** The recording has ended. */
  end(): void {
    this.#gaps?.end();
    for (const run of this.#runs) run.end();
  }
}
