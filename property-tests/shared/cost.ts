import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectThat } from '../support/reorderChecks.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** How many steps a message may cost that can be seen from outside: calls of the users' functions, timers set, looks at the clock. */
const stepsEach = 4;

/** Each message costs O(log B) steps, whatever is in it, and each value or event that it brings about one more. */
export const cost: SharedProperty = {
  id: 'G18',
  title: 'costs a few steps for each message, whatever is in it',
  streams: 100,
  corners: () => ['a hundred messages'],
  holds(subject, [records, control, options], met) {
    const longer = Array.from({ length: 8 }, () => records).flat();
    const once = { ...control, endAtMs: 10_000, unsubscribeAtMs: null, resubscribe: false };
    const arrivals = arrivalsOf(longer);
    const { probe, run } = playShared(subject, options, { arrivals, control: once });
    const { reads, scheduled } = run.clock;
    const count = run.sent.length;
    if (count >= 100) met('a hundred messages');
    const steps = probe.allCalls + reads + scheduled;
    const most =
      (subject.steps ?? stepsEach) * (count + 4) * Math.log2(Math.min(options.room, count) + 2) +
      run.log.length;
    expectThat(steps <= most, `${String(steps)} steps for ${String(count)} messages`);
  },
};
