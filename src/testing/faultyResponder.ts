import { asyncScheduler, Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import { OptionReader } from '../options.js';
import type { Gap, SequenceNumber, TimeOptions } from '../types.js';
import type { ResponderMode, ResponderRecord, ResponderScript } from './responderScript.js';

/** The part of a gap that a request is about. */
export type RequestedRange = Pick<Gap<unknown>, 'first' | 'last'>;

/** How a request is answered best. */
const sound: ResponderRecord = { mode: 'sync', delayMs: 0, stepMs: 0, drop: false };

/**
 * A sender that answers requests as a {@link responderScript} says: `recover.request` of `sequenceGaps`.
 *
 * Use it where a pipeline asks for what is missing: a real sender answers late, twice, in part, with something else, or
 * not at all. Each one made counts its requests from the beginning of the script.
 *
 * @param script - how each request is answered; if it is empty, all are answered well.
 * @param messageOf - makes the message with a number.
 * @param options - {@link TimeOptions}: whose timers the delays are.
 * @returns what answers a request. It throws for the mode `'throw'`.
 * @throws `OptionError` at once if an argument cannot be used.
 *
 * @example
 * ```ts
 * import { of } from 'rxjs';
 * import { sequenceGaps } from 'rxjs-reliable';
 * import { faultyResponder } from 'rxjs-reliable/testing';
 *
 * const script = [{ mode: 'partial', delayMs: 0, stepMs: 0, drop: false }] as const;
 * const request = faultyResponder(script, (seq) => Number(seq));
 * of(1, 5)
 *   .pipe(sequenceGaps((seq) => seq, { recover: { request, maxAttempts: 1 } }))
 *   .subscribe((seq) => console.log(seq));
 * // => 1
 * // => 5
 * // => 2
 * // => 4
 * ```
 */
export function faultyResponder<T>(
  script: ResponderScript,
  messageOf: (seq: SequenceNumber) => T,
  options: TimeOptions = {},
): (gap: RequestedRange) => Observable<T> {
  const reader = new OptionReader('faultyResponder', options);
  reader.scheduler();
  reader.selector('messageOf', messageOf);
  const { scheduler = asyncScheduler } = options;
  let asked = 0;
  let before: RequestedRange | undefined;
  return (gap) => {
    const record = script[asked++ % script.length] ?? sound;
    const numbers = numbersOf(record.mode, gap, before ?? gap);
    before = gap;
    if (record.mode === 'throw') throw new Error('the sender cannot be asked');
    return new Observable<T>((listener) => {
      if (!record.drop) answer(record, numbers.map(messageOf), listener, scheduler);
    });
  };
}

/** Emits an answer; what takes no time is emitted in the same call. */
function answer<T>(
  { mode, delayMs, stepMs }: ResponderRecord,
  messages: readonly T[],
  listener: Subscriber<T>,
  scheduler: SchedulerLike,
): void {
  const later = (step: number, work: () => void): void => {
    const afterMs = mode === 'sync' ? 0 : delayMs + step * stepMs;
    if (listener.closed) return;
    if (afterMs === 0) work();
    else listener.add(scheduler.schedule(work, afterMs));
  };
  for (const [step, message] of messages.entries()) {
    later(step, () => {
      listener.next(message);
    });
  }
  if (mode === 'endless' || mode === 'never') return;
  later(messages.length, () => {
    if (mode === 'error') listener.error(new Error('the sender has failed'));
    else listener.complete();
  });
}

/** The numbers of the messages that a request is answered with. */
function numbersOf(
  mode: ResponderMode,
  asked: RequestedRange,
  before: RequestedRange,
): SequenceNumber[] {
  const numbers = listOf(asked);
  switch (mode) {
    case 'sync':
    case 'async':
    case 'endless':
      return numbers;
    case 'partial':
      return numbers.filter((_, index) => index % 2 === 0);
    case 'extra':
      return [...below(asked), ...numbers, plus(asked.last, 1)];
    case 'wrong':
      return [...below(asked), plus(asked.last, 1), plus(asked.last, 3)];
    case 'stale':
      return listOf(before);
    case 'duplicate':
      return numbers.flatMap((seq) => [seq, seq]);
    case 'error':
      return numbers.slice(0, 1);
    case 'never':
    case 'complete-empty':
    case 'throw':
      return [];
  }
}

function listOf({ first, last }: RequestedRange): SequenceNumber[] {
  const numbers: SequenceNumber[] = [];
  for (let seq = first; seq <= last; seq = plus(seq, 1)) numbers.push(seq);
  return numbers;
}

/** The number before the first one, if there is one. */
function below({ first }: RequestedRange): SequenceNumber[] {
  return first > 0 ? [plus(first, -1)] : [];
}

function plus(seq: SequenceNumber, by: number): SequenceNumber {
  return typeof seq === 'bigint' ? seq + BigInt(by) : seq + by;
}
