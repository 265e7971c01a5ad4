/** dedupeWithin kind: 'count' and 'watermark'. */
import {
  dedupeWithin,
  LateMessageError,
  type DedupeWatermarkWindow,
  type DedupeWithinEvent,
  type DedupeWithinOptions,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { Rig } from '../../support/Rig.js';

describe("dedupeWithin kind: 'count'", () => {
  const counting = (count: number, options: DedupeWithinOptions<string> = {}) =>
    new Rig<string, DedupeWithinEvent<string>>((base) =>
      dedupeWithin({ kind: 'count', count }, { ...base, ...options }),
    );

  it('remembers that many distinct keys', () => {
    const rig = counting(2).send('a', 'b', 'a', 'b');
    expect(rig.values).toEqual(['a', 'b']);
    expect(rig.events[0]).toStrictEqual({
      kind: 'duplicate',
      message: 'a',
      key: 'a',
      first: undefined,
      ageMs: undefined,
      passed: false,
    });
  });

  it('forgets first in, first out, whatever was repeated meanwhile', () => {
    const rig = counting(2).send('a', 'b', 'a', 'c', 'a', 'b');
    expect(rig.values).toEqual(['a', 'b', 'c', 'a', 'b']);
    expect(kinds(rig)).toEqual(['duplicate']);
  });

  it('drops immediate repeats only with count 1', () => {
    expect(counting(1).send('a', 'a', 'b', 'a', 'a').values).toEqual(['a', 'b', 'a']);
  });

  it('does not count the hours', () => {
    const rig = counting(2).send('a').sendAt(1e12, 'a');
    expect(rig.values).toEqual(['a']);
    expect(rig.clock.pending).toBe(0);
  });

  it('only reports repeats if told so', () => {
    const rig = counting(2, { repeatPolicy: 'pass' }).send('a', 'a');
    expect(rig.values).toEqual(['a', 'a']);
    expect(rig.events).toMatchObject([{ kind: 'duplicate', passed: true }]);
  });

  it('does not call a key evicted that leaves because its window is over', () => {
    expect(counting(1).send('a', 'b', 'c').events).toEqual([]);
  });
});

describe("dedupeWithin kind: 'watermark'", () => {
  type Message = readonly [key: string, time: number];
  const watermark = (
    delayMs: number,
    window: Partial<DedupeWatermarkWindow<Message>> = {},
    options: DedupeWithinOptions<Message, string> = {},
  ) =>
    new Rig<Message, DedupeWithinEvent<Message, string>>((base) =>
      dedupeWithin<Message, string>(
        { kind: 'watermark', eventTimeOf: ([, time]) => time, delayMs, ...window },
        { ...base, keyBy: ([key]) => key, ...options },
      ),
    );

  it('drops repeats, with the event time of the first', () => {
    const rig = watermark(10).send(['a', 100], ['a', 105]);
    expect(rig.events).toStrictEqual([
      { kind: 'duplicate', message: ['a', 105], key: 'a', first: 100, ageMs: 5, passed: false },
    ]);
  });

  it('drops a repeat that happened before the first', () => {
    const rig = watermark(10).send(['a', 100], ['a', 95]);
    expect(rig.events).toMatchObject([{ kind: 'duplicate', first: 100, ageMs: -5 }]);
  });

  it('takes what is at the watermark for late, and not what is 1 ms above', () => {
    const rig = watermark(10).send(['x', 100], ['a', 91], ['b', 90], ['c', 89]);
    expect(rig.values.map(([key]) => key)).toEqual(['x', 'a']);
    expect(rig.events).toStrictEqual([
      { kind: 'late', message: ['b', 90], key: 'b', behind: 0, passed: false },
      { kind: 'late', message: ['c', 89], key: 'c', behind: 1, passed: false },
    ]);
  });

  it('takes a late message for late even if its key was seen', () => {
    expect(kinds(watermark(10).send(['a', 100], ['x', 115], ['a', 100]))).toEqual(['late']);
  });

  it('remembers a key until the watermark is delayMs past it', () => {
    const kept = watermark(10).send(['a', 100], ['x', 119], ['a', 119]);
    expect(kinds(kept)).toEqual(['duplicate']);
    const forgotten = watermark(10).send(['a', 100], ['x', 120], ['a', 120]);
    expect(forgotten.events).toEqual([]);
    expect(forgotten.values).toHaveLength(3);
  });

  it('does not move the watermark with a late message', () => {
    const rig = watermark(10, { latePolicy: 'emit' }).send(['x', 100], ['y', 50], ['z', 91]);
    expect(rig.values).toHaveLength(3);
    expect(kinds(rig)).toEqual(['late']);
  });

  it('moves the watermark with repeats, too', () => {
    const rig = watermark(10).send(['a', 100], ['a', 109], ['b', 99]);
    expect(kinds(rig)).toEqual(['duplicate', 'late']);
  });

  it('emits or refuses late messages as latePolicy says', () => {
    const emitting = watermark(10, { latePolicy: 'emit' }).send(['x', 100], ['a', 90], ['a', 90]);
    expect(emitting.values).toHaveLength(3);
    expect(emitting.events).toMatchObject([{ passed: true }, { passed: true }]);
    const failing = watermark(10, { latePolicy: 'error' }).send(['x', 100], ['a', 80]);
    expect(failing.error).toBeInstanceOf(LateMessageError);
    expect(failing.error).toMatchObject({ operator: 'dedupeWithin', behind: 10 });
    expect(failing.isClean).toBe(true);
  });

  it('only reports repeats if told so', () => {
    const rig = watermark(10, {}, { repeatPolicy: 'pass' }).send(['a', 100], ['a', 100]);
    expect(rig.values).toHaveLength(2);
    expect(rig.events).toMatchObject([{ kind: 'duplicate', passed: true }]);
  });

  it('forgets the key with the earliest event when there are more than maxKeys', () => {
    const rig = watermark(100, {}, { maxKeys: 2 }).send(['a', 100], ['b', 50], ['c', 120]);
    expect(rig.events).toStrictEqual([{ kind: 'evicted', key: 'b', first: 50 }]);
    rig.send(['a', 101]);
    expect(kinds(rig)).toEqual(['evicted', 'duplicate']);
  });

  it('refuses times farther than maxSkewMs ahead of the clock', () => {
    const rig = watermark(10, { maxSkewMs: 1_000 }).send(['a', 1_000], ['b', 1_001]);
    expect(rig.events).toStrictEqual([
      { kind: 'invalid', message: ['b', 1_001], key: 'b', reason: 'skew', passed: false },
    ]);
    rig.sendAt(1, ['b', 1_001]);
    expect(rig.values).toHaveLength(2);
  });

  it('calls every second message of one instant late with delayMs 0', () => {
    const rig = watermark(0).send(['a', 1], ['b', 1], ['c', 2]);
    expect(rig.values.map(([key]) => key)).toEqual(['a', 'c']);
    expect(rig.events).toMatchObject([{ kind: 'late', behind: 0 }]);
  });

  it('remembers for ever with delayMs Infinity', () => {
    const rig = watermark(Infinity).send(['a', 1], ['b', 1e15], ['a', -1e15]);
    expect(kinds(rig)).toEqual(['duplicate']);
  });
});
