import { describe, expect, it } from 'vitest';
import { SequenceLine } from '../../../src/structures/SequenceLine.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

const two64 = 2n ** 64n;

describe('SequenceLine', () => {
  describe('refuses', () => {
    it.each<[value: unknown, reason: string | undefined]>([
      [0, undefined],
      [-0, undefined],
      [1, undefined],
      [Number.MAX_SAFE_INTEGER, undefined],
      [0n, undefined],
      [2n ** 100n, undefined],
      [2 ** 53, 'type'],
      [NaN, 'type'],
      [Infinity, 'type'],
      [-Infinity, 'type'],
      [1.5, 'type'],
      ['1', 'type'],
      [undefined, 'type'],
      [null, 'type'],
      [true, 'type'],
      [{}, 'type'],
      [[1], 'type'],
      [Symbol('one'), 'type'],
      [new Date(0), 'type'],
      [-1, 'negative'],
      [-1n, 'negative'],
      [Number.MIN_SAFE_INTEGER, 'negative'],
    ])('%s as %s', (value, reason) => {
      expect(new SequenceLine(undefined).problemOf(value)).toBe(reason);
    });

    it.each<[value: unknown, modulus: number | bigint, reason: string | undefined]>([
      [15, 16, undefined],
      [16, 16, 'modulus'],
      [15n, 16, undefined],
      [16n, 16, 'modulus'],
      [15, 16n, undefined],
      [16, 16n, 'modulus'],
      [two64 - 1n, two64, undefined],
      [two64, two64, 'modulus'],
      [10, Number.MAX_SAFE_INTEGER, undefined],
      [-1, 16, 'negative'],
    ])('%s with modulus %s as %s', (value, modulus, reason) => {
      expect(new SequenceLine(modulus).problemOf(value)).toBe(reason);
    });

    it('the other number type where it is told its own', () => {
      const line = new SequenceLine(undefined, false);
      expect([line.problemOf(1), line.problemOf(1n)]).toEqual([undefined, 'mixed']);
    });

    it('the other number type from the first number on, until it restarts', () => {
      const line = new SequenceLine(undefined);
      expect(line.problemOf(1n)).toBeUndefined();
      line.locate(1, NaN);
      expect(line.problemOf(1n)).toBe('mixed');
      expect(line.problemOf(1)).toBeUndefined();
      line.restart();
      expect(line.problemOf(1n)).toBeUndefined();
      line.locate(1n, NaN);
      expect(line.problemOf(1)).toBe('mixed');
      expect(line.problemOf(2n)).toBeUndefined();
    });
  });

  describe('numbers', () => {
    it('are their own positions', () => {
      const line = new SequenceLine(undefined);
      for (const seq of [0, 1, 65_536, Number.MAX_SAFE_INTEGER]) {
        expect(line.locate(seq, NaN)).toBe(seq);
        expect(line.locate(seq, 12)).toBe(seq);
        expect(line.label(seq)).toBe(seq);
        expect(line.count(seq)).toBe(seq);
      }
      expect(line.locate(-0, NaN)).toBe(0);
      expect(line.locate(-0, 5)).toBe(0);
    });

    it('have a successor', () => {
      expect(new SequenceLine(undefined).successor(9)).toBe(10);
      expect(new SequenceLine(16).successor(14)).toBe(15);
      expect(new SequenceLine(16).successor(15)).toBe(0);
      expect(new SequenceLine(16n).successor(15)).toBe(0);
    });
  });

  describe('numbers that wrap', () => {
    it.each([2, 3, 5, 16, 17, 4_096, 65_536, 2 ** 32])(
      'modulus %i: are located at the nearest position',
      (modulus) => {
        const line = new SequenceLine(modulus);
        const random = new SeededRandom(modulus);
        for (let round = 0; round < 500; round += 1) {
          const reference = random.integer(-3 * modulus, 3 * modulus);
          const distance = random.integer(-Math.ceil(modulus / 2) + 1, Math.ceil(modulus / 2) - 1);
          const seq = line.label(reference + distance);
          expect(Number(seq) + 0).toBe((((reference + distance) % modulus) + modulus) % modulus);
          expect(line.locate(seq, reference)).toBe(reference + distance);
        }
      },
    );

    it.each([0, 1, 5, 15, 16, 100, -1, -8])(
      'are ambiguous exactly half the modulus from %i, and only there',
      (reference) => {
        const line = new SequenceLine(16);
        const located = Array.from({ length: 16 }, (_, distance) =>
          line.locate(line.label(reference + distance), reference),
        );
        expect(located.map((position) => position - reference)).toEqual([
          0,
          1,
          2,
          3,
          4,
          5,
          6,
          7,
          NaN,
          -7,
          -6,
          -5,
          -4,
          -3,
          -2,
          -1,
        ]);
      },
    );

    it('are never ambiguous with an odd modulus', () => {
      const line = new SequenceLine(5);
      expect([0, 1, 2, 3, 4].map((seq) => line.locate(seq, 0))).toEqual([0, 1, 2, -2, -1]);
    });

    it('are taken as they are where there is no reference', () => {
      expect(new SequenceLine(16).locate(15, NaN)).toBe(15);
    });

    it.each(Array.from({ length: 16 }, (_, index) => index * 4_096 + (index % 3) - 1))(
      'count up across the wrap, from %i on',
      (start) => {
        const line = new SequenceLine(65_536);
        const begin = ((start % 65_536) + 65_536) % 65_536;
        let position = line.locate(begin, NaN);
        for (let step = 1; step <= 70_000; step += 7) {
          position = line.locate((begin + step) % 65_536, position);
          if (position !== begin + step) expect(position).toBe(begin + step);
        }
        expect(line.label(position)).toBe((begin + 69_994 + 1 - 1) % 65_536);
      },
    );

    it('begin below 0 where they are large, so that those after the wrap are in reach', () => {
      const largest = Number.MAX_SAFE_INTEGER;
      expect(new SequenceLine(largest).locate(largest - 1, NaN)).toBe(-1);
      expect(new SequenceLine(2 ** 52 + 1).locate(0, NaN)).toBe(-(2 ** 52) - 1);
      expect(new SequenceLine(2 ** 52).locate(5, NaN)).toBe(5);
      expect(new SequenceLine(16).locate(-0, NaN)).toBe(0);
    });

    it.each([
      ['numbers', 2 ** 53 - 1, 2 ** 52],
      ['bigints', two64, 2n ** 52n],
    ] as const)('%s are infinitely far away where positions do not reach', (_, modulus, seq) => {
      const line = new SequenceLine(modulus);
      line.locate(typeof seq === 'bigint' ? 0n : 0, NaN);
      const reference = Number.MAX_SAFE_INTEGER - 1;
      const label = line.label(reference);
      const stepped = (steps: number) =>
        typeof label === 'bigint'
          ? (label + BigInt(steps)) % two64
          : (label + steps) % (2 ** 53 - 1);
      expect(line.locate(stepped(1), reference)).toBe(Number.MAX_SAFE_INTEGER);
      expect(line.locate(stepped(2), reference)).toBe(Infinity);
      for (const beyond of [Infinity, -Infinity]) expect(line.locate(seq, beyond)).toBe(beyond);
    });

    it('have to be bigints with a modulus beyond the safe integers', () => {
      const line = new SequenceLine(two64);
      expect(line.problemOf(10)).toBe('mixed');
      expect(line.problemOf(10n)).toBeUndefined();
    });
  });

  describe('bigints', () => {
    it('are counted from the first one', () => {
      const line = new SequenceLine(undefined);
      const start = 2n ** 80n;
      expect(line.locate(start, NaN)).toBe(0);
      expect(line.locate(start + 5n, 0)).toBe(5);
      expect(line.locate(start - 5n, 0)).toBe(-5);
      expect(line.label(7)).toBe(start + 7n);
      expect(line.label(-7)).toBe(start - 7n);
      expect(line.count(3)).toBe(3n);
      expect(line.count(Infinity)).toBe(Infinity);
      expect(line.successor(start)).toBe(start + 1n);
    });

    it('are infinitely far away where positions do not reach', () => {
      const line = new SequenceLine(undefined);
      const reach = BigInt(Number.MAX_SAFE_INTEGER);
      line.locate(2n ** 60n, NaN);
      expect(line.locate(2n ** 60n + reach, 0)).toBe(Number.MAX_SAFE_INTEGER);
      expect(line.locate(2n ** 60n + reach + 1n, 0)).toBe(Infinity);
      expect(line.locate(2n ** 60n - reach, 0)).toBe(Number.MIN_SAFE_INTEGER);
      expect(line.locate(2n ** 60n - reach - 1n, 0)).toBe(-Infinity);
      expect(line.locate(2n ** 2_000n, 0)).toBe(Infinity);
    });

    it('are counted anew after a restart', () => {
      const line = new SequenceLine(undefined);
      line.locate(100n, NaN);
      line.restart();
      expect(line.locate(7n, NaN)).toBe(0);
      expect(line.label(1)).toBe(8n);
    });

    it('become plain positions again after a restart with numbers', () => {
      const line = new SequenceLine(undefined);
      line.locate(100n, NaN);
      line.restart();
      expect(line.locate(7, NaN)).toBe(7);
      expect(line.label(7)).toBe(7);
      expect(line.count(7)).toBe(7);
    });

    it.each<number | bigint>([16, 16n])('wrap at %s', (modulus) => {
      const line = new SequenceLine(modulus);
      expect(line.locate(14n, NaN)).toBe(0);
      const distances = Array.from({ length: 16 }, (_, distance) =>
        line.locate(BigInt((14 + distance) % 16), 0),
      );
      expect(distances).toEqual([0, 1, 2, 3, 4, 5, 6, 7, NaN, -7, -6, -5, -4, -3, -2, -1]);
      expect(line.locate(0n, 100)).toBe(98);
      expect(line.label(2)).toBe(0n);
      expect(line.label(-15)).toBe(15n);
      expect(line.label(-14)).toBe(0n);
      expect(line.successor(14n)).toBe(15n);
      expect(line.successor(15n)).toBe(0n);
    });

    it('that wrap are taken as they are where there is no reference', () => {
      const line = new SequenceLine(16n);
      expect(line.locate(3n, NaN)).toBe(0);
      expect(line.locate(5n, NaN)).toBe(2);
    });

    it('wrap at 2^64', () => {
      const line = new SequenceLine(two64);
      expect(line.locate(two64 - 2n, NaN)).toBe(0);
      expect(line.locate(1n, 0)).toBe(3);
      expect(line.locate(two64 - 3n, 3)).toBe(-1);
      expect(line.label(3)).toBe(1n);
      expect(line.locate(2n ** 63n - 2n, 0)).toBeNaN();
    });

    it('labels and locates are inverse', () => {
      const random = new SeededRandom(4);
      for (const modulus of [undefined, 7n, 1_000n, two64]) {
        const line = new SequenceLine(modulus);
        line.locate(5n, NaN);
        for (let round = 0; round < 300; round += 1) {
          const reference = random.integer(-5_000, 5_000);
          const position = reference + random.integer(-3, 3);
          expect(line.locate(line.label(position), reference)).toBe(position);
        }
      }
    });
  });

  it('tells whether its numbers are bigints, once it knows', () => {
    const line = new SequenceLine(undefined);
    expect(line.usesBigint).toBe(false);
    line.locate(1n, NaN);
    expect(line.usesBigint).toBe(true);
    line.restart();
    line.locate(1, NaN);
    expect(line.usesBigint).toBe(false);
  });
});
