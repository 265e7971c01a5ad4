import type { SchedulerLike } from 'rxjs';
import { reorderBy, type ReorderByEvent } from '../index.js';
import { type FeedShape, feedOptions, sequenceOfRow } from './feedOptions.js';
import { OperatorRun } from './OperatorRun.js';
import type { KeyedRow } from './Row.js';

/** Limits to try out. */
export interface Candidate {
  readonly maxWaitMs: number;
  readonly maxBuffer: number;
}

/** What `reorderBy` makes of the recording under some limits. */
export interface Outcome extends Candidate {
  /** Messages that came out. */
  readonly delivered: number;
  /** Messages that came too late to come out. */
  readonly late: number;
  /** Numbers that were not waited for any longer. */
  readonly lost: number;
  /** The most messages that one key held at once; the one that was handled counts. */
  readonly mostHeld: number;
  /** `maxBuffer` was too small for `maxWaitMs`. */
  readonly overflowed: boolean;
}

/** Runs `reorderBy` over the recording under some limits. */
export class CandidateRun {
  readonly #run: OperatorRun<KeyedRow>;
  #delivered = 0;
  #late = 0;
  #lost = 0;
  #mostHeld = 0;
  #overflowed = false;

  /** @param index - this run's place in every account's `held`. */
  constructor(
    private readonly candidate: Candidate,
    private readonly index: number,
    shape: FeedShape,
    scheduler: SchedulerLike,
  ) {
    const onEvent = (event: ReorderByEvent<KeyedRow, string | undefined>): void => {
      this.#count(event);
    };
    const options = { ...feedOptions(shape, scheduler), ...candidate, onEvent };
    this.#run = new OperatorRun(reorderBy(sequenceOfRow, options), (row) => {
      this.#delivered += 1;
      this.#release(row);
    });
  }

  get outcome(): Outcome {
    return {
      ...this.candidate,
      delivered: this.#delivered,
      late: this.#late,
      lost: this.#lost,
      mostHeld: this.#mostHeld,
      overflowed: this.#overflowed,
    };
  }

  push(row: KeyedRow): void {
    const { held } = row.account;
    held[this.index] = (held[this.index] ?? 0) + 1;
    this.#run.push(row);
    const now = held[this.index] ?? 0;
    if (now > this.#mostHeld) this.#mostHeld = now;
  }

  end(): void {
    this.#run.end();
  }

  #release({ account: { held } }: KeyedRow): void {
    held[this.index] = (held[this.index] ?? 0) - 1;
  }

  #count(event: ReorderByEvent<KeyedRow, string | undefined>): void {
    if ('message' in event) this.#release(event.message);
    if (event.kind === 'late') {
      this.#late += 1;
    } else if (event.kind === 'skipped') {
      this.#lost += Number(event.count);
      if (event.reason === 'overflow') this.#overflowed = true;
    }
  }
}
