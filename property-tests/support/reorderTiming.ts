import {
  type Arrival,
  arrivalsOf,
  type ControlScript,
  type FaultScript,
  type ScriptMessage,
} from 'rxjs-reliable/testing';
import { batchesOf } from './batchesOf.js';
import { describeLog, expectSameLog } from './describeLog.js';
import { pushedWithinNext } from './pushedWithinNext.js';
import { type SequenceCase, sequenceOperator } from './reorderCases.js';
import { expectClean, expectThat, linesOf, messagesOf, valuesOf } from './reorderChecks.js';
import { runTimed, type TimedEntry, type TimedScript } from './runTimed.js';

/** Throws if a feed in order comes out other than it came, or costs a timer or a look at the clock. */
export function expectIdentity(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
): void {
  const arrivals = arrivalsOf(records, drawn.start);
  const run = runTimed(sequenceOperator(drawn), { arrivals, control });
  expectClean(run, 0);
  expectThat(run.clock.scheduled + run.clock.reads === 0, 'it used the clock');
  const passed = arrivals.slice(0, run.sent.length).map(({ atMs, message }) => {
    return { atMs, kind: 'next', value: message } as const;
  });
  const log = run.log.filter(({ kind }) => kind !== 'complete' && kind !== 'error');
  expectSameLog(describeLog(log, run.sent), describeLog(passed, run.sent));
}

/** Throws if a feed that comes `shiftMs` later, by a clock that shows another time, fares otherwise. */
export function expectTimeShift(
  records: FaultScript,
  drawn: SequenceCase,
  shiftMs: number,
  startMs: number,
): void {
  const arrivals = arrivalsOf(records, drawn.start);
  const later = arrivals.map(({ atMs, message }) => ({ atMs: atMs + shiftMs, message }));
  const run = runTimed(sequenceOperator(drawn), { arrivals: later, startMs });
  const log = run.log.map((entry) => ({ ...entry, atMs: entry.atMs - shiftMs }));
  expectSameLog(describeLog(log, messagesOf(arrivals)), linesOf(drawn, { arrivals }));
}

/** Throws if what happens before an instant depends on what arrives from then on. */
export function expectCausality(records: FaultScript, drawn: SequenceCase, untilMs: number): void {
  const arrivals = arrivalsOf(records, drawn.start);
  const isEarly = ({ atMs }: { readonly atMs: number }): boolean => atMs < untilMs;
  const linesIf = (known: readonly Arrival[]): string[] => {
    const run = runTimed(sequenceOperator(drawn), { arrivals: known });
    return describeLog(run.log.filter(isEarly), messagesOf(arrivals));
  };
  expectSameLog(linesIf(arrivals.filter(isEarly)), linesIf(arrivals));
}

/** Throws if it matters whether messages that arrive at one instant are sent from within `next`. */
export function expectReentrancy(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
): void {
  const arrivals = arrivalsOf(records, drawn.start);
  const batches = batchesOf(arrivals);
  const linesIf = (isReentrant: boolean): string[] => {
    const make = pushedWithinNext(sequenceOperator(drawn), isReentrant);
    return describeLog(runTimed(make, { arrivals: batches, control }).log, messagesOf(arrivals));
  };
  expectSameLog(linesIf(true), linesIf(false));
}

/** Throws if it matters whether a message or the timer that is due at the same instant comes first. */
export function expectTies(records: FaultScript, drawn: SequenceCase): void {
  const arrivals = arrivalsOf(records, drawn.start);
  const linesIf = (isMessageFirst: boolean): string[] => {
    const run = runTimed(sequenceOperator(drawn), { arrivals, isMessageFirst });
    expectClean(run, Infinity);
    return describeLog(run.log, messagesOf(arrivals));
  };
  expectSameLog(linesIf(true), linesIf(false));
}

/** Throws if anything is heard after a consumer has left within `next`, or anything else before. */
export function expectLeaving(records: FaultScript, drawn: SequenceCase, after: number): void {
  const arrivals = arrivalsOf(records, drawn.start);
  let heard = 0;
  const run = runTimed(sequenceOperator(drawn), {
    arrivals,
    consume(_, consumer) {
      heard += 1;
      if (heard === after) consumer.unsubscribe();
    },
  });
  expectClean(run, drawn.maxBuffer + drawn.restartAfter);
  const all = runTimed(sequenceOperator(drawn), { arrivals }).log;
  const places = [...all.keys()].filter((place) => all[place]?.kind === 'next');
  const expected = all.slice(0, (places[after - 1] ?? Infinity) + 1);
  const messages = messagesOf(arrivals);
  expectSameLog(describeLog(run.log, messages), describeLog(expected, messages));
}

/** Throws if timers that are late do more than make late what they do. */
export function expectLateTimers(
  records: FaultScript,
  drawn: SequenceCase,
  control: ControlScript,
  lateMs: number,
): void {
  const script = { arrivals: arrivalsOf(records, drawn.start), control };
  const exact = runTimed(sequenceOperator(drawn), script);
  const late = runTimed(sequenceOperator(drawn), { ...script, timersLateMs: lateMs });
  expectClean(late, exact.ending === 'unsubscribe' ? Infinity : 0);
  expectSameLog(untimed(late.log, script), untimed(exact.log, script));
  const values = describeLog(untimedValues(exact.log), messagesOf(script.arrivals));
  expectSameLog(describeLog(untimedValues(late.log), messagesOf(script.arrivals)), values);
  const instants = instantsOf(exact.log);
  for (const [place, atMs] of instantsOf(late.log).entries()) {
    const delayMs = atMs - (instants[place] ?? NaN);
    expectThat(delayMs >= 0 && delayMs <= lateMs, `${String(delayMs)} ms too late`);
  }
}

/** What was heard, whenever and in whatever order. */
function untimed(log: readonly TimedEntry[], { arrivals }: TimedScript<ScriptMessage>): string[] {
  return describeLog(
    log.map((entry) => ({ ...entry, atMs: 0 })),
    messagesOf(arrivals),
  ).sort();
}

function untimedValues(log: readonly TimedEntry[]): TimedEntry[] {
  return valuesOf(log).map((value) => ({ atMs: 0, kind: 'next', value }));
}

function instantsOf(log: readonly TimedEntry[]): number[] {
  return log.filter(({ kind }) => kind === 'next').map(({ atMs }) => atMs);
}

/** Throws if messages are lost, repeated or held for good where the clock is set back. */
export function expectStepsBack(
  records: FaultScript,
  drawn: SequenceCase,
  stepsBack: readonly { readonly atMs: number; readonly stepMs: number }[],
): void {
  const arrivals = arrivalsOf(records, drawn.start);
  const maxWaitMs = drawn.maxWaitMs ?? 200;
  const run = runTimed(sequenceOperator({ ...drawn, maxWaitMs }), { arrivals, stepsBack });
  expectClean(run, 0);
  const arrivedMs = new Map<unknown, number>();
  for (const { atMs, message } of arrivals) arrivedMs.set(message, atMs);
  const mostMs = maxWaitMs * (1 + stepsBack.length);
  for (const entry of run.log) {
    if (entry.kind !== 'next') continue;
    const heldMs = entry.atMs - (arrivedMs.get(entry.value) ?? NaN);
    expectThat(heldMs <= mostMs, `held ${String(heldMs)} ms`);
  }
}
