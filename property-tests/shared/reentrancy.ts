import type { OperatorFunction } from 'rxjs';
import { arrivalsOf, type ScriptMessage } from 'rxjs-reliable/testing';
import { batchesOf } from '../support/batchesOf.js';
import { expectSameLog } from '../support/describeLog.js';
import { pushedWithinNext } from '../support/pushedWithinNext.js';
import type { TimedMessage } from '../support/runTimed.js';
import { playShared } from '../support/shared/playShared.js';
import type { SharedProperty } from './SharedProperty.js';

/** A message that is sent from within `next` is like one that comes right after. */
export const reentrancy: SharedProperty = {
  id: 'G15',
  title: 'does the same if messages are sent from within next',
  streams: 150,
  corners: () => ['several at once'],
  holds(subject, [records, drawn, options], met) {
    const arrivals = arrivalsOf(records);
    const batches = batchesOf(arrivals);
    if (batches.some(({ message }) => message.length > 2)) met('several at once');
    // The operator sees messages one by one, whatever the script is made of.
    const script = {
      arrivals: batches as unknown as TimedMessage<ScriptMessage>[],
      control: { ...drawn, unsubscribeAtMs: null, resubscribe: false },
    };
    const sent = new Set<unknown>(arrivals.map(({ message }) => message));
    // What is sent within an answer's `next` may be in line before the message that comes next, and its answers.
    const isHeeded = (value: unknown): boolean => subject.hasAnswers !== true || sent.has(value);
    const linesIf = (isReentrant: boolean): readonly string[] =>
      playShared(subject, options, script, {
        named: arrivals,
        adapt: (operator) => {
          const pushed = pushedWithinNext(() => operator, isReentrant, isHeeded);
          return pushed(undefined as never, () => undefined) as unknown as OperatorFunction<
            ScriptMessage,
            unknown
          >;
        },
      }).lines;
    expectSameLog(linesIf(true), linesIf(false));
  },
};
