import {
  asyncScheduler,
  catchError,
  delay,
  EMPTY,
  filter,
  finalize,
  mergeMap,
  NEVER,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { BufferOverflowError } from 'rxjs-reliable';
import type { SharedSubject } from '../SharedSubject.js';
import { after, afterEach, atStart, before, type Sabotage, sound, withTools } from './Sabotage.js';

const ignore = (): void => undefined;

/** An operator that observes its source for ever. */
function clinging(name: string): SharedSubject {
  return before(sound(name), () => atStart((source) => source.subscribe({ error: ignore })));
}

/** An operator that fails some time after it should. */
function failingLate(name: string): SharedSubject {
  return after(sound(name), ({ work, scheduler = work }) =>
    catchError((error: unknown) =>
      timer(5, scheduler).pipe(mergeMap(() => throwError(() => error as Error))),
    ),
  );
}

const grammarSabotages: readonly Sabotage[] = [
  {
    property: 'G1',
    that: 'reports that it has ended',
    says: /went on after its end/,
    subject: () =>
      after(sound('dedupeWithin count'), ({ report }) => finalize(() => report({ kind: 'ended' }))),
  },
  {
    property: 'G1',
    that: 'reports what it emitted to a consumer who has left',
    says: /heard after the end/,
    subject: () =>
      after(sound('dedupeWithin count'), ({ report }) =>
        afterEach((message) => report({ kind: 'emitted', message })),
      ),
  },
  {
    property: 'G1',
    that: 'reports the second of two events although the consumer left at the first',
    says: /heard after the end/,
    subject: () =>
      before(sound('dedupeWithin count'), ({ report }) =>
        tap(() => {
          for (const kind of ['taken', 'counted']) report({ kind });
        }),
      ),
  },
];

const independenceSabotages: readonly Sabotage[] = [
  {
    property: 'G2',
    that: 'looks at the clock when it is made',
    says: /done before it is subscribed: 0 0 1/,
    subject: () => {
      const subject = sound('dedupeWithin time');
      return {
        ...subject,
        make(options, tools) {
          tools.scheduler?.now();
          return subject.make(options, tools);
        },
      };
    },
  },
  {
    property: 'G2',
    that: 'subscribes its source when it is applied',
    says: /done before it is subscribed: 1 /,
    subject: () =>
      before(sound('dedupeWithin time'), () => (source) => {
        source.subscribe({ error: ignore });
        return source;
      }),
  },
  {
    property: 'G2',
    that: 'shares what it has seen among its subscriptions',
    says: /logs differ/,
    subject: () =>
      before(sound('dedupeWithin count'), () => {
        const seen = new Set<unknown>();
        return filter((message) => seen.size < seen.add(message).size);
      }),
  },
];

const teardownSabotages: readonly Sabotage[] = [
  {
    property: 'G3',
    that: 'leaves a timer',
    says: /timers are left/,
    subject: () =>
      before(sound('dedupeWithin time'), ({ work, scheduler = work }) =>
        atStart(() => scheduler.schedule(ignore, 5_000)),
      ),
  },
  {
    property: 'G3',
    that: 'does not let go of its source',
    says: /source is still observed/,
    subject: () => clinging('dedupeWithin time'),
  },
  {
    property: 'G3',
    that: 'does not let go of an inner stream',
    says: /inner streams (are left|were opened later)/,
    subject: () =>
      after(sound('dedupeWithin time'), ({ inner }) => atStart(() => inner(NEVER).subscribe())),
  },
  {
    property: 'G3',
    that: 'calls a callback after its end',
    says: /called later: afterwards/,
    subject: () =>
      before(sound('dedupeWithin time'), ({ callback, work }) => {
        const afterwards = callback('afterwards', ignore);
        return finalize(() => work.schedule(() => afterwards(), 5));
      }),
  },
];

const timerSabotages: readonly Sabotage[] = [
  {
    property: 'G4',
    that: 'sets a timer for each message',
    says: /timers at once, not 1/,
    subject: () =>
      before(sound('reorderBy time'), ({ scheduler = asyncScheduler }) => delay(50, scheduler)),
  },
  {
    property: 'G4',
    that: 'sets a timer where it needs none',
    says: /1 timers at once, not 0/,
    subject: () =>
      before(sound('dedupeWithin count'), ({ work, scheduler = work }) =>
        atStart(() => scheduler.schedule(ignore, 5)),
      ),
  },
];

const sourceErrorSabotages: readonly Sabotage[] = [
  {
    property: 'G5',
    that: 'completes when its source fails',
    says: /did not fail when its source did/,
    subject: () => after(sound('dedupeWithin time'), () => catchError(() => EMPTY)),
  },
  {
    property: 'G5',
    that: 'fails later than its source',
    says: /at \d+ ms, not \d+/,
    subject: () => failingLate('dedupeWithin time'),
  },
  {
    property: 'G5',
    that: 'wraps the error of its source',
    says: /wrapped/,
    subject: () =>
      after(sound('dedupeWithin time'), () =>
        catchError((cause: unknown) => throwError(() => new Error('wrapped', { cause }))),
      ),
  },
  {
    property: 'G5',
    that: 'makes an error of its own of that of its source',
    says: /in its place, which was not due/,
    subject: () =>
      after(sound('dedupeWithin time'), () =>
        catchError(() => throwError(() => new BufferOverflowError('dedupeWithin', 1))),
      ),
  },
];

const callbackSabotages: readonly Sabotage[] = [
  {
    property: 'G6',
    that: 'swallows what a callback throws',
    says: /what keyBy threw was lost/,
    subject: () => catching(ignore),
  },
  {
    property: 'G6',
    that: 'only tells what it has to fail with',
    says: /what keyBy threw was lost/,
    subject: () => catching((error, report) => report({ kind: 'callback-error', error })),
  },
  {
    property: 'G6',
    that: 'throws what a callback threw where nobody can catch it',
    says: /where nobody can catch it/,
    subject: () =>
      catching((error) => {
        setTimeout(() => {
          throw error;
        });
      }),
  },
  {
    property: 'G6',
    that: 'fails some time after a callback threw',
    says: /failed later than the callback/,
    subject: () => failingLate('dedupeWithin count'),
  },
  {
    property: 'G6',
    that: 'does not let go of its source when a callback throws',
    says: /source is still observed/,
    subject: () => clinging('dedupeWithin count'),
  },
];

/** An operator that goes on, with another key for the message, when `keyBy` throws. */
function catching(handle: (error: unknown, report: (event: unknown) => void) => void) {
  return withTools(sound('dedupeWithin count'), ({ callback, report }) => ({
    callback(name, work) {
      const watched = callback(name, work);
      return (...args) => {
        try {
          return watched(...args);
        } catch (error) {
          handle(error, report);
          return {} as ReturnType<typeof watched>;
        }
      };
    },
  }));
}

/** G1 to G6: how subscriptions begin, end and fail. */
export const lifeSabotages: readonly Sabotage[] = [
  ...[...grammarSabotages, ...independenceSabotages, ...teardownSabotages],
  ...[...timerSabotages, ...sourceErrorSabotages, ...callbackSabotages],
];
