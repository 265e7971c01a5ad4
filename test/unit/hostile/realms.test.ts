/** Strange surroundings: extended prototypes, missing globals, frozen realms, other copies of rxjs. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import * as rxjs from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type reorderBy as ownReorderBy,
  sequenceGaps,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';
import { stages } from '../../support/stages.js';
import { named, type AnyEvent, type Numbered } from '../../support/subjects.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What to do to leave the world as it was. */
const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

/** Replaces or adds a property until the end of the test. */
function put(object: object, name: PropertyKey, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, {
    value,
    configurable: true,
    enumerable: before?.enumerable ?? true,
    writable: true,
  });
  undo.push(() => {
    if (before === undefined) Reflect.deleteProperty(object, name);
    else Object.defineProperty(object, name, before);
  });
}

const numbers = [0, 1, 2, 4, 3, 5, 5, 6].map((n): Numbered => ({ n }));

/** What an operator makes of a stream, as text, which is taken before the world is back in order. */
function outcomeOf(make: (typeof stages)[number]['make']): string[] {
  const rig = new Rig<Numbered, AnyEvent, unknown>((base) => make(base));
  for (const message of numbers) {
    rig.send(message);
    rig.clock.advanceBy(1);
  }
  rig.complete();
  const entries: string[] = [];
  for (const [atMs, kind, value] of rig.log) {
    entries.push(`${String(atMs)} ${kind} ${(value as AnyEvent | undefined)?.kind ?? ''}`);
  }
  return entries;
}

describe.each(named(stages))('%s', (_name, { make }) => {
  it('H61: works the same with polluted prototypes', () => {
    const expected = outcomeOf(make);
    for (const { prototype } of [Object, Array, Function, Map, Promise]) {
      put(prototype, 'polluted', 'by a stranger');
      put(prototype, 'last', 7);
    }
    const outcome = outcomeOf(make);
    afterEachNow();
    expect(outcome).toEqual(expected);
  });

  it('H61: works the same without the globals it does not need', () => {
    const expected = outcomeOf(make);
    for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Date']) {
      put(globalThis, name, undefined);
    }
    for (const name of ['performance', 'process', 'Buffer', 'structuredClone', 'console']) {
      put(globalThis, name, undefined);
    }
    const outcome = outcomeOf(make);
    afterEachNow();
    expect(outcome).toEqual(expected);
  });

  it('H62: takes a source of another copy of rxjs, and from what is only observable', () => {
    const other = anotherRxjs();
    const base = { scheduler: new VirtualClock(), onEvent: () => undefined };
    const values: unknown[] = [];
    const source = other.from(numbers);
    source.pipe(make(base)).subscribe((value) => values.push(value));
    const expected: unknown[] = [];
    rxjs
      .from(interop(numbers))
      .pipe(make(base))
      .subscribe((value) => expected.push(value));
    expect(values.length).toBeGreaterThan(0);
    expect(values).toEqual(expected);
  });
});

function afterEachNow(): void {
  for (const step of undo.splice(0)) step();
}

/** A second rxjs, whose classes are not ours. */
function anotherRxjs(): typeof rxjs {
  const require = createRequire(import.meta.url);
  const isOurs = (file: string): boolean => /[\\/]rxjs[\\/]/.test(file);
  const before = Object.entries(require.cache).filter(([file]) => isOurs(file));
  for (const [file] of before) Reflect.deleteProperty(require.cache, file);
  const other = require('rxjs') as typeof rxjs;
  for (const [file, module] of before) require.cache[file] = module;
  expect(other.Observable).not.toBe(rxjs.Observable);
  return other;
}

/** Has nothing of an Observable but the symbol. */
function interop<T>(values: readonly T[]): rxjs.ObservableInput<T> {
  return {
    // Without a polyfill rxjs looks for this name.
    '@@observable': () => ({
      subscribe: (observer: rxjs.Observer<T>) => {
        for (const value of values) observer.next(value);
        observer.complete();
        return { unsubscribe: () => undefined };
      },
    }),
  } as unknown as rxjs.ObservableInput<T>;
}

describe('H62: inputs beside the source', () => {
  const other = anotherRxjs();
  const foreign = (...values: readonly number[]) => other.from(values);
  const self = (n: number): number => n;
  const valuesOf = (stream: rxjs.Observable<number>): number[] => {
    const values: number[] = [];
    stream.subscribe((n) => values.push(n));
    return values;
  };

  it.each([
    ['another rxjs', foreign],
    ['any observable', (...values: readonly number[]) => interop(values)],
  ])('H62: may be of %s', (__, make) => {
    const clock = new VirtualClock();
    const gaps = sequenceGaps<number>(self, {
      recover: { request: ({ first }) => make(Number(first)), maxRange: 1 },
    });
    expect(valuesOf(rxjs.of(0, 2).pipe(gaps))).toEqual([0, 2, 1]);
    const announcing = sequenceGaps<number>(self, {
      first: 0,
      announced: make(1),
      recover: { request: ({ first }) => make(Number(first)), maxRange: 1 },
    });
    expect(valuesOf(rxjs.NEVER.pipe(announcing))).toEqual([0, 1]);
    const options = { breachPolicy: 'switch', switchTo: () => make(7), scheduler: clock } as const;
    const switched: number[] = [];
    rxjs.NEVER.pipe(slaTimeout<number>(9, options)).subscribe((n) => switched.push(n));
    clock.advanceBy(9);
    expect(switched).toEqual([7]);
    const worked = rxjs
      .of(1, 2)
      .pipe(
        shardBy<number>('round-robin', { shards: 2 }),
        mergeShards(eachMessage((n: number) => make(n, n))),
      );
    expect(valuesOf(worked)).toEqual([1, 1, 2, 2]);
    const merged = rxjs.of(1, 2).pipe(
      shardBy<number>('round-robin', { shards: 2 }),
      mergeShards<number, number>(({ index }) => make(index)),
    );
    expect(valuesOf(merged)).toEqual([0, 1]);
  });
});

/** The bundle of an entry, with rxjs outside. */
function bundleOf(entry: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'cjs',
    external: ['rxjs'],
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}

describe.each(['src/index.ts', 'src/connectors/worker/index.ts'])('%s', (entry) => {
  it('H63: loads in a frozen realm without timers, and does nothing', () => {
    const exports: Record<string, unknown> = {};
    const loaded: string[] = [];
    const context = createContext({
      exports,
      module: { exports },
      require: (id: string) => {
        loaded.push(id);
        return rxjs;
      },
    });
    const freeze = `
      for (const name of Object.getOwnPropertyNames(globalThis)) {
        const value = globalThis[name];
        if (typeof value !== 'function' || name === 'require') continue;
        Object.freeze(value);
        if (value.prototype) Object.freeze(value.prototype);
      }`;
    runInContext(`${freeze}\nJSON.stringify(Object.getOwnPropertyNames(globalThis))`, context);
    const before = Object.getOwnPropertyNames(context).filter((name) => name !== 'module');
    runInContext(`(function () { 'use strict'; ${bundleOf(entry)}\n})()`, context);
    expect(Object.getOwnPropertyNames(context).filter((name) => name !== 'module')).toEqual(before);
    expect(new Set(loaded)).toEqual(new Set(['rxjs']));
    const { exports: made } = (context as { module: { exports: Record<string, unknown> } }).module;
    expect(Object.keys(made).length).toBeGreaterThan(1);
    if (!('reorderBy' in made)) return;
    const reorderBy = made['reorderBy'] as typeof ownReorderBy;
    const values: number[] = [];
    rxjs
      .of(1, 3, 2)
      .pipe(reorderBy((n) => n, { scheduler: new VirtualClock() }))
      .subscribe((n) => values.push(n));
    expect(values).toEqual([1, 2, 3]);
  });
});
