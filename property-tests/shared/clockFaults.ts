import { type Arrival, arrivalsOf } from 'rxjs-reliable/testing';
import { expectSameLog } from '../support/describeLog.js';
import { expectThat } from '../support/reorderChecks.js';
import type { TimedScript } from '../support/runTimed.js';
import { eachRun } from '../support/shared/eachRun.js';
import { expectAccounted } from '../support/shared/expectAccounted.js';
import { playShared, type SharedRun } from '../support/shared/playShared.js';
import { roomyOptions } from '../support/shared/roomyOptions.js';
import type { SharedCase, SharedOptions } from '../support/shared/sharedCase.js';
import type { SharedSubject } from '../support/shared/SharedSubject.js';
import type { Met, SharedProperty } from './SharedProperty.js';

/** How long something took, which a clock that is set back measures wrongly. */
const measured = ['elapsedMs', 'waitedMs', 'ageMs', 'lateByMs', 'deadlineMs'];

/** Timers that are late make late what they do, and no more; so does a clock that is set back. */
export const clockFaults: SharedProperty = {
  id: 'G16',
  title: 'does no less, and nothing twice, when timers are late or the clock is set back',
  streams: 300,
  corners: (subject) => [
    ...['set back', 'set back between messages'],
    ...(subject.timers(roomyOptions) > 0 && subject.hasWorker !== true
      ? ['late timer', 'set back before a deadline']
      : []),
  ],
  holds(subject, drawn, met) {
    const [records, , given, { which }] = drawn;
    // Answers to what is asked later come later; so they take no time.
    const options = { ...given, waitMs: given.waitMs + 20, answers: [] };
    const arrivals = arrivalsOf(records);
    // What a worker is sent later is done later.
    const mode = subject.hasWorker === true ? 2 : which % 3;
    if (mode === 0) expectLate(subject, options, arrivals, drawn, met);
    else if (mode === 1) expectDelayed(subject, options, arrivals, drawn, met);
    else expectSound(subject, options, arrivals, drawn, met);
  },
};

type Expectation = (
  subject: SharedSubject,
  options: SharedOptions,
  arrivals: readonly Arrival[],
  drawn: SharedCase,
  met: Met,
) => void;

/** Timers that are late: the same is heard, whenever. */
const expectLate: Expectation = (subject, options, arrivals, [, drawnControl, , { byMs }], met) => {
  const control = { ...drawnControl, unsubscribeAtMs: null, resubscribe: false };
  const play = (timersLateMs: number): SharedRun =>
    playShared(subject, options, { arrivals, control, timersLateMs }, { adjust: unmeasured });
  const exact = play(0);
  const late = play(byMs);
  if (timesOf(late).some((atMs, place) => atMs > (timesOf(exact)[place] ?? Infinity))) {
    met('late timer');
  }
  expectSameLog(untimed(late).sort(), untimed(exact).sort());
  expectNothingTwice(late);
};

/** The clock is set back when nothing comes any more: the same is heard, no later than by that step. */
const expectDelayed: Expectation = (subject, given, arrivals, [, , , { atMs, byMs }], met) => {
  const options = { ...given, announced: null, workMs: [0] };
  const stepAtMs = (arrivals.at(-1)?.atMs ?? 0) + 1 + (atMs % 40);
  const play = (more: Partial<TimedScript<Arrival['message']>>): SharedRun =>
    playShared(subject, options, { arrivals, ...more }, { adjust: unmeasured });
  const exact = play({});
  const delayed = play({ stepsBack: [{ atMs: stepAtMs, stepMs: byMs }] });
  expectSameLog(untimed(delayed), untimed(exact));
  expectNothingTwice(delayed);
  const times = timesOf(exact);
  if ((times.at(-1) ?? 0) > stepAtMs) met('set back before a deadline');
  for (const [place, laterMs] of timesOf(delayed).entries()) {
    const delayMs = laterMs - (times[place] ?? NaN);
    expectThat(delayMs >= 0 && delayMs <= byMs, `${String(delayMs)} ms later by ${String(byMs)}`);
  }
};

/** The clock is set back at any time: what comes of it is another stream, and as sound as any. */
const expectSound: Expectation = (subject, options, arrivals, drawn, met) => {
  const [, control, , { atMs, byMs }] = drawn;
  const lastMs = arrivals.at(-1)?.atMs ?? 0;
  // Most streams are over soon.
  const stepAtMs = atMs % (lastMs + 40);
  const stepsBack = [{ atMs: stepAtMs, stepMs: byMs }];
  const played = playShared(subject, options, { arrivals, control, stepsBack });
  const { run } = played;
  expectNothingTwice(played);
  met('set back');
  if (stepAtMs < Math.min(lastMs, control.endAtMs)) met('set back between messages');
  for (const one of eachRun(run)) {
    expectThat(one.timersLeft === 0, `${String(one.timersLeft)} timers are left`);
    expectAccounted(subject, options, one);
  }
};

function unmeasured(fields: Record<string, unknown>): void {
  for (const field of measured) Reflect.deleteProperty(fields, field);
}

/** What one deadline brings about is different from what the next one does. */
function expectNothingTwice({ lines }: SharedRun): void {
  const again = lines.find((line, place) => place > 0 && line === lines[place - 1]);
  expectThat(again === undefined, `twice: ${String(again)}`);
}

function timesOf({ run }: SharedRun): number[] {
  return run.log.map(({ atMs }) => atMs);
}

function untimed({ linesOf, run }: SharedRun): string[] {
  return linesOf({ ...run, log: run.log.map((entry) => ({ ...entry, atMs: 0 })) });
}
