/** dedupeWithin kind: 'sequence'. */
import { from } from 'rxjs';
import {
  dedupeWithin,
  LateMessageError,
  type DedupeSequenceWindow,
  type DedupeWithinEvent,
  type DedupeWithinOptions,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { numbers, Rig } from '../../support/Rig.js';

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
