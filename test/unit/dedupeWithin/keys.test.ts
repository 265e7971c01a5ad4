/** dedupeWithin keyBy: what is the same, and how much is remembered. */
import { dedupeWithin, type DedupeWithinEvent } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { deduping, duplicate } from '../../support/dedupeRig.js';
import { numbers, Rig } from '../../support/Rig.js';

describe('dedupeWithin and keys', () => {
  it('compares what keyBy returns, and says it in the event', () => {
    const [one, two] = [{ id: 'k' }, { id: 'k' }];
    const rig: Rig<{ id: string }, DedupeWithinEvent<{ id: string }, string>> = new Rig((base) =>
      dedupeWithin(100, { ...base, keyBy: (m) => m.id }),
    );
    rig.send(one, two);
    expect(rig.values[0]).toBe(one);
    expect(rig.events).toStrictEqual([
      { kind: 'duplicate', message: two, key: 'k', first: 0, ageMs: 0, passed: false },
    ]);
  });

  it('compares messages themselves without keyBy, objects by identity', () => {
    const object = { id: 1 };
    expect(deduping(100).send(object, { id: 1 }, object).values).toHaveLength(2);
  });

  it('compares as a Map does: NaN is NaN, -0 is 0, 1n is not 1', () => {
    const rig = deduping(100).send(NaN, 0, 1, 1n, '1', null, undefined, false, '');
    expect(rig.values).toHaveLength(9);
    rig.send(NaN, -0, 1, 1n, '1', null, undefined, false, '');
    expect(rig.values).toHaveLength(9);
    expect(rig.events).toHaveLength(9);
  });

  it('takes any kind of key', () => {
    const symbol = Symbol('key');
    const keys = [symbol, () => 1, [], new Map(), Promise.resolve(), 2n ** 70n, 2 ** 53, -5, 0.5];
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'x'.repeat(1e6)];
    const rig = deduping(100).send(...keys, ...names);
    expect(rig.values).toHaveLength(keys.length + names.length);
    rig.send(...keys, ...names);
    expect(rig.values).toHaveLength(keys.length + names.length);
  });

  it('tells Infinity from -Infinity and neighbours among great numbers', () => {
    const rig = deduping(100).send(
      Infinity,
      -Infinity,
      2 ** 53 - 1,
      2 ** 53 - 2,
      2 ** 31,
      -(2 ** 31),
    );
    expect(rig.values).toHaveLength(6);
  });

  it('forgets the oldest key when there are more than maxKeys', () => {
    const rig = deduping(100, { maxKeys: 2 }).send('a').sendAt(10, 'b').sendAt(20, 'c', 'b', 'a');
    expect(rig.log.slice(2)).toStrictEqual([
      [20, 'event', { kind: 'evicted', key: 'a', first: 0 }],
      [20, 'next', 'c'],
      [20, 'event', duplicate('b', 10, 10)],
      [20, 'event', { kind: 'evicted', key: 'b', first: 10 }],
      [20, 'next', 'a'],
    ]);
  });

  it('forgets the one not refreshed for the longest time with refresh', () => {
    const window = { kind: 'time', ms: 100, refresh: true } as const;
    const rig = deduping(window, { maxKeys: 2 }).send('a', 'b').sendAt(10, 'a', 'c');
    expect(rig.events.at(-1)).toEqual({ kind: 'evicted', key: 'b', first: 0 });
  });

  it('calls nothing evicted whose time is over', () => {
    const rig = deduping(100, { maxKeys: 2 }).send('a', 'b').sendAt(100, 'c', 'd');
    expect(rig.events).toEqual([]);
    expect(rig.values).toEqual(['a', 'b', 'c', 'd']);
  });

  it('remembers 100,000 keys if not told otherwise', () => {
    const rig = deduping(100).send(...numbers(1, 100_000));
    expect(rig.events).toEqual([]);
    rig.send(0);
    expect(rig.events).toEqual([{ kind: 'evicted', key: 1, first: 0 }]);
  });
});
