import { accountFor, type AccountEvent, type ScriptMessage } from 'rxjs-reliable/testing';
import { describeLog, expectSameLog } from './describeLog.js';
import { expectedLog, type Oracle } from './oracle.js';
import { type SequenceCase, sequenceOperator } from './reorderCases.js';
import {
  type MakeOperator,
  runRepeatably,
  runTimed,
  type TimedEntry,
  type TimedMessage,
  type TimedRun,
  type TimedScript,
} from './runTimed.js';

/** Throws if a run differs from what an oracle says, or is not clean; returns it. */
export function expectOracle<T>(
  make: MakeOperator<T>,
  oracleOf: (beganMs: number) => Oracle<T>,
  script: TimedScript<T>,
): TimedRun<T> {
  const first = runRepeatably(make, script);
  for (let run: TimedRun<T> | undefined = first; run !== undefined; run = run.again) {
    const oracle = oracleOf(run.beganMs);
    const messages = messagesOf(script.arrivals);
    const heardBy: number[] = [];
    const expected = describeLog(expectedLog(oracle, script, heardBy), messages);
    expectSameLog(describeLog(run.log, messages), expected);
    // At one instant, too, nothing waits for another message.
    const early = heardBy.findIndex((count, place) => count !== run.heardBy[place]);
    expectThat(
      early < 0,
      `by message #${String(early)} ${String(heardBy[early])} entries are expected, not ${String(run.heardBy[early])}:\n${expected.join('\n')}`,
    );
    expectClean(run, run.ending === 'unsubscribe' ? oracle.held.length : 0);
  }
  return first;
}

/** Throws if a run had more than one timer, left something behind, or did not account for every message but `held`. */
export function expectClean<T>(run: TimedRun<T>, held: number): void {
  const { clock, timersLeft, isSourceObserved } = run;
  expectThat(clock.maxPending <= 1, `${String(clock.maxPending)} timers at once`);
  expectThat(timersLeft === 0, `${String(timersLeft)} timers left`);
  expectThat(!isSourceObserved, 'the source is still observed');
  const account = accountFor(run.sent, valuesOf(run.log), eventsOf(run.log), { maxHeld: held });
  expectThat(account.balanced, account.problem ?? '');
}

/** Throws, and says `problem`, unless `isTrue`. */
export function expectThat(isTrue: boolean, problem: string): void {
  if (!isTrue) throw new Error(problem);
}

/** The messages, in the order of arrival. */
export function messagesOf<T>(arrivals: readonly TimedMessage<T>[]): T[] {
  return arrivals.map(({ message }) => message);
}

/** What a case makes of a script, as text. */
export function linesOf(drawn: SequenceCase, script: TimedScript<ScriptMessage>): string[] {
  return describeLog(runTimed(sequenceOperator(drawn), script).log, messagesOf(script.arrivals));
}

/** The values that were emitted. */
export function valuesOf(log: readonly TimedEntry[]): unknown[] {
  return log.flatMap((entry) => (entry.kind === 'next' ? [entry.value] : []));
}

/** The events that were reported. */
export function eventsOf(log: readonly TimedEntry[]): AccountEvent[] {
  return log.flatMap((entry) => (entry.kind === 'event' ? [entry.event as AccountEvent] : []));
}
