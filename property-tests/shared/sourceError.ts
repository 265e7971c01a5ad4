import { tap } from 'rxjs';
import { StreamError } from 'rxjs-reliable';
import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectThat } from '../support/reorderChecks.js';
import { sourceError as thrown } from '../support/runTimed.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** The source's error comes out: the same object, at the same instant, once. */
export const sourceError: SharedProperty = {
  id: 'G5',
  title: 'passes on the error of its source as it is, at once',
  streams: 150,
  corners: () => ['passed on', 'before the end of the messages'],
  holds(subject, [records, { endAtMs }, options], met) {
    const arrivals = arrivalsOf(records);
    const control = { end: 'error', endAtMs, unsubscribeAtMs: null, resubscribe: false } as const;
    const heard: unknown[] = [];
    const { run } = playShared(
      subject,
      options,
      { arrivals, control },
      {
        adapt: (operator) => (source) =>
          operator(source.pipe(tap({ error: (error: unknown) => heard.push(error) }))),
      },
    );
    const ends = run.log.filter(({ kind }) => kind === 'error' || kind === 'complete');
    const [end] = ends;
    if (heard.length === 0) return;
    expectThat(ends.length === 1 && end?.kind === 'error', 'it did not fail when its source did');
    if (end?.kind !== 'error') return;
    if (end.error === thrown) {
      met('passed on');
      if ((arrivals.at(-1)?.atMs ?? 0) > endAtMs) met('before the end of the messages');
    } else {
      // What was due until then is settled first, and a policy may make an error of it.
      const { error } = end;
      expectThat(
        StreamError.is(error) && (error as Error).cause !== thrown,
        `${String(error)} in its place`,
      );
      const open = { arrivals, control: { ...control, end: 'none' } } as const;
      const calm = playShared(subject, options, open).run.log.at(-1);
      expectThat(
        calm?.kind === 'error' && calm.atMs === endAtMs && String(calm.error) === String(error),
        `${String(error)} in its place, which was not due`,
      );
      met('something else was due');
    }
    expectThat(end.atMs === endAtMs, `at ${String(end.atMs)} ms, not ${String(endAtMs)}`);
  },
};
