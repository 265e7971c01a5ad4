import { accountFor } from 'rxjs-reliable/testing';
import { eventsOf, expectThat, valuesOf } from '../reorderChecks.js';
import { sourceError, type TimedRun } from '../runTimed.js';
import type { SharedOptions } from './sharedCase.js';
import type { SharedSubject } from './SharedSubject.js';

/** Throws unless every message is out, or dropped with an event, or may still be held. Returns how many were dropped. */
export function expectAccounted(
  subject: SharedSubject,
  options: SharedOptions,
  run: TimedRun<unknown>,
): number {
  const sent = new Set(run.sent);
  // What others gave to the operator is their affair.
  const values = valuesOf(run.log).filter((value) => sent.has(value));
  const events = eventsOf(run.log)
    .filter(({ message }) => sent.has(message))
    .map((event) =>
      subject.isDropped?.(event, options) === true ? { ...event, passed: false } : event,
    );
  const held = run.ending === 'unsubscribe' ? subject.held(options) : 0;
  const maxHeld = held + toldOtherwise(run);
  const account = accountFor<unknown>(run.sent, values, events, { maxHeld });
  expectThat(account.balanced, account.problem ?? '');
  return events.filter(({ passed }) => passed === false).length;
}

/** The message because of which an error or another stream took over is in what says so. */
export function toldOtherwise({ log }: TimedRun<unknown>): number {
  const end = log.at(-1);
  const isOurs = end?.kind === 'error' && end.error !== sourceError;
  return isOurs || eventsOf(log).some(({ kind }) => kind === 'breach') ? 1 : 0;
}
