import type { SchedulerLike } from 'rxjs';
import { sequenceGaps, type SequenceGapsEvent } from '../index.js';
import { type FeedShape, feedOptions, sequenceOfRow } from './feedOptions.js';
import { OperatorRun } from './OperatorRun.js';
import type { KeyedRow } from './Row.js';

/** How many gaps per key may wait to be filled: a number missing for longer counts as never seen. */
const maxGaps = 4_096;

/** A message is new unless it is below the greatest number so far, or of no use. */
type Verdict = 'new' | 'behind' | 'known';

/** Counts, per key, what `sequenceGaps` finds. */
export class GapStatistics {
  readonly #run: OperatorRun<KeyedRow>;
  readonly #hasTime: boolean;
  readonly #maxJump: number;
  /** The message being handled. */
  #row: KeyedRow | undefined;
  /** What has been heard of it. */
  #verdict: Verdict = 'new';

  constructor(shape: FeedShape, scheduler: SchedulerLike) {
    this.#hasTime = shape.hasTime;
    this.#maxJump = shape.numbering.maxJump ?? 65_536;
    const onEvent = (event: SequenceGapsEvent<KeyedRow, string | undefined>): void => {
      this.#count(event);
    };
    const options = { ...feedOptions(shape, scheduler), maxGaps, onEvent };
    this.#run = new OperatorRun(sequenceGaps(sequenceOfRow, options), () => undefined);
  }

  push(row: KeyedRow): void {
    const { account, last } = row;
    account.messages += 1;
    const verdict = this.#judge(row);
    if (verdict === 'behind') account.fallBehind(last);
    if (verdict !== 'known') account.advance(last, this.#maxJump);
  }

  end(): void {
    this.#row = undefined;
    this.#run.end();
  }

  #judge(row: KeyedRow): Verdict {
    this.#row = row;
    this.#verdict = 'new';
    this.#run.push(row);
    return this.#verdict;
  }

  #count(event: SequenceGapsEvent<KeyedRow, string | undefined>): void {
    switch (event.kind) {
      case 'gap':
        this.#countGap(Number(event.count));
        break;
      case 'filled':
        if (event.message !== undefined) this.#countFilled(event.message, event);
        break;
      case 'late':
        event.message.account.unexpected += 1;
        this.#verdict = 'behind';
        break;
      case 'duplicate':
        event.message.account.duplicates += 1;
        this.#verdict = 'known';
        break;
      case 'invalid':
        event.message.account.invalid += 1;
        if (event.message === this.#row) this.#verdict = 'known';
        break;
      case 'reset':
        this.#row?.account.restart();
        break;
      default:
    }
  }

  #countGap(count: number): void {
    if (this.#row === undefined) return;
    this.#row.account.gapEvents += 1;
    this.#row.account.missing += count;
  }

  #countFilled(
    { account }: KeyedRow,
    { count, waitedMs }: { readonly count: number | bigint; readonly waitedMs: number },
  ): void {
    account.filledLate += Number(count);
    if (this.#hasTime) account.latenessMs.add(waitedMs);
    this.#verdict = 'behind';
  }
}
