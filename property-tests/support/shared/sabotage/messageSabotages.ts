import { filter, ignoreElements, map, mergeMap, of, skip, tap, toArray } from 'rxjs';
import type { ScriptMessage } from 'rxjs-reliable/testing';
import {
  after,
  afterEach,
  before,
  type Sabotage,
  sound,
  withOptions,
  withTools,
} from './Sabotage.js';

const identitySabotages: readonly Sabotage[] = [
  {
    property: 'G7',
    that: 'emits copies',
    says: /values came from nowhere/,
    subject: () =>
      after(sound('dedupeWithin count'), () => map((value) => ({ ...(value as object) }))),
  },
  {
    property: 'G7',
    that: 'has copies in its events',
    says: /event is about no message/,
    subject: () =>
      withTools(sound('dedupeWithin count'), ({ report }) => ({
        report(event) {
          const { message } = event as { readonly message?: object };
          report({ ...(event as object), message: { ...message } });
        },
      })),
  },
  {
    property: 'G7',
    that: 'writes to messages',
    says: /not extensible/,
    subject: () =>
      before(sound('dedupeWithin count'), () =>
        tap((message) => Object.assign(message, { seen: true })),
      ),
  },
];

const conservationSabotages: readonly Sabotage[] = [
  {
    property: 'G8',
    that: 'loses a message without a word',
    says: /neither emitted nor dropped/,
    subject: () => before(sound('dedupeWithin count'), () => filter((_, place) => place !== 4)),
  },
  {
    property: 'G8',
    that: 'emits messages twice',
    says: /but was emitted and emitted/,
    subject: () => after(sound('dedupeWithin count'), () => mergeMap((value) => of(value, value))),
  },
  {
    property: 'G8',
    that: 'says that it dropped what it emitted',
    says: /but was emitted and dropped/,
    subject: () =>
      after(sound('dedupeWithin count'), ({ report }) =>
        tap((message) => report({ kind: 'late', message, passed: false })),
      ),
  },
];

const memorySabotages: readonly Sabotage[] = [
  {
    property: 'G9',
    that: 'does something else every other time',
    says: /logs differ/,
    subject: () => {
      let times = 0;
      return before(sound('dedupeWithin count'), () => skip(times++ % 2));
    },
  },
  {
    property: 'G13',
    that: 'remembers the last stream it was given',
    says: /logs differ/,
    subject: () => {
      const seen = new Set<ScriptMessage>();
      return before(sound('dedupeWithin count'), () =>
        filter((message) => seen.size < seen.add(message).size),
      );
    },
  },
  {
    property: 'G13',
    that: 'goes on changing an event that it told',
    says: /logs differ/,
    subject: () =>
      before(sound('dedupeWithin count'), ({ report }) => {
        const total = { kind: 'total', count: 0 };
        return tap(() => {
          total.count += 1;
          if (total.count === 1) report(total);
        });
      }),
  },
];

const boundSabotages: readonly Sabotage[] = [
  {
    property: 'G14',
    that: 'keeps everything to the end',
    says: /messages are held, not 0/,
    subject: () =>
      after(
        sound('dedupeWithin count'),
        () => (source) => source.pipe(toArray(), ignoreElements()),
      ),
  },
  {
    property: 'G14',
    that: 'takes no notice of its greatest buffer',
    says: /messages are held, not/,
    subject: () => withOptions(sound('reorderBy sparse'), { room: 1_000, waitMs: 2_000 }),
  },
  {
    property: 'G14',
    that: 'takes no notice of how much may be done at once',
    says: /inner streams at once, not/,
    subject: () => withOptions(sound('eachMessage'), { concurrency: 1_000 }),
  },
];

const reentrancySabotages: readonly Sabotage[] = [
  {
    property: 'G15',
    that: 'tells of a message after those that were sent from within its next',
    says: /logs differ/,
    subject: () =>
      before(sound('dedupeWithin count'), ({ report }) =>
        afterEach((message) => report({ kind: 'emitted', message })),
      ),
  },
  {
    property: 'G15',
    that: 'hands on what was sent from within next in the midst of what it hands on',
    says: /logs differ/,
    subject: () =>
      before(sound('dedupeWithin count'), () => mergeMap((message) => of(message, message))),
  },
];

/** G7 to G9 and G13 to G15: what becomes of messages. */
export const messageSabotages: readonly Sabotage[] = [
  ...[...identitySabotages, ...conservationSabotages, ...memorySabotages],
  ...[...boundSabotages, ...reentrancySabotages],
];
