import { dedupeWithin, type DedupeWindowOptions, type SequenceNumber } from 'rxjs-reliable';
import type { ScriptMessage } from 'rxjs-reliable/testing';
import { chosen } from './chosen.js';
import type { SharedOptions } from './sharedCase.js';
import type { Fate, SharedSubject, SharedTools } from './SharedSubject.js';

const none = (): number => 0;

type Window = (options: SharedOptions, tools: SharedTools) => DedupeWindowOptions<ScriptMessage>;

/** Repeats are copies, but for windows of numbers, which know them by their numbers. */
function dedupeSubject(
  kind: DedupeWindowOptions<ScriptMessage>['kind'],
  callbacks: Readonly<Record<string, Fate>>,
  windowOf: Window,
  more: Partial<SharedSubject> = {},
): SharedSubject {
  return {
    name: `dedupeWithin ${kind}`,
    operator: 'dedupeWithin',
    callbacks: { ...callbacks, keyBy: 'ends' },
    ...{ timers: none, held: none, inner: none },
    ...more,
    make(options, tools) {
      const { callback, report, scheduler } = tools;
      const { keys, maxKeys, policy, room } = options;
      const isNumbered = kind === 'sequence';
      const keyBy = callback('keyBy', ({ index }: ScriptMessage) =>
        isNumbered ? index % Math.max(keys, 1) : index,
      );
      return dedupeWithin<ScriptMessage, number>(windowOf(options, tools), {
        ...(isNumbered && keys === 0 ? {} : { keyBy }),
        ...{ scheduler, onEvent: report, maxKeys: isNumbered ? maxKeys : room },
        repeatPolicy: chosen(policy, 0, ['drop', 'pass']),
      });
    },
  };
}

const latePolicyOf = ({ policy }: SharedOptions): 'drop' | 'emit' | 'error' =>
  chosen(policy, 4, ['drop', 'emit', 'drop', 'error']);

/** `dedupeWithin` with each kind of window. */
export const dedupeSubjects: readonly SharedSubject[] = [
  dedupeSubject(
    'time',
    {},
    ({ policy, spanMs }) => ({
      kind: 'time',
      ms: spanMs,
      refresh: chosen(policy, 1, [false, true]),
    }),
    { clockFields: ['first'] },
  ),
  dedupeSubject('count', {}, ({ room }) => ({ kind: 'count', count: room })),
  dedupeSubject(
    'watermark',
    { eventTimeOf: 'ends' },
    (options, { callback }) => ({
      kind: 'watermark',
      eventTimeOf: callback('eventTimeOf', ({ eventTimeMs }: ScriptMessage) => eventTimeMs),
      delayMs: options.spanMs,
      latePolicy: latePolicyOf(options),
    }),
    { label: 'eventTimeMs' },
  ),
  dedupeSubject(
    'sequence',
    { sequenceOf: 'ends', epochOf: 'ends' },
    (options, { callback }) => ({
      kind: 'sequence',
      size: options.room,
      sequenceOf: callback('sequenceOf', ({ seq }: ScriptMessage): SequenceNumber => seq),
      ...{ maxJump: options.maxJump, restartAfter: 3, latePolicy: latePolicyOf(options) },
      ...(options.policy % 2 === 0
        ? { epochOf: callback('epochOf', ({ epoch }: ScriptMessage) => epoch) }
        : {}),
    }),
    { label: 'seq' },
  ),
];
