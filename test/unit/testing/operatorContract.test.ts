import {
  asyncScheduler,
  bufferCount,
  concatMap,
  debounceTime,
  delay,
  distinctUntilChanged,
  filter,
  finalize,
  map,
  type MonoTypeOperatorFunction,
  Observable,
  type OperatorFunction,
  scan,
  type SchedulerLike,
  tap,
} from 'rxjs';
import { reorderBy } from 'rxjs-reliable';
import {
  type ContractProbe,
  lossyLink,
  operatorContract,
  type OperatorContractOptions,
} from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

/** Runs the suite with a runner that keeps what fails instead of failing: title and message. */
function failuresOf<T, R>(
  makeOperator: (probe: ContractProbe) => OperatorFunction<T, R>,
  options: OperatorContractOptions<T, R> = {},
): Map<string, string> {
  const failures = new Map<string, string>();
  operatorContract('it', makeOperator, {
    reentrantDepth: 50,
    ...options,
    describe: (_, body) => {
      body();
    },
    it: (title, body) => {
      try {
        body();
      } catch (error) {
        failures.set(title, error instanceof Error ? error.message : String(error));
      }
    },
  });
  return failures;
}

// Operators that pass.

operatorContract('map', () => map((x: number) => x), { describe, it, reentrantDepth: 100 });
operatorContract('scan', () => scan((sum, x: number) => sum + x, 0), {
  describe,
  it,
  transforms: true,
  reentrantDepth: 100,
  callbacks: { accumulator: { make: (_, fail) => scan<number, number>(fail, 0) } },
});
// RxJS takes O(n^2) to let go of n messages in flight here.
operatorContract('delay', ({ scheduler }) => delay<number>(10, scheduler), {
  describe,
  it,
  reentrantDepth: 1_000,
});
operatorContract(
  'reorderBy',
  ({ scheduler }) => reorderBy((m: { readonly seq: number }) => m.seq, { scheduler }),
  {
    describe,
    it,
    message: (seq) => ({ seq }),
    callbacks: {
      orderOf: { make: (_, fail) => reorderBy<{ readonly seq: number }>(fail) },
      keyBy: { make: (_, fail) => reorderBy((m) => m.seq, { keyBy: fail }) },
      onEvent: {
        make: ({ scheduler }, fail) => reorderBy((m) => m.seq, { scheduler, onEvent: fail }),
        messages: [{ seq: 0 }, { seq: 2 }, { seq: 0 }],
      },
    },
  },
);
operatorContract(
  'lossyLink',
  ({ scheduler }) => {
    const wild = { kind: 'exponential', meanMs: 20 } as const;
    return lossyLink<number>({ delay: wild, duplicate: 0.3, loss: 0.1 }, { scheduler, seed: 3 });
  },
  {
    describe,
    it,
    callbacks: {
      onEvent: { make: (_, fail) => lossyLink<number>({ loss: 1 }, { onEvent: fail }) },
    },
  },
);
operatorContract(
  'lossyLink without faults',
  ({ scheduler }) => lossyLink<number>({}, { scheduler }),
  { describe, it },
);

// Operators that do not, and what the suite says.

/** The pattern of the documentation: the source is subscribed with a plain observer. */
const fromTheDocs =
  (change: (value: number) => number = (x) => x): MonoTypeOperatorFunction<number> =>
  (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (value) => subscriber.next(change(value)),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );

const leaksTimer =
  (scheduler: SchedulerLike): MonoTypeOperatorFunction<number> =>
  (source) =>
    new Observable((subscriber) => {
      scheduler.schedule(() => undefined, 1_000);
      return source.subscribe(subscriber);
    });

function sharesState(): MonoTypeOperatorFunction<number> {
  const seen = new Set<number>();
  return filter((value) => !seen.has(value) && seen.add(value).size > 0);
}

const subscribesAtOnce = (): MonoTypeOperatorFunction<number> => (source) => {
  source.subscribe();
  return source;
};

const wrapsErrors = (): MonoTypeOperatorFunction<number> => (source) =>
  new Observable((subscriber) =>
    source.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(new Error('wrapped', { cause: error })),
      complete: () => subscriber.complete(),
    }),
  );

const neverUnsubscribes = (): MonoTypeOperatorFunction<number> => (source) =>
  new Observable((subscriber) => {
    source.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });

const clones = (): MonoTypeOperatorFunction<{ seq: number }> => map((message) => ({ ...message }));
const writes = (): MonoTypeOperatorFunction<{ seq: number }> =>
  tap((message) => (message.seq += 1));

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

function swallowsLast(): MonoTypeOperatorFunction<number> {
  return (source) =>
    source.pipe(
      bufferCount(2, 1),
      concatMap(([a = 0, b]) => (b === undefined ? [] : [a])),
    );
}

function forgetsReentrant(): MonoTypeOperatorFunction<number> {
  return (source) =>
    new Observable((subscriber) => {
      let isBusy = false;
      return source.subscribe({
        next: (value) => {
          if (isBusy) return;
          isBusy = true;
          subscriber.next(value);
          isBusy = false;
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

/** Arms a timer in the course of its teardown. */
function armsOnTheWayOut(): MonoTypeOperatorFunction<number> {
  return (source) => source.pipe(finalize(() => asyncScheduler.schedule(() => undefined, 10)));
}

function neverEnds(): MonoTypeOperatorFunction<number> {
  return (source) =>
    new Observable((subscriber) => source.subscribe({ next: (value) => subscriber.next(value) }));
}

function endsAtOnce(): MonoTypeOperatorFunction<number> {
  return (source) =>
    new Observable((subscriber) => {
      subscriber.complete();
      return source.subscribe();
    });
}

describe('operatorContract', () => {
  it.each(broken)('finds %s', (_, run, title, message) => {
    const failures = run();
    expect([...failures.keys()]).toContain(title);
    expect(failures.get(title)).toMatch(message);
  });

  it('finds nothing wrong with what is right', () => {
    expect(failuresOf(() => map((x: number) => x))).toEqual(new Map());
    expect(failuresOf(() => distinctUntilChanged<number>())).toEqual(new Map());
  });

  it('fails with an Error that says what is wrong, and only where it is wrong', () => {
    const failures = failuresOf(() => fromTheDocs());
    expect([...failures.keys()]).toEqual([
      'stops listening to a synchronous source when unsubscribed',
    ]);
  });

  it('registers one suite of tests under the given name, and runs nothing by itself', () => {
    const titles: string[] = [];
    let made = 0;
    operatorContract('mine', () => (made++, map((x: number) => x)), {
      describe: (name, body) => (titles.push(name), body()),
      it: (title) => titles.push(title),
    });
    expect(made).toBe(0);
    expect(titles[0]).toBe('mine keeps the operator contract');
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.length).toBeGreaterThan(20);
  });

  it('takes describe and it from the globals, and says so when there are none', () => {
    expect(() => operatorContract('mine', () => map((x: number) => x))).toThrow(
      /pass them as options/,
    );
    const titles: string[] = [];
    const globals = globalThis as { describe?: unknown; it?: unknown };
    globals.describe = (_: string, body: () => void) => body();
    globals.it = (title: string) => titles.push(title);
    try {
      operatorContract('mine', () => map((x: number) => x));
    } finally {
      delete globals.describe;
      delete globals.it;
    }
    expect(titles.length).toBeGreaterThan(20);
  });

  it('refuses bad options', () => {
    const make = () => map((x: number) => x);
    expect(() => operatorContract('mine', 1 as never)).toThrow(/`makeOperator` must be a function/);
    expect(() => operatorContract('mine', make, { message: 1 as never })).toThrow(/`message`/);
    expect(() => operatorContract('mine', make, { reentrantDepth: -1 })).toThrow(
      /`reentrantDepth`/,
    );
  });

  it('leaves the world as it was', () => {
    const before = [
      globalThis.setTimeout,
      globalThis.setInterval,
      globalThis.clearTimeout,
      globalThis.queueMicrotask,
      Date.now,
      Math.random,
    ];
    const nowDescriptor = Object.getOwnPropertyDescriptor(performance, 'now');
    failuresOf(() => debounceTime<number>(5));
    expect([
      globalThis.setTimeout,
      globalThis.setInterval,
      globalThis.clearTimeout,
      globalThis.queueMicrotask,
      Date.now,
      Math.random,
    ]).toEqual(before);
    expect(Object.getOwnPropertyDescriptor(performance, 'now')).toEqual(nowDescriptor);
    expect(performance.now()).toBeGreaterThan(0);
  });
});
