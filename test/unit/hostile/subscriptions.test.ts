/** Consumers and producers that break rules, leave early, come back: every operator keeps to the contract. */
import {
  config,
  defer,
  from,
  Observable,
  type Observer,
  Subject,
  take,
  throwError,
  concat,
  retry,
  repeat,
} from 'rxjs';
import { accountFor, VirtualClock } from 'rxjs-reliable/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { record } from '../../support/record.js';
import { Rig } from '../../support/Rig.js';
import { stages, type Stage } from '../../support/stages.js';
import { named, type AnyEvent, type Numbered } from '../../support/subjects.js';

type Next = (value: unknown, rig: Rig<Numbered, AnyEvent, unknown>) => void;

const open = ({ make }: Stage, onNext?: Next) =>
  new Rig<Numbered, AnyEvent, unknown>((base) => make(base), {}, onNext);
const messages = (count: number): Numbered[] => Array.from({ length: count }, (_, n) => ({ n }));
const base = () => ({ scheduler: new VirtualClock(), onEvent: () => undefined });
const ends = (rig: Rig<Numbered, AnyEvent, unknown>) =>
  rig.log.map(([, kind]) => kind).filter((kind) => kind === 'complete' || kind === 'error');

afterEach(() => {
  config.onUnhandledError = null;
});

/** What may be in a message beside its number. */
const oddities: readonly ((n: number) => Numbered)[] = [
  (n) => Object.freeze({ n }),
  (n) => Object.assign(Object.create(null) as Numbered, { n }),
  (n) => ({ n, then: () => expect.fail('awaited') }),
  (n) => JSON.parse(`{ "n": ${String(n)}, "__proto__": { "polluted": true } }`) as Numbered,
  (n) => ({
    n,
    get secret() {
      return expect.fail('read');
    },
  }),
  (n) =>
    new Proxy<Numbered>(
      { n },
      {
        get: (_, name) => {
          if (name === 'n') return n;
          return name === 'key' ? undefined : expect.fail(`read ${String(name)}`);
        },
        set: () => expect.fail('written to'),
        has: () => expect.fail('asked'),
        ownKeys: () => expect.fail('listed'),
        getPrototypeOf: () => expect.fail('asked for its prototype'),
      },
    ),
];

describe.each(named(stages))('%s', (_name, stage) => {
  it('H18: passes odd objects by reference and reads of them what its selectors read', () => {
    const inputs = oddities.map((make, index) => make(index));
    const rig = open(stage)
      .send(...inputs)
      .complete();
    expect(ends(rig)).toEqual(['complete']);
    expect(rig.values.map((value) => inputs.findIndex((input) => input === value))).toEqual(
      inputs.map((__, index) => index),
    );
    expect('polluted' in {}).toBe(false);
  });

  it('H31: stops an endless synchronous source when enough is taken', () => {
    let emitted = 0;
    const endless = new Observable<Numbered>((subscriber) => {
      while (!subscriber.closed) subscriber.next({ n: emitted++ });
    });
    const values: unknown[] = [];
    endless.pipe(stage.make(base()), take(1)).subscribe((value) => values.push(value));
    expect(values).toEqual([{ n: 0 }]);
    // `by: 'sparse'` holds as many as it may before the first leaves.
    expect(emitted).toBeLessThanOrEqual(1_026);
  });

  it.each([0, 1, 2, 50])(
    'H32: takes %i messages and completion while it is subscribed',
    (count) => {
      const inputs = messages(count);
      const log: unknown[] = [];
      const options = base();
      from(inputs)
        .pipe(stage.make(options))
        .subscribe({ next: (value) => log.push(value), complete: () => log.push('|') });
      expect(log).toEqual([...inputs, '|']);
      expect(options.scheduler.pending).toBe(0);
    },
  );

  it('H33: passes the error of the source on, once, while it holds and waits', () => {
    const error = new Error('source');
    const rig = open(stage).send({ n: 0 }, { n: 2 }, { n: 5 }).fail(error);
    expect(ends(rig)).toEqual(['error']);
    expect(rig.error).toBe(error);
    expect(rig.isClean).toBe(true);
    const { length } = rig.log;
    rig.clock.flush();
    expect(rig.log).toHaveLength(length);
  });

  it('H33: takes an error in the midst of a flush', () => {
    const error = new Error('source');
    const rig = open(stage, (__, its) => its.fail(error)).send(
      { n: 0 },
      { n: 2 },
      { n: 1 },
      { n: 3 },
    );
    rig.clock.flush();
    expect(ends(rig)).toEqual(['error']);
    expect(rig.log.at(-1)?.[2]).toBe(error);
    expect(rig.isClean).toBe(true);
  });

  it.each(['complete', 'error'] as const)(
    'H34: ignores what a source says after its %s',
    (kind) => {
      const [first, second] = [new Error('first'), new Error('second')];
      // Not of `new Observable(…)`, whose subscriber would keep the source to the rules.
      const subscribe = (observer: Observer<Numbered>) => {
        const say: Record<string, () => void> = {
          complete: () => {
            observer.complete();
          },
          error: () => {
            observer.error(first);
          },
        };
        for (const message of messages(2)) observer.next(message);
        say[kind]?.();
        observer.next({ n: 2 });
        for (const word of Object.values(say)) word();
        observer.error(second);
      };
      const bad = Object.assign(new Observable<Numbered>(), { subscribe });
      const log = record(stage.make(base())(bad));
      const last = kind === 'complete' ? '|' : first;
      expect(log.filter((entry) => entry === '|' || entry instanceof Error)).toEqual([last]);
      expect(log.at(-1)).toBe(last);
      expect(log).not.toContainEqual({ n: 2 });
    },
  );

  it('H35: goes on for others, and for the consumer itself, when the consumer throws', async () => {
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    const source = new Subject<Numbered>();
    const shared = source.pipe(stage.make(base()));
    const values: unknown[] = [];
    const throwing = shared.subscribe((value) => {
      throw value;
    });
    shared.subscribe((value) => values.push(value));
    const inputs = messages(4);
    for (const message of inputs) source.next(message);
    expect(throwing.closed).toBe(false);
    source.complete();
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(values).toEqual(inputs);
    expect(unhandled).toEqual(inputs);
  });

  it('H36: keeps the order of what the consumer sends from inside next', () => {
    let sent = 0;
    const rig = open(stage, (__, its) => {
      if (sent < 1_000) its.send({ n: sent++ });
    });
    while (sent < 1_000) rig.send({ n: sent++ });
    rig.complete();
    expect(rig.values).toEqual(messages(1_000));
    expect(rig.isClean).toBe(true);
  });

  it('H37: has a state for each of two subscribers', () => {
    const source = new Subject<Numbered>();
    const shared = source.pipe(stage.make(base()));
    const [one, other]: [unknown[], unknown[]] = [[], []];
    shared.subscribe((value) => {
      one.push(value);
      if (one.length === 2) source.next({ n: 3 });
    });
    const leaving = shared.subscribe((value) => other.push(value));
    source.next({ n: 0 });
    leaving.unsubscribe();
    source.next({ n: 1 });
    source.next({ n: 2 });
    source.complete();
    expect(one.length).toBeGreaterThanOrEqual(3);
    expect(one.slice(0, 2)).toEqual(messages(2));
    expect(other.length).toBeLessThanOrEqual(1);
  });

  it('H38: begins anew for retry and repeat', () => {
    let tries = 0;
    const source = defer(() =>
      tries++ === 0
        ? concat(
            messages(3),
            throwError(() => new Error('once')),
          )
        : from(messages(3)),
    );
    const kept: unknown[] = [];
    const options = base();
    source
      .pipe(stage.make(options), retry(1), repeat(2))
      .subscribe((value) => kept.push((value as Numbered).n));
    // What is held when the source fails is discarded, so the first try may say less.
    expect(kept.slice(-6)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(options.scheduler.pending).toBe(0);
  });

  it.each<[string, Numbered[]]>([
    ['nothing', []],
    ['a single message', [{ n: 7 }]],
    ['only repeats', Array.from({ length: 20 }, () => ({ n: 7 }))],
    ['only what is late', [{ n: 900 }, ...Array.from({ length: 20 }, (_, n) => ({ n: 800 - n }))]],
  ])('H64: gives account of %s', (__, inputs) => {
    const rig = open(stage)
      .send(...inputs)
      .complete();
    expect(ends(rig)).toEqual(['complete']);
    expect(accountFor(inputs, rig.values, rig.events).problem).toBeUndefined();
    expect(rig.isClean).toBe(true);
    expect(rig.values.length).toBeGreaterThanOrEqual(Math.min(1, inputs.length));
  });
});
