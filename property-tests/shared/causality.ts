import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectSameLog } from '../support/describeLog.js';
import type { TimedMessage } from '../support/runTimed.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** What is heard before an instant does not depend on what arrives from then on. */
export const causality: SharedProperty = {
  id: 'G13',
  title: 'knows nothing of the future',
  streams: 150,
  corners: () => ['something later'],
  holds(subject, [records, , options, { atMs: drawnMs }], met) {
    const arrivals = arrivalsOf(records);
    const lastMs = arrivals.at(-1)?.atMs ?? 0;
    const untilMs = drawnMs % (lastMs + 10);
    const isEarly = ({ atMs }: { readonly atMs: number }): boolean => atMs < untilMs;
    if (!arrivals.every(isEarly) && arrivals.some(isEarly)) met('something later');
    const linesIf = (known: readonly TimedMessage<(typeof arrivals)[number]['message']>[]) => {
      const { linesOf, run } = playShared(
        subject,
        options,
        { arrivals: known },
        { named: arrivals },
      );
      return linesOf({ ...run, log: run.log.filter(isEarly) });
    };
    expectSameLog(linesIf(arrivals.filter(isEarly)), linesIf(arrivals));
  },
};
