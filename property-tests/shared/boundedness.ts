import { type Arrival, arrivalsOf, type ScriptMessage } from 'rxjs-reliable/testing';
import { expectThat } from '../support/reorderChecks.js';
import { toldOtherwise } from '../support/shared/expectAccounted.js';
import { heldAfterEach } from '../support/shared/heldAfterEach.js';
import { playShared } from '../support/shared/playShared.js';
import { roomyOptions } from '../support/shared/roomyOptions.js';
import type { SharedProperty } from './SharedProperty.js';

const feeds: readonly ((arrivals: readonly Arrival[]) => Arrival[])[] = [
  (arrivals) => [...arrivals],
  // Nothing but repeats.
  (arrivals) => arrivals.flatMap((one) => [one, again(one, {}), again(one, {})]),
  // One number as far ahead as can be.
  (arrivals) =>
    arrivals.map((one, place) => (place === 3 ? again(one, { seq: 2 ** 53 - 2 }) : one)),
  // Almost everything is lost.
  (arrivals) => arrivals.filter((_, place) => place % 9 === 0),
];

/** No feed makes it hold more, or ask more at once, than it may. */
export const boundedness: SharedProperty = {
  id: 'G14',
  title: 'holds no more than its bounds say, whatever comes',
  streams: 200,
  corners: (subject) => [
    ...(subject.held(roomyOptions) > 0 ? ['held'] : []),
    ...(subject.inner(roomyOptions) > 0 ? ['inner stream'] : []),
  ],
  holds(subject, [records, control, options, { which }], met) {
    const arrivals = (feeds[which % feeds.length] ?? feeds[0])?.(arrivalsOf(records)) ?? [];
    const once = { ...control, resubscribe: false };
    const { probe, run } = playShared(subject, options, { arrivals, control: once });
    const mostHeld = Math.max(
      0,
      ...heldAfterEach(run, (event) => subject.isDropped?.(event, options) === true),
    );
    if (mostHeld > 0) met('held');
    if (probe.mostInners > 0) met('inner stream');
    const bound = subject.held(options) + toldOtherwise(run);
    expectThat(mostHeld <= bound, `${String(mostHeld)} messages are held, not ${String(bound)}`);
    const inners = subject.inner(options);
    expectThat(
      probe.mostInners <= inners,
      `${String(probe.mostInners)} inner streams at once, not ${String(inners)}`,
    );
  },
};

function again({ atMs, message }: Arrival, change: Partial<ScriptMessage>): Arrival {
  return { atMs, message: Object.freeze({ ...message, ...change }) };
}
