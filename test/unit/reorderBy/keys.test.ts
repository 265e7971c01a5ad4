/** reorderBy with keyBy: many sequences, one timer, a bound on their number. */
import { from } from 'rxjs';
import { reorderBy, type ReorderByEvent, type ReorderByOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';

type Message = readonly [key: unknown, seq: number];
type Event = ReorderByEvent<Message, unknown>;

const keyed = (options: Partial<ReorderByOptions<Message, unknown>> = {}): Rig<Message, Event> =>
  new Rig((base) =>
    reorderBy(([, seq]) => seq, {
      ...base,
      keyBy: ([key]) => key,
      ...options,
    } as ReorderByOptions<Message, unknown>),
  );

const text = (rig: { readonly values: readonly Message[] }) => rig.values.map((m) => m.join(''));

describe('reorderBy with keyBy', () => {
  it('orders each sequence by itself', () => {
    const rig = keyed().send(['a', 1], ['b', 7], ['a', 3], ['b', 8], ['a', 2]);
    expect(text(rig)).toEqual(['a1', 'b7', 'b8', 'a2', 'a3']);
    expect(rig.events).toEqual([]);
  });

  it('says in every event which sequence it concerns', () => {
    const rig = keyed({ maxWaitMs: 10 }).send(['a', 1], ['a', 3]).sendAt(10, ['a', 2], ['a', 3]);
    expect(rig.events).toStrictEqual([
      { kind: 'skipped', first: 2, last: 2, count: 1, key: 'a', reason: 'wait' },
      { kind: 'late', message: ['a', 2], key: 'a', behind: 2, passed: false },
      { kind: 'duplicate', message: ['a', 3], key: 'a', passed: false },
    ]);
  });

  it('releases each key at its own deadline with one timer for all', () => {
    const rig = keyed({ maxWaitMs: 100 }).send(['a', 1], ['a', 3], ['b', 1]).sendAt(30, ['b', 3]);
    rig.sendAt(60, ['c', 1], ['c', 3]);
    expect(rig.clock.pending).toBe(1);
    rig.clock.flush();
    expect(rig.log.filter(([, kind]) => kind === 'next').map(([at, , m]) => [at, m])).toEqual([
      [0, ['a', 1]],
      [0, ['b', 1]],
      [60, ['c', 1]],
      [100, ['a', 3]],
      [130, ['b', 3]],
      [160, ['c', 3]],
    ]);
    expect(rig.clock.pending).toBe(0);
  });

  it('settles keys that are due at one instant in the order they were first seen', () => {
    const rig = keyed({ maxWaitMs: 10 }).send(['b', 1], ['a', 1], ['a', 3], ['b', 3]);
    rig.clock.flush();
    expect(text(rig)).toEqual(['b1', 'a1', 'b3', 'a3']);
  });

  it('bounds the buffer of each key, not of all together', () => {
    const rig = keyed({ maxBuffer: 1 }).send(['a', 1], ['b', 1], ['a', 3], ['b', 3]);
    expect(rig.events).toEqual([]);
  });

  it('compares keys as a Map does', () => {
    const object = {};
    const keys = [NaN, 0, '0', 0n, null, undefined, object, {}, Symbol('s'), '__proto__', true];
    const rig = keyed();
    for (const key of keys) rig.send([key, 1]);
    expect(rig.values).toHaveLength(keys.length);
    rig.send([NaN, 1], [-0, 1], [object, 1], ['__proto__', 1]);
    expect(rig.events.map((event) => event.kind)).toEqual(
      Array.from({ length: 4 }, () => 'duplicate'),
    );
  });

  it('evicts the least recently used key, releasing what it held', () => {
    const rig = keyed({ maxKeys: 2 }).send(['a', 1], ['a', 3], ['b', 1], ['a', 4], ['c', 1]);
    expect(rig.take().slice(-2)).toEqual([
      [0, 'event', { kind: 'evicted', key: 'b' }],
      [0, 'next', ['c', 1]],
    ]);
    rig.send(['d', 1]);
    expect(rig.take()).toStrictEqual([
      [0, 'event', { kind: 'skipped', first: 2, last: 2, count: 1, key: 'a', reason: 'evicted' }],
      [0, 'next', ['a', 3]],
      [0, 'next', ['a', 4]],
      [0, 'event', { kind: 'evicted', key: 'a' }],
      [0, 'next', ['d', 1]],
    ]);
    expect(rig.clock.pending).toBe(0);
  });

  it('evicts a key where nobody listens to events, too', () => {
    const out: string[] = [];
    const messages = ['a1', 'b1', 'a1'];
    from(messages)
      .pipe(reorderBy((text) => Number(text[1]), { keyBy: (text) => text[0], maxKeys: 1 }))
      .subscribe((text) => out.push(text));
    expect(out).toEqual(messages);
  });

  it('begins anew with a key that comes back', () => {
    const rig = keyed({ maxKeys: 1 }).send(['a', 5], ['b', 1], ['a', 1]);
    expect(text(rig)).toEqual(['a5', 'b1', 'a1']);
  });

  it('flushes all keys when the source completes', () => {
    const rig = keyed().send(['a', 1], ['b', 1], ['b', 3], ['a', 3]).complete();
    expect(text(rig)).toEqual(['a1', 'b1', 'b3', 'a3']);
    expect(rig.log.at(-1)).toEqual([0, 'complete']);
  });

  it('gives account of all keys when the source fails', () => {
    const rig = keyed().send(['a', 1], ['b', 1], ['a', 3], ['b', 3]).fail(new Error('gone'));
    expect(rig.events.map((event) => event.kind)).toEqual(['discarded', 'discarded']);
  });

  it('evicts sparse and timed sequences, too', () => {
    for (const mode of [{ by: 'sparse' }, { by: 'time', boundMs: 10 }] as const) {
      const rig = keyed({ ...mode, maxKeys: 1 }).send(['a', 3], ['a', 1], ['b', 1]);
      expect(text(rig)).toEqual(['a1', 'a3']);
      expect(rig.events).toEqual([{ kind: 'evicted', key: 'a' }]);
    }
  });

  it('keeps a watermark for each key', () => {
    const rig = keyed({ by: 'time', boundMs: 10 }).send(['a', 1_000], ['b', 5], ['b', 4]);
    expect(rig.events).toEqual([]);
    rig.complete();
    expect(text(rig)).toEqual(['a1000', 'b4', 'b5']);
  });
});
