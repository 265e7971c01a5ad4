import type { DedupeWithinEvent, Gap, ReorderByEvent, SequenceGapsEvent } from 'rxjs-reliable';
import type { Losses } from './losses.js';
import type { Message } from './message.js';

/** Overtaken by a later message, or missed and then come by itself or on request. */
type Way = 'overtaken' | 'late' | 'request';

/** Counts what goes into the pipeline and what the operators say about it. */
export class Tally {
  /** Messages that came over UDP, repeats included. */
  fromFeed = 0;
  /** Messages that came as answers to re-requests. */
  fromAnswers = 0;
  requests = 0;
  duplicates = 0;
  late = 0;
  /** Dropped for any other reason. */
  refused = 0;
  /** Numbers missing now. */
  missing = 0;
  /** How each number that did not simply come in its turn came. */
  readonly #ways = new Map<number, Way>();
  readonly #seen = new Set<number>();
  #highest = 0;

  constructor(private readonly losses: Losses) {}

  get dropped(): number {
    return this.duplicates + this.late + this.refused;
  }

  /** How many of these messages came this way. */
  came(way: Way, numbers: Uint32Array): number {
    return numbers.filter((seq) => this.#ways.get(seq) === way).length;
  }

  readonly countMessage = ({ seq }: Message): void => {
    this.fromFeed++;
    if (seq < this.#highest && !this.#seen.has(seq)) this.#ways.set(seq, 'overtaken');
    this.#seen.add(seq);
    this.#highest = Math.max(this.#highest, seq);
  };

  readonly countAnswer = (): void => {
    this.fromAnswers++;
  };

  readonly onRepeat = (event: DedupeWithinEvent<Message, string>): void => {
    this.#countIfDropped(event);
  };

  readonly onGap = (event: SequenceGapsEvent<Message>): void => {
    this.#countIfDropped(event);
    if (event.kind === 'request') this.requests++;
    if (event.kind === 'gap') this.missing += Number(event.count);
    if (event.kind === 'filled') {
      this.missing -= Number(event.count);
      if (event.by !== 'absent') this.#ways.set(Number(event.first), event.by);
    }
    if (event.kind === 'lost') {
      this.missing -= Number(event.count);
      this.#lose(event);
    }
  };

  readonly onDisorder = (event: ReorderByEvent<Message>): void => {
    this.#countIfDropped(event);
    if (event.kind === 'skipped') this.#lose(event);
  };

  #lose({ first, last }: Pick<Gap, 'first' | 'last'>): void {
    this.losses.report(Number(first), Number(last));
  }

  #countIfDropped(event: { readonly kind: string; readonly passed?: boolean }): void {
    if (event.passed !== false) return;
    if (event.kind === 'duplicate') this.duplicates++;
    else if (event.kind === 'late') this.late++;
    else this.refused++;
  }
}
