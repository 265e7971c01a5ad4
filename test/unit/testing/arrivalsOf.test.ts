import * as fc from 'fast-check';
import { arrivalsOf, type Corruption, faultScript, type FaultScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

const brief = (script: FaultScript, first?: number): string[] =>
  arrivalsOf(script, first).map(
    ({ atMs, message: { seq, copy, epoch } }) => `${seq}/${copy}/${epoch}@${atMs}`,
  );

describe('arrivalsOf', () => {
  it('reads an empty record as a message that fares well', () => {
    expect(brief([{}, { gapMs: 5 }, {}])).toEqual(['0/0/0@0', '1/0/0@5', '2/0/0@5']);
  });

  it('sorts by time, at one instant in the order of sending', () => {
    const script = [{ delayMs: 10 }, { gapMs: 5, delayMs: 5 }, { gapMs: 1 }];
    expect(brief(script)).toEqual(['2/0/0@6', '0/0/0@10', '1/0/0@10']);
  });

  it('delivers copies of their own time, even of what was lost', () => {
    const script = [
      { drop: true, copies: [4, 2] },
      { delayMs: 3, copies: [0] },
    ];
    expect(brief(script)).toEqual(['1/1/0@0', '0/2/0@2', '1/0/0@3', '0/1/0@4']);
  });

  it('numbers from `first`, anew after a restart, and leaves out what is jumped', () => {
    const script = [{}, { jump: 3 }, { restart: true, epoch: true }, {}];
    expect(brief(script, 10)).toEqual(['10/0/0@0', '14/0/0@0', '10/0/1@0', '11/0/1@0']);
  });

  it.each<[Corruption, unknown]>([
    ['none', 1],
    ['undefined', undefined],
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['negative', -1],
    ['fraction', 1.5],
    ['unsafe', 2 ** 53],
    ['string', '1'],
    ['bigint', 1n],
    ['object', {}],
  ])('spoils a number as %s', (corrupt, expected) => {
    expect(arrivalsOf([{}, { corrupt }]).at(1)?.message.seq).toEqual(expected);
  });

  it('makes a number that cannot be read', () => {
    const [arrival] = arrivalsOf([{ corrupt: 'throws' }]);
    expect(arrival?.message.index).toBe(0);
    expect(() => arrival?.message.seq).toThrow('cannot be read');
  });

  it('wraps numbers at the modulus from where it is said', () => {
    expect(brief([{ jump: 14, modulus: 16 }, {}, {}, { jump: 17 }, { modulus: 0 }])).toEqual(
      [14, 15, 0, 2, 3].map((seq) => `${seq}/0/0@0`),
    );
  });

  it('tells the producer, and the time by its clock', () => {
    const script = [{ gapMs: 7, producer: 2, skewMs: -3 }, {}];
    const times = arrivalsOf(script).map(({ message: m }) => [m.producer, m.eventTimeMs]);
    expect(times).toEqual([
      [2, 4],
      [0, 7],
    ]);
  });

  it('makes a frozen object for every arrival, and loses only what the script loses', () => {
    fc.assert(
      fc.property(faultScript(), (script) => {
        const arrivals = arrivalsOf(script);
        const messages = new Set(arrivals.map(({ message }) => message));
        expect(messages.size).toBe(arrivals.length);
        expect([...messages].every((message) => Object.isFrozen(message))).toBe(true);
        const expected = script.reduce((n, r) => n + (r.drop ? 0 : 1) + r.copies.length, 0);
        expect(arrivals.length).toBe(expected);
        const times = arrivals.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((one, other) => one - other));
      }),
    );
  });
});
