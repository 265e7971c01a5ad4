import { isGapMarker, isSlaBreach } from 'rxjs-reliable';
import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectThat, valuesOf } from '../support/reorderChecks.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** What comes out is what came in, frozen as it was: the same objects, in events, too. */
export const identity: SharedProperty = {
  id: 'G7',
  title: 'passes messages on by reference, and writes nothing to them',
  streams: 150,
  corners: () => ['emitted'],
  holds(subject, [records, control, options], met) {
    const arrivals = arrivalsOf(records);
    const { probe, run } = playShared(subject, options, { arrivals, control });
    const known = new Set<unknown>([...run.sent, ...(run.again?.sent ?? []), ...probe.given]);
    const values = valuesOf(run.log);
    if (values.length > 0) met('emitted');
    const strange = values.filter(
      (value) => !known.has(value) && !isGapMarker(value) && !isSlaBreach(value),
    );
    expectThat(strange.length === 0, `${String(strange.length)} values came from nowhere`);
    for (const entry of run.log) {
      const { message } = (entry.kind === 'event' ? entry.event : {}) as { message?: unknown };
      expectThat(message === undefined || known.has(message), 'an event is about no message');
    }
  },
};
