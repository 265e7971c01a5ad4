/** operatorContract of operators that break it: what the suite says. */
import { asyncScheduler, debounceTime, map, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  armsOnTheWayOut,
  clones,
  endsAtOnce,
  forgetsReentrant,
  fromTheDocs,
  leaksTimer,
  neverEnds,
  neverUnsubscribes,
  sharesState,
  subscribesAtOnce,
  swallowsLast,
  wrapsErrors,
  writes,
} from '../../support/brokenOperators.js';
import { failuresOf } from '../../support/failuresOf.js';

/** Each with a check it must fail, and what that says. */
const broken: readonly [string, () => Map<string, string>, string, RegExp][] = [
  [
    'an operator made as in the documentation',
    () => failuresOf(() => fromTheDocs()),
    'stops listening to a synchronous source when unsubscribed',
    /went on for 997 messages after take\(3\)/,
  ],
  [
    'a callback outside the error channel',
    () =>
      failuresOf(() => fromTheDocs(), {
        callbacks: { change: { make: (_, fail) => fromTheDocs(fail) } },
      }),
    'turns an error thrown by `change` into an error notification',
    /no error notification came/,
  ],
  [
    'a callback that is never called',
    () =>
      failuresOf(() => map((x: number) => x), {
        callbacks: { odd: { make: () => map((x) => x) } },
      }),
    'turns an error thrown by `odd` into an error notification',
    /`odd` was never called/,
  ],
  [
    'a timer left behind',
    () => failuresOf(({ scheduler }) => leaksTimer(scheduler)),
    'lets go of everything when unsubscribed, at any point',
    /1 timers are left/,
  ],
  [
    'a real timer left behind',
    () => failuresOf(() => leaksTimer(asyncScheduler)),
    'handles never',
    /1 real timers are left/,
  ],
  [
    'shared state, to two sources',
    () => failuresOf(sharesState),
    'is referentially transparent: one operator serves two sources',
    /notification 1 is complete/,
  ],
  [
    'shared state, to two subscriptions',
    () => failuresOf(sharesState),
    'shares no state between subscriptions',
    /instead of next\(0\)/,
  ],
  [
    'shared state, to retry',
    () => failuresOf(sharesState),
    'starts afresh when resubscribed by retry',
    /./,
  ],
  [
    'shared state, to repeat',
    () => failuresOf(sharesState),
    'starts afresh when resubscribed by repeat',
    /./,
  ],
  [
    'an eager subscription',
    () => failuresOf(subscribesAtOnce),
    'does nothing before it is subscribed',
    /before anybody subscribed/,
  ],
  [
    'another error',
    () => failuresOf(wrapsErrors),
    'handles throw, with the same error object',
    /wrapped/,
  ],
  [
    'a source never let go',
    () => failuresOf(neverUnsubscribes),
    'does not break unsubscription chains',
    /unsubscribed 0 times instead of once/,
  ],
  [
    'a source never let go, to take',
    () => failuresOf(neverUnsubscribes),
    'lets go of everything at take(1)',
    /unsubscribed 0 times/,
  ],
  [
    'other objects',
    () => failuresOf(clones, { message: (seq) => ({ seq }) }),
    'passes messages on by reference and leaves them as they are',
    /9 values|10 values/,
  ],
  [
    'changed objects',
    () => failuresOf(writes, { message: (seq) => ({ seq }) }),
    'passes messages on by reference and leaves them as they are',
    /error/,
  ],
  [
    'a stack that overflows',
    () => failuresOf(() => map((x: number) => x), { reentrantDepth: 100_000 }),
    'does not overflow the stack when pushed from inside next',
    /Maximum call stack/,
  ],
  [
    'a message held for the next one',
    () => failuresOf(() => swallowsLast()),
    'lets a single value through',
    /did not come out/,
  ],
  [
    'messages pushed while busy',
    () => failuresOf(() => forgetsReentrant()),
    'keeps the order of messages pushed from inside next',
    /instead of next/,
  ],
  [
    'a real timer armed on the way out',
    () => failuresOf(() => armsOnTheWayOut()),
    'lets go of everything when unsubscribed, at any point',
    /real timers are left/,
  ],
  [
    'an end that never comes',
    () => failuresOf(() => neverEnds()),
    'handles empty',
    /no complete notification/,
  ],
  [
    'an end that comes early',
    () => failuresOf(() => endsAtOnce()),
    'handles never',
    /ended although its source did not/,
  ],
  [
    'a look at the clock',
    () => failuresOf(() => tap<number>(() => Date.now())),
    'lives by the scheduler it is given alone',
    /used Date\.now/,
  ],
  [
    'chance',
    () => failuresOf(() => tap<number>(() => Math.random())),
    'lives by the scheduler it is given alone',
    /used Math.random/,
  ],
  [
    'a microtask',
    () => failuresOf(() => tap<number>(() => queueMicrotask(() => undefined))),
    'lives by the scheduler it is given alone',
    /used queueMicrotask/,
  ],
  [
    'a real timer',
    () => failuresOf(() => debounceTime<number>(5)),
    'lives by the scheduler it is given alone',
    /used Date\.now/,
  ],
];

describe('operatorContract', () => {
  it.each(broken)('finds %s', (_, run, title, message) => {
    const failures = run();
    expect([...failures.keys()]).toContain(title);
    expect(failures.get(title)).toMatch(message);
  });
});
