import { sequenceGaps, type SequenceGapsEvent } from 'rxjs-reliable';
import { NumberLog } from '../NumberLog.js';
import { type Message, nameOf, Oracle } from '../Oracle.js';
import type { SoakCase } from '../SoakCase.js';
import { replayer } from './replayer.js';

type Event = SequenceGapsEvent<Message>;
type Of<Kind extends Event['kind']> = Extract<Event, { readonly kind: Kind }>;

const toleranceMs = 2_000;
const timeoutMs = 1_000;
const maxAttempts = 3;
/** Tolerance and three growing intervals, and as much again to wait for a free place. */
const longestMs = 2 * (toleranceMs + 7 * timeoutMs);

// What became of a number; between `reported` and `filled` lie its attempts.
const missing = 1;
const reported = 2;
const filled = 8;
const emitted = 9;
const lost = 10;
const late = 11;

/** Which numbers are missing since when, and how often they were asked for. */
class GapsOracle extends Oracle<Event> {
  #high = -1;
  /** When each missing number was noticed, in that order. */
  readonly #noticedMs = new Map<number, number>();
  readonly #log = new NumberLog();
  readonly #counts = { first: 0, late: 0, asked: 0, lost: 0, afterLoss: 0, duplicate: 0 };
  #isOver = false;

  override after(message: Message): void {
    super.after(message);
    const [oldest] = this.#noticedMs;
    this.expect(
      oldest === undefined || this.nowMs - oldest[1] < longestMs,
      () => `${String(oldest?.[0])} is missing for too long`,
    );
  }

  emitted(message: Message): void {
    this.settle(message, 'emitted');
    const { seq } = message;
    if (seq > this.#high) {
      this.#counts.first += 1;
      this.#advance(seq);
      return;
    }
    const state = this.#log.get(seq);
    this.expect(
      state === missing || state === filled || state === late,
      () => `${nameOf(message)} came out in state ${state}`,
    );
    if (state === missing) this.#counts.late += 1;
    this.#noticedMs.delete(seq);
    this.#log.set(seq, emitted);
  }

  heard(event: Event): void {
    switch (event.kind) {
      case 'gap':
        this.#each(event, (seq, state) => state === missing && this.#waited(seq) === toleranceMs);
        this.#mark(event, () => reported);
        break;
      case 'request':
        this.#each(event, (_, state) => state === reported + event.attempt - 1);
        this.#mark(event, (state) => state + 1);
        break;
      case 'filled':
        this.#fill(event);
        break;
      case 'lost':
        this.#lose(event);
        break;
      case 'late':
        this.#each({ ...event, ...rangeOf(event.message) }, (_, state) => state === lost);
        this.#log.set(event.message.seq, late);
        this.#counts.afterLoss += 1;
        break;
      case 'duplicate':
        this.settle(event.message, 'dropped');
        this.#each({ ...event, ...rangeOf(event.message) }, (_, state) => state === emitted);
        this.expect(!event.passed, () => `${nameOf(event.message)} was passed`);
        this.#counts.duplicate += 1;
        break;
      case 'request-failed':
        break;
      default:
        this.expect(false, () => `an event '${event.kind}'`);
    }
  }

  override completing(): void {
    this.#isOver = true;
  }

  finish(): string {
    const { afterLoss, asked, duplicate, first, late: byItself, lost: gone } = this.#counts;
    this.expect(this.#noticedMs.size === 0, () => `${this.#noticedMs.size} are open in the end`);
    this.expect(first + byItself + asked + gone === this.#high + 1, () => 'the sum is not right');
    return `${first + byItself} came, ${asked} recovered, ${gone} lost (${afterLoss} came later), ${duplicate} repeats`;
  }

  /** Everything between the high-water mark and `seq` is missing; what is forgotten for it has to be settled. */
  #advance(seq: number): void {
    for (let each = this.#high + 1; each <= seq; each += 1) {
      const old = this.#log.get(each);
      const isSettled = old === 0 || old === emitted || old === lost;
      this.expect(isSettled, () => `a number 65536 before ${each} is in state ${old}`);
      this.#log.set(each, each === seq ? emitted : missing);
      if (each < seq) this.#noticedMs.set(each, this.nowMs);
    }
    this.#high = seq;
  }

  #fill(event: Of<'filled'>): void {
    const { by, first, last, message, waitedMs } = event;
    const isRight = first === last && first === message?.seq && message === this.current;
    this.expect(isRight, () => `${nameOf(message)} filled ${String(first)} to ${String(last)}`);
    this.#each(event, (seq, state) => isReported(state) && this.#waited(seq) === waitedMs);
    this.#mark(event, () => filled);
    this.#counts[by === 'request' ? 'asked' : 'late'] += 1;
  }

  #lose(event: Of<'lost'>): void {
    const isEnd = this.#isOver && event.reason === 'completed';
    this.expect(isEnd || event.reason === 'attempts', () => `lost for '${event.reason}'`);
    const isLost = (state: number): boolean =>
      isEnd ? isReported(state) : state === reported + maxAttempts;
    this.#each(event, (_, state) => isLost(state));
    this.#mark(event, () => lost);
    for (let seq = Number(event.first); seq <= Number(event.last); seq += 1) {
      this.#noticedMs.delete(seq);
      this.#counts.lost += 1;
    }
  }

  #waited(seq: number): number {
    // In the end every gap is reported at once.
    return this.#isOver ? toleranceMs : this.nowMs - (this.#noticedMs.get(seq) ?? NaN);
  }

  #each(event: Range, isRight: (seq: number, state: number) => boolean): void {
    for (let seq = Number(event.first); seq <= Number(event.last); seq += 1) {
      const state = this.#log.get(seq);
      this.expect(
        seq <= this.#high && isRight(seq, state),
        () => `an event '${event.kind}' for ${seq}, which is in state ${state}`,
      );
    }
  }

  #mark(event: Range, change: (state: number) => number): void {
    for (let seq = Number(event.first); seq <= Number(event.last); seq += 1) {
      this.#log.set(seq, change(this.#log.get(seq)));
    }
  }
}

interface Range {
  readonly kind: string;
  readonly first: number | bigint;
  readonly last: number | bigint;
}

const rangeOf = ({ seq }: Message): { readonly first: number; readonly last: number } => ({
  first: seq,
  last: seq,
});

const isReported = (state: number): boolean => state >= reported && state < filled;

/** Some gaps are mere disorder, most are recovered, some never. */
export const gaps: SoakCase<Event> = {
  name: 'sequenceGaps',
  make: (setup) => {
    const oracle = new GapsOracle(setup);
    const onEvent = setup.relay<Event>((event) => oracle.heard(event));
    const request = replayer(setup, oracle);
    const operator = sequenceGaps<Message>(({ seq }) => seq, {
      first: 0,
      toleranceMs,
      duplicatePolicy: 'drop',
      recover: { request, maxAttempts, timeoutMs, maxInFlight: 64 },
      onEvent,
      scheduler: setup.clock,
    });
    return { oracle, operator };
  },
};
