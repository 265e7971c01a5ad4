import type { SequenceNumber } from 'rxjs-reliable';
import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectThat } from '../support/reorderChecks.js';
import type { TimedEntry } from '../support/runTimed.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** How many steps a message may cost that can be seen from outside: calls of the users' functions, timers set, looks at the clock. */
const stepsEach = 4;

/** How many messages were asked for: one that shows that a hundred are missing brings about a hundred. */
function askedFor(log: readonly TimedEntry[]): number {
  const counts = log.map((entry) => {
    const about =
      entry.kind === 'event' ? (entry.event as { kind: string; count: SequenceNumber }) : entry;
    return about.kind === 'request' && 'count' in about ? Number(about.count) : 0;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Each message costs O(log B) steps, whatever is in it, as does each that it makes us ask for; and each value or event one more. */
export const cost: SharedProperty = {
  id: 'G18',
  title: 'costs a few steps for each message, whatever is in it',
  streams: 100,
  corners: () => ['a hundred messages'],
  holds(subject, [records, control, options], met) {
    const longer = Array.from({ length: 8 }, () => records).flat();
    const once = { ...control, endAtMs: 10_000, unsubscribeAtMs: null, resubscribe: false };
    const { probe, run } = playShared(subject, options, {
      arrivals: arrivalsOf(longer),
      control: once,
    });
    const { reads, scheduled } = run.clock;
    const count = run.sent.length;
    if (count >= 100) met('a hundred messages');
    const steps = probe.allCalls + reads + scheduled;
    const work = count + askedFor(run.log) + 4;
    const most =
      (subject.steps ?? stepsEach) * work * Math.log2(Math.min(options.room, count) + 2) +
      run.log.length;
    expectThat(steps <= most, `${String(steps)} steps for ${String(count)} messages`);
  },
};
