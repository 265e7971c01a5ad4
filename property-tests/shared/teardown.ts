import { take } from 'rxjs';
import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectThat } from '../support/reorderChecks.js';
import { callbackOf } from '../support/shared/callbacksOf.js';
import { eachRun } from '../support/shared/eachRun.js';
import { playShared } from '../support/shared/playShared.js';
import { roomyOptions } from '../support/shared/roomyOptions.js';
import type { SharedProperty } from './SharedProperty.js';

const ways = ['as drawn', 'take', 'leave', 'throw'] as const;

/** However it ends: no timer, no source, no inner stream is left in the same call, and no callback is called later. */
export const teardown: SharedProperty = {
  id: 'G3',
  title: 'leaves nothing behind, however it ends',
  streams: 300,
  corners: (subject) => [
    ...['completed', 'failed', 'unsubscribed', 'take', 'leave', 'throw'],
    ...(subject.timers(roomyOptions) > 0 ? ['timer'] : []),
    ...(subject.inner(roomyOptions) > 0 ? ['inner stream'] : []),
  ],
  holds(subject, [records, control, options, { at, which }], met) {
    const way = ways[which % ways.length] ?? 'as drawn';
    const callback = callbackOf(subject, which >> 2);
    const fuse = way === 'leave' || way === 'throw' ? { callback, at, deed: way } : undefined;
    const { probe, run } = playShared(
      subject,
      options,
      { arrivals: arrivalsOf(records), control },
      {
        fuse,
        adapt: (operator) => (source) =>
          way === 'take' ? operator(source).pipe(take(at + 1)) : operator(source),
      },
    );
    if (probe.blown !== undefined) met(way);
    for (const { clock, ending, isSourceObserved, log, timersLeft } of eachRun(run)) {
      if (way === 'take' && ending === 'complete' && log.at(-2)?.kind === 'next') met('take');
      met({ complete: 'completed', error: 'failed', unsubscribe: 'unsubscribed' }[ending]);
      expectThat(timersLeft === 0, `${String(timersLeft)} timers are left, or were set later`);
      expectThat(!isSourceObserved, 'the source is still observed');
      if (clock.scheduled > 0) met('timer');
    }
    if (probe.mostInners > 0) met('inner stream');
    expectThat(probe.innersLeft === 0, `${String(probe.innersLeft)} inner streams are left`);
    expectThat(probe.inners === 0, `${String(probe.inners)} inner streams were opened later`);
    expectThat(probe.callsAfterEnd.length === 0, `called later: ${probe.callsAfterEnd.join(' ')}`);
  },
};
