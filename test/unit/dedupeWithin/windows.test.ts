/** dedupeWithin kind: 'count', 'watermark' and 'sequence'. */
import { from } from 'rxjs';
import {
  dedupeWithin,
  LateMessageError,
  type DedupeSequenceWindow,
  type DedupeWatermarkWindow,
  type DedupeWithinEvent,
  type DedupeWithinOptions,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { numbers, Rig } from '../../support/Rig.js';

const kinds = (rig: { readonly events: readonly { readonly kind: string }[] }) =>
  rig.events.map((event) => event.kind);

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

describe("dedupeWithin kind: 'sequence'", () => {
  type Message = number | bigint | readonly [number, number];
  const sequence = (
    size: number,
    window: Partial<DedupeSequenceWindow<Message>> = {},
    options: DedupeWithinOptions<Message, unknown> = {},
  ) =>
    new Rig<Message, DedupeWithinEvent<Message, unknown>>((base) =>
      dedupeWithin<Message, unknown>(
        { kind: 'sequence', size, sequenceOf: (n) => n, ...window },
        { ...base, ...options },
      ),
    );

  it('passes each number once, in order of arrival', () => {
    const rig = sequence(8).send(1, 3, 2, 3, 5, 1, 4);
    expect(rig.values).toEqual([1, 3, 2, 5, 4]);
    expect(rig.events[0]).toStrictEqual({
      kind: 'duplicate',
      message: 3,
      key: undefined,
      first: undefined,
      ageMs: undefined,
      passed: false,
    });
  });

  it('takes what is below the window for late', () => {
    const rig = sequence(4).send(10, 7, 6, 5);
    expect(rig.values).toEqual([10, 7]);
    expect(rig.events).toStrictEqual([
      { kind: 'late', message: 6, key: undefined, behind: 1, passed: false },
      { kind: 'late', message: 5, key: undefined, behind: 2, passed: false },
    ]);
  });

  it('is exact for sizes that are no power of two', () => {
    for (const size of [1, 2, 3, 31, 32, 33, 100, 1_000]) {
      const lowest = 5_000 - size + 1;
      const rig = sequence(size).send(5_000, lowest, lowest, lowest - 1);
      expect(rig.values).toEqual(size === 1 ? [5_000] : [5_000, lowest]);
      expect(kinds(rig).at(-1)).toBe('late');
    }
  });

  it('forgets what slid out of the window, and never takes it for seen', () => {
    const rig = sequence(32).send(...numbers(0, 31), 63, ...numbers(32, 62));
    expect(rig.values).toHaveLength(64);
    expect(rig.events).toEqual([]);
  });

  it('emits or refuses late messages as latePolicy says', () => {
    const emitting = sequence(4, { latePolicy: 'emit' }).send(10, 5, 5);
    expect(emitting.values).toEqual([10, 5, 5]);
    expect(emitting.events).toMatchObject([{ passed: true }, { passed: true }]);
    const failing = sequence(4, { latePolicy: 'error' }).send(10, 5);
    expect(failing.error).toBeInstanceOf(LateMessageError);
    expect(failing.error).toMatchObject({ operator: 'dedupeWithin', behind: 2 });
  });

  it('only reports repeats if told so', () => {
    const rig = sequence(4, {}, { repeatPolicy: 'pass' }).send(1, 1);
    expect(rig.values).toEqual([1, 1]);
    expect(rig.events).toMatchObject([{ kind: 'duplicate', passed: true }]);
  });

  it('drops a range only if all of its numbers were seen', () => {
    const rig = sequence(16).send([1, 4], [3, 5], [2, 5], [1, 1], [5, 6]);
    expect(rig.values.map(String)).toEqual(['1,4', '3,5', '5,6']);
    expect(kinds(rig)).toEqual(['duplicate', 'duplicate']);
  });

  it('passes a range that is wider than the window', () => {
    expect(sequence(4).send([1, 100], [98, 100], 101).values).toHaveLength(2);
  });

  it('slides over the wrap of a modulus', () => {
    const rig = sequence(8, { modulus: 2 ** 16 }).send(65_534, 1, 65_535, 0, 65_534, 1, 2);
    expect(rig.values).toEqual([65_534, 1, 65_535, 0, 2]);
    expect(kinds(rig)).toEqual(['duplicate', 'duplicate']);
    expect(rig.send(32_770).events.at(-1)).toMatchObject({ reason: 'ambiguous' });
  });

  it('knows bigints', () => {
    const far = 2n ** 80n;
    const rig = sequence(4).send(far, far + 2n, far, far - 3n);
    expect(rig.values).toEqual([far, far + 2n]);
    expect(rig.events).toMatchObject([{ kind: 'duplicate' }, { kind: 'late', behind: 2n }]);
  });

  it('empties the window when the epoch changes', () => {
    type Epochal = readonly [epoch: string, n: number];
    const rig = new Rig<Epochal, DedupeWithinEvent<Epochal, unknown>>((base) =>
      dedupeWithin<Epochal, unknown>(
        { kind: 'sequence', size: 8, sequenceOf: ([, n]) => n, epochOf: ([epoch]) => epoch },
        base,
      ),
    );
    rig.send(['a', 5], ['b', 5], ['b', 1], ['b', 1]);
    expect(rig.values.map(String)).toEqual(['a,5', 'b,5', 'b,1']);
    expect(rig.events[0]).toStrictEqual({ kind: 'reset', key: undefined, reason: 'epoch' });
  });

  it('takes numbers that begin anew without an epoch for late', () => {
    const rig = sequence(8).send(1_000, ...numbers(0, 9));
    expect(rig.values).toEqual([1_000]);
    expect(kinds(rig)).toEqual(numbers(0, 9).map(() => 'late'));
  });

  it('drops what is farther ahead than maxJump, until restartAfter of them follow each other', () => {
    const rig = sequence(8, { maxJump: 100, restartAfter: 3 }).send(1, 101, 202, 102);
    expect(rig.values).toEqual([1, 101, 102]);
    expect(rig.events).toStrictEqual([
      { kind: 'invalid', message: 202, key: undefined, reason: 'jump', passed: false },
    ]);
    rig.send(900, 901, 902, 902, 903);
    expect(rig.values).toEqual([1, 101, 102, 902, 903]);
    expect(kinds(rig).slice(1)).toEqual(['invalid', 'invalid', 'reset', 'duplicate']);
  });

  it('has a window for each key', () => {
    const rig = new Rig<
      readonly [string, number],
      DedupeWithinEvent<readonly [string, number], string>
    >((base) =>
      dedupeWithin<readonly [string, number], string>(
        { kind: 'sequence', size: 4, sequenceOf: ([, n]) => n },
        { ...base, keyBy: ([key]) => key, maxKeys: 2 },
      ),
    );
    rig.send(['a', 1], ['b', 1], ['a', 1]);
    expect(rig.values.map(String)).toEqual(['a,1', 'b,1']);
    expect(rig.events).toMatchObject([{ kind: 'duplicate', key: 'a' }]);
    rig.send(['c', 1]);
    expect(rig.events.at(-1)).toStrictEqual({ kind: 'evicted', key: 'b', first: undefined });
    expect(rig.send(['b', 1]).values).toHaveLength(4);
  });

  it('evicts a key where nobody listens to events, too', () => {
    const out: string[] = [];
    const messages = ['a1', 'b1', 'a1'];
    const window = {
      kind: 'sequence',
      size: 4,
      sequenceOf: (text: string) => Number(text[1]),
    } as const;
    from(messages)
      .pipe(dedupeWithin(window, { keyBy: (text) => text[0], maxKeys: 1 }))
      .subscribe((text) => out.push(text));
    expect(out).toEqual(messages);
  });
});
