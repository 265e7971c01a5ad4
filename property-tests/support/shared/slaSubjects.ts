import { concat, NEVER, of } from 'rxjs';
import { type SlaLimits, slaTimeout, type SlaTimeoutOptions } from 'rxjs-reliable';
import type { ScriptMessage } from 'rxjs-reliable/testing';
import { chosen } from './chosen.js';
import type { SharedOptions } from './sharedCase.js';
import type { SharedSubject, SharedTools } from './SharedSubject.js';

const callbacks = { eventTimeOf: 'ends', startOf: 'ends', finishOf: 'ends' } as const;

/** Each limit is absent half of the time, but for that on silence. */
function limitsOf(options: SharedOptions, tools: SharedTools): SlaLimits<ScriptMessage> {
  const { policy, spanMs, waitMs } = options;
  const eventTimeOf = tools.callback(
    'eventTimeOf',
    ({ eventTimeMs }: ScriptMessage) => eventTimeMs + tools.beganMs,
  );
  const startOf = tools.callback('startOf', ({ index }: ScriptMessage) =>
    index % 2 === 0 ? index : undefined,
  );
  const finishOf = tools.callback('finishOf', ({ index }: ScriptMessage) =>
    index % 2 === 1 ? index - 1 : undefined,
  );
  return {
    silenceMs: spanMs,
    firstMs: chosen(policy, 4, [waitMs, undefined]),
    totalMs: chosen(policy, 5, [1_000, undefined]),
    responseMs: chosen(policy, 6, [waitMs, undefined]),
    eventTimeOf,
    transaction: chosen(policy, 7, [{ startOf, finishOf, withinMs: waitMs }, undefined]),
  };
}

const breachPolicyOf = ({ policy }: SharedOptions): 'report' | 'switch' | 'drop' | 'error' =>
  chosen(policy, 2, ['report', 'switch', 'drop', 'report', 'error']);

function makeWatching(options: SharedOptions, tools: SharedTools, more: object) {
  const { callback, inner, report, scheduler } = tools;
  const { policy } = options;
  const spare = { seq: 0, epoch: 0, index: 0, copy: 9, sentAtMs: 0, producer: 0, eventTimeMs: 0 };
  const given: SlaTimeoutOptions<ScriptMessage, number> = {
    ...{ scheduler, onEvent: report, softMs: chosen(policy, 1, [0.5, undefined]) },
    breachPolicy: breachPolicyOf(options),
    switchTo: callback('switchTo', () =>
      inner(chosen(policy, 0, [concat(of(Object.freeze(spare)), NEVER), of()])),
    ),
    ...more,
  };
  const limits = limitsOf(options, tools);
  if (chosen(policy, 3, [false, true]))
    return slaTimeout<ScriptMessage, number>(limits, { ...given, markers: true });
  return slaTimeout<ScriptMessage, number>(limits, { ...given, markers: false });
}

/** All policies but `'report'` keep what was slow. */
const isDropped: NonNullable<SharedSubject['isDropped']> = (event, options) =>
  breachPolicyOf(options) !== 'report' &&
  event.kind === 'breach' &&
  (event as { readonly limit?: string }).limit === 'response';

const shared = {
  isDropped,
  provoke: { switchTo: (options) => ({ ...options, policy: 4, spanMs: 20 }) },
  operator: 'slaTimeout',
  timers: () => 1,
  held: () => 0,
  inner: () => 1,
  clockFields: ['deadlineMs'],
  // Each of the limits has a deadline and a warning of its own.
  steps: 8,
  countsFromStart: true,
} satisfies Partial<SharedSubject>;

/** `slaTimeout` for one stream, and for each key. */
export const slaSubjects: readonly SharedSubject[] = [
  {
    ...shared,
    name: 'slaTimeout',
    callbacks: { ...callbacks, switchTo: 'ends' },
    make: (options, tools) => makeWatching(options, tools, {}),
  },
  {
    ...shared,
    name: 'slaTimeout per key',
    callbacks: { ...callbacks, switchTo: 'ends', keyBy: 'ends' },
    make: (options, tools) => {
      const keyBy = tools.callback(
        'keyBy',
        ({ index }: ScriptMessage) => index % Math.max(options.keys, 1),
      );
      return makeWatching(options, tools, { keyBy, maxKeys: options.maxKeys });
    },
  },
];
