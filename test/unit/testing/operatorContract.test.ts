import { debounceTime, delay, distinctUntilChanged, map, scan } from 'rxjs';
import { reorderBy } from 'rxjs-reliable';
import { lossyLink, operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { fromTheDocs } from '../../support/brokenOperators.js';
import { failuresOf } from '../../support/failuresOf.js';

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

describe('operatorContract', () => {
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
