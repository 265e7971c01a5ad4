import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectThat } from '../support/reorderChecks.js';
import { playShared } from '../support/shared/playShared.js';
import { roomyOptions } from '../support/shared/roomyOptions.js';
import type { SharedProperty } from './SharedProperty.js';

/** One timer at most, whatever there is to wait for. */
export const oneTimer: SharedProperty = {
  id: 'G4',
  title: 'has one timer at most, and none where it needs none',
  streams: 200,
  corners: (subject) => (subject.timers(roomyOptions) > 0 ? ['timer', 'timers again'] : []),
  holds(subject, [records, control, options], met) {
    const { run } = playShared(subject, options, { arrivals: arrivalsOf(records), control });
    const { maxPending, scheduled } = run.clock;
    if (scheduled > 0) met('timer');
    if (scheduled > 1) met('timers again');
    const most = subject.timers(options);
    expectThat(maxPending <= most, `${String(maxPending)} timers at once, not ${String(most)}`);
  },
};
