import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectSameLog } from '../support/describeLog.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** What the clock shows does not matter, nor when the first message comes, unless time counts from the subscription. */
export const timeShift: SharedProperty = {
  id: 'G11',
  title: 'does the same at any other time',
  streams: 150,
  corners: (subject) => ['another clock', ...(subject.countsFromStart ? [] : ['later'])],
  holds(subject, [records, control, drawn, { byMs, which }], met) {
    const options = { ...drawn, announced: null };
    const arrivals = arrivalsOf(records);
    const { lines } = playShared(subject, options, { arrivals, control });
    const startMs = [0, -1_000, 1_700_000_000_000][which % 3] ?? 0;
    if (startMs !== 0) met('another clock');
    const shiftMs = subject.countsFromStart === true ? 0 : byMs;
    if (shiftMs > 0) met('later');
    const { endAtMs, unsubscribeAtMs } = control;
    const later = playShared(
      subject,
      options,
      {
        startMs,
        arrivals: arrivals.map(({ atMs, message }) => ({ atMs: atMs + shiftMs, message })),
        control: {
          ...control,
          endAtMs: endAtMs + shiftMs,
          unsubscribeAtMs: unsubscribeAtMs === null ? null : unsubscribeAtMs + shiftMs,
        },
      },
      { named: arrivals, delayMs: shiftMs },
    );
    const log = later.run.log.map((entry) => ({ ...entry, atMs: entry.atMs - shiftMs }));
    expectSameLog(later.linesOf({ ...later.run, log }), lines);
  },
};
