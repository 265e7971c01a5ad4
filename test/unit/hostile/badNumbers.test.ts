/** Numbers and times that are none: an `invalid` event with message and reason, and the stream lives. */
import { dedupeWithin, reorderBy } from 'rxjs-reliable';
import { accountFor } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';
import {
  countingSubjects,
  named,
  numberedSubjects,
  type AnyEvent,
  type Numbered,
  type Subject,
} from '../../support/subjects.js';

const badNumbers: readonly (readonly [name: string, value: unknown, reason: string])[] = [
  ['H01: undefined', undefined, 'type'],
  ['H01: null', null, 'type'],
  ['H02: NaN', NaN, 'type'],
  ['H03: Infinity', Infinity, 'type'],
  ['H03: -Infinity', -Infinity, 'type'],
  ['H05: 1.5', 1.5, 'type'],
  ['H06: 2^53', 2 ** 53, 'type'],
  ['H06: -(2^53)', -(2 ** 53), 'type'],
  ["H07: '7'", '7', 'type'],
  ['an empty string', '', 'type'],
  ['true', true, 'type'],
  ['an object', {}, 'type'],
  ['a Date', new Date(7), 'type'],
  ['a function', () => 7, 'type'],
  ['a symbol', Symbol('7'), 'type'],
  ['a boxed number', Object(7), 'type'],
  ['H04: -1', -1, 'negative'],
  ['H04: -(2^53 - 1)', -Number.MAX_SAFE_INTEGER, 'negative'],
  ['H04: -1n', -1n, 'negative'],
];

function subscribe(subject: Subject): Rig<Numbered, AnyEvent, unknown> {
  return new Rig((base) => subject.make(base));
}

describe.each(named(numberedSubjects))('%s', (_name, subject) => {
  it.each(badNumbers)('%s in mid-stream is reported, and the stream lives', (_, n, reason) => {
    const inputs = [{ n: 1 }, { n }, { n: 2 }, { n: 3 }];
    const rig = subscribe(subject).send(...inputs);
    expect(rig.isAlive).toBe(true);
    rig.complete();
    expect(rig.log.at(-1)?.[1]).toBe('complete');
    expect(rig.events).toHaveLength(1);
    const [event] = rig.events;
    expect(event?.message).toBe(inputs[1]);
    expect(event).toMatchObject({ kind: 'invalid', reason, passed: subject.passesInvalid });
    const kept = subject.passesInvalid ? inputs : inputs.filter((_, index) => index !== 1);
    expect(rig.values).toEqual(kept);
    expect(accountFor(inputs, rig.values, rig.events).problem).toBeUndefined();
  });

  it.each(badNumbers)('%s as the first message leads nobody astray', (_, n, reason) => {
    const rig = subscribe(subject).send({ n }, { n: 5 }, { n: 6 }).complete();
    expect(rig.events).toMatchObject([{ kind: 'invalid', reason }]);
    expect(rig.values.slice(-2)).toEqual([{ n: 5 }, { n: 6 }]);
  });

  it('H08: refuses bigints among numbers and numbers among bigints', () => {
    const numbers = subscribe(subject).send({ n: 1 }, { n: 2n }, { n: 2 }).complete();
    expect(numbers.events).toMatchObject([
      { kind: 'invalid', message: { n: 2n }, reason: 'mixed' },
    ]);
    const bigints = subscribe(subject).send({ n: 1n }, { n: 2 }, { n: 2n }).complete();
    expect(bigints.events).toMatchObject([{ kind: 'invalid', message: { n: 2 }, reason: 'mixed' }]);
  });

  it('H02: reports a hundred bad ones in a row', () => {
    const rig = subscribe(subject).send({ n: 1 });
    for (let index = 0; index < 100; index += 1) rig.send({ n: NaN });
    expect(rig.events).toHaveLength(100);
    expect(rig.send({ n: 2 }).complete().values.at(-1)).toEqual({ n: 2 });
  });

  it('H18: neither changes the messages nor reads more of them than its selectors do', () => {
    const hostile = new Proxy(
      { n: 1 },
      {
        set: () => {
          throw new Error('written to');
        },
        get: (target, property) => {
          if (property !== 'n') throw new Error(`read ${String(property)}`);
          return target.n;
        },
      },
    );
    const rig = subscribe(subject)
      .send(hostile, Object.freeze({ n: 2 }))
      .complete();
    expect(rig.values[0] === hostile).toBe(true);
    expect(rig.error).toBeUndefined();
  });

  it('H18: takes a message with `then` for a message', () => {
    const thenable = { n: 1, then: () => expect.fail('awaited') };
    expect(subscribe(subject).send(thenable).complete().values).toEqual([thenable]);
  });

  it('H02: keeps bad numbers of one key from the others', () => {
    const rig = new Rig<Numbered, AnyEvent, unknown>((base) =>
      subject.make(base, { keyBy: ({ key }) => key }),
    );
    rig.send({ key: 'a', n: 1 }, { key: 'b', n: NaN }, { key: 'a', n: 2 }, { key: 'b', n: 9 });
    rig.complete();
    expect(rig.events).toMatchObject([{ kind: 'invalid', key: 'b', reason: 'type' }]);
    expect(rig.values.length).toBe(subject.passesInvalid ? 4 : 3);
  });
});

describe.each(named(countingSubjects))('%s, given ranges,', (_name, subject) => {
  it.each(badNumbers)('%s at either end of a range is reported', (_, n, reason) => {
    const rig = subscribe(subject).send({ n: 1 }, { n: [n, 2] }, { n: [2, n] }, { n: [2, 2] });
    rig.complete();
    const expected = typeof n === 'bigint' ? 'negative' : reason;
    expect(rig.events).toMatchObject([{ reason: expected }, { reason: expected }]);
    expect(rig.values.at(-1)).toEqual({ n: [2, 2] });
  });

  it('H01: reports arrays that are no ranges, and ranges of one bigint and one number', () => {
    const odd = [[], [2], [2, 3, 4], [[2, 2], 2], [3, 2], [2, 2n], [2n, 2]];
    const rig = subscribe(subject).send({ n: 1 }, ...odd.map((n) => ({ n })), { n: 2 });
    rig.complete();
    expect(rig.events.map(({ kind, reason }) => [kind, reason])).toEqual(
      ['type', 'type', 'type', 'type', 'range', 'mixed', 'mixed'].map((r) => ['invalid', r]),
    );
  });
});

const badTimes: readonly (readonly [name: string, value: unknown])[] = [
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['undefined', undefined],
  ['null', null],
  ['a Date', new Date(1_000)],
  ['an invalid Date', new Date(NaN)],
  ['a string', '1000'],
  ['a bigint', 1_000n],
  ['a boolean', true],
];

const timedSubjects: readonly Pick<Subject, 'name' | 'make'>[] = [
  {
    name: "reorderBy by: 'time'",
    make: (base) =>
      reorderBy<Numbered, unknown>(({ n }) => n as number, {
        ...base,
        by: 'time',
        boundMs: 10,
        maxSkewMs: 500,
      }),
  },
  {
    name: "dedupeWithin kind: 'watermark'",
    make: (base) =>
      dedupeWithin<Numbered, unknown>(
        { kind: 'watermark', eventTimeOf: ({ n }) => n as number, delayMs: 100, maxSkewMs: 500 },
        { ...base, keyBy: ({ n }) => n },
      ),
  },
];

describe.each(named(timedSubjects))('%s', (_name, { make }) => {
  const timed = () => new Rig<Numbered, AnyEvent, unknown>((base) => make(base));

  it.each(badTimes)('H48: reports the time %s and lives', (_, n) => {
    const rig = timed().send({ n: 100 }, { n }, { n: 101 }).complete();
    expect(rig.events).toMatchObject([
      { kind: 'invalid', message: { n }, reason: 'type', passed: false },
    ]);
    expect(rig.values).toEqual([{ n: 100 }, { n: 101 }]);
  });

  it('H47: lets no time in the future make the others late', () => {
    const day = 86_400_000;
    const rig = timed().send({ n: 100 }, { n: day }, { n: 8.64e15 }, { n: 101 }).complete();
    expect(rig.events).toMatchObject([{ reason: 'skew' }, { reason: 'skew' }]);
    expect(rig.values).toEqual([{ n: 100 }, { n: 101 }]);
  });
});
