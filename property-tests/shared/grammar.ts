import { arrivalsOf } from 'rxjs-reliable/testing';
import { expectThat } from '../support/reorderChecks.js';
import { callbackOf } from '../support/shared/callbacksOf.js';
import { eachRun } from '../support/shared/eachRun.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** next* (complete | error)?, and nothing at all after the end, also where the consumer leaves from within. */
export const grammar: SharedProperty = {
  id: 'G1',
  title: 'says nothing after its end, wherever the consumer leaves',
  streams: 300,
  corners: () => ['completed', 'failed', 'left within next', 'left within a callback'],
  holds(subject, [records, control, options, { at, flag, which }], met) {
    const callback = callbackOf(subject, which);
    const fuse = flag ? ({ callback, at, deed: 'leave' } as const) : undefined;
    let values = 0;
    const played = playShared(
      subject,
      options,
      {
        arrivals: arrivalsOf(records),
        control,
        consume(_, consumer) {
          if (flag || values++ !== at) return;
          met('left within next');
          consumer.unsubscribe();
        },
      },
      { fuse },
    );
    const { probe, run } = played;
    if (probe.blown !== undefined) met('left within a callback');
    for (const { afterEnd, ending, log } of eachRun(run)) {
      if (ending === 'complete') met('completed');
      if (ending === 'error') met('failed');
      const end = log.findIndex(({ kind }) => kind === 'complete' || kind === 'error');
      expectThat(end < 0 || end === log.length - 1, 'it went on after its end');
      expectThat(afterEnd === 0, `${String(afterEnd)} entries were heard after the end`);
    }
  },
};
