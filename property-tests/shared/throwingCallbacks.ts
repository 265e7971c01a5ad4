import { arrivalsOf } from 'rxjs-reliable/testing';
import { withTimersCaught } from '../../src/testing/contract/Ambient.js';
import { expectThat } from '../support/reorderChecks.js';
import type { TimedEntry } from '../support/runTimed.js';
import { callbackOf, callbacksOf } from '../support/shared/callbacksOf.js';
import { playShared, type SharedRun } from '../support/shared/playShared.js';
import { callbackError } from '../support/shared/Probe.js';
import type { SharedProperty } from './SharedProperty.js';

/** What a user's function throws ends the stream at once, or is told where the page of the operator says so. */
export const throwingCallbacks: SharedProperty = {
  id: 'G6',
  title: 'makes of what a callback throws an error of the stream, or tells it',
  streams: 400,
  corners: callbacksOf,
  holds(subject, [records, control, drawn, { at, which }], met) {
    const callback = callbackOf(subject, which);
    const options = subject.provoke?.[callback]?.(drawn) ?? drawn;
    const fuse = { callback, at, deed: 'throw' } as const;
    const played: { result?: SharedRun } = {};
    withTimersCaught(() => {
      const arrivals = arrivalsOf(records);
      const once = { ...control, resubscribe: false };
      played.result = playShared(subject, options, { arrivals, control: once }, { fuse });
    });
    const { probe, run } = played.result as SharedRun;
    const names = callbacksOf(subject);
    const strange = [...probe.calls.keys()].filter((name) => !names.includes(name));
    expectThat(strange.length === 0, `not in the table: ${strange.join(' ')}`);
    if (probe.blown === undefined) return;
    met(callback);
    const fate = subject.callbacks[callback] ?? 'ends';
    const end = run.log.at(-1);
    const isEnd = end?.kind === 'error' && end.error === callbackError;
    const isTold = fate === 'told' && run.log.some(tells);
    const atMs = probe.blown.passedMs - run.beganMs;
    // What is told after another error gives account of what that left: the first one counts.
    const isFirst = !(callback === 'onEvent' && end?.kind === 'error' && end.atMs === atMs);
    expectThat(isEnd || isTold || !isFirst, `what ${callback} threw was lost`);
    expectThat(!isEnd || end.atMs === atMs, 'it failed later than the callback');
    expectThat(run.timersLeft === 0, `${String(run.timersLeft)} timers are left`);
    expectThat(!run.isSourceObserved, 'the source is still observed');
    expectThat(probe.inners === 0, `${String(probe.inners)} inner streams are left`);
  },
};

/** An event that carries the error. */
function tells(entry: TimedEntry): boolean {
  return entry.kind === 'event' && (entry.event as { error?: unknown }).error === callbackError;
}
