import { describe, expect, it, vi } from 'vitest';
import { type Interval, Intervals, plainIntervals } from '../../../src/structures/Intervals.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

type Pair = [first: number, last: number];

const pairs = (intervals: Intervals): Pair[] =>
  [...intervals].map(({ first, last }) => [first, last]);

function of(...list: Pair[]): Intervals {
  const intervals = plainIntervals();
  for (const [first, last] of list) intervals.append({ first, last });
  return intervals;
}

/** Cuts and returns what was reported. */
function cut(intervals: Intervals, first: number, last: number): Pair[] {
  const parts: Pair[] = [];
  intervals.cut(first, last, (_, from, to) => parts.push([from, to]));
  return parts;
}

describe('Intervals', () => {
  describe('moves what lies above', () => {
    const forty = () =>
      of(...Array.from({ length: 40 }, (_, index): Pair => [10 * index, 10 * index]));

    /** How often `work` has `splice` move it all at once. */
    function splices(work: () => void): number {
      const splice = vi.spyOn(Array.prototype, 'splice');
      work();
      const { length } = splice.mock.calls;
      splice.mockRestore();
      return length;
    }

    it.each([
      { place: 24, calls: 0 },
      { place: 23, calls: 1 },
      { place: 0, calls: 1 },
    ])('one by one where that is little: $place of 40', ({ place, calls }) => {
      const shorter = forty();
      expect(splices(() => cut(shorter, 10 * place, 10 * place))).toBe(calls);
      expect(pairs(shorter)).toEqual(pairs(forty()).filter((_, index) => index !== place));
      const longer = forty();
      const first = 10 * place - 5;
      expect(splices(() => longer.insert({ first, last: first }))).toBe(calls);
      const expected = [...pairs(forty()), [first, first]].sort(
        ([one = 0], [other = 0]) => one - other,
      );
      expect(pairs(longer)).toEqual(expected);
    });
  });

  it('is empty at first', () => {
    const intervals = of();
    expect(intervals.size).toBe(0);
    expect(intervals.lowest).toBeUndefined();
    expect(intervals.shift()).toBeUndefined();
    expect(intervals.overlaps(-Infinity, Infinity)).toBe(false);
    expect(cut(intervals, -Infinity, Infinity)).toEqual([]);
  });

  it('keeps ascending order', () => {
    const intervals = of([10, 12], [20, 20]);
    intervals.insert({ first: 15, last: 16 });
    intervals.insert({ first: 1, last: 9 });
    intervals.insert({ first: 30, last: 31 });
    expect(pairs(intervals)).toEqual([
      [1, 9],
      [10, 12],
      [15, 16],
      [20, 20],
      [30, 31],
    ]);
    expect(intervals.size).toBe(5);
    expect(intervals.lowest).toEqual({ first: 1, last: 9 });
    expect(intervals.shift()).toEqual({ first: 1, last: 9 });
    expect(intervals.lowest).toEqual({ first: 10, last: 12 });
  });

  it.each([
    [1, 9, false],
    [1, 10, true],
    [10, 10, true],
    [12, 19, true],
    [13, 19, false],
    [13, 20, true],
    [20, 99, true],
    [21, 99, false],
    [-Infinity, Infinity, true],
  ])('knows whether any of %i to %i is in', (first, last, expected) => {
    expect(of([10, 12], [20, 20]).overlaps(first, last)).toBe(expected);
  });

  it.each<{ from: number; to: number; rest: Pair[]; parts: Pair[] }>([
    { from: 10, to: 19, rest: [[30, 39]], parts: [[10, 19]] },
    {
      from: 10,
      to: 14,
      rest: [
        [15, 19],
        [30, 39],
      ],
      parts: [[10, 14]],
    },
    {
      from: 15,
      to: 19,
      rest: [
        [10, 14],
        [30, 39],
      ],
      parts: [[15, 19]],
    },
    {
      from: 12,
      to: 13,
      rest: [
        [10, 11],
        [14, 19],
        [30, 39],
      ],
      parts: [[12, 13]],
    },
    {
      from: 10,
      to: 10,
      rest: [
        [11, 19],
        [30, 39],
      ],
      parts: [[10, 10]],
    },
    {
      from: 19,
      to: 19,
      rest: [
        [10, 18],
        [30, 39],
      ],
      parts: [[19, 19]],
    },
    {
      from: 0,
      to: 9,
      rest: [
        [10, 19],
        [30, 39],
      ],
      parts: [],
    },
    {
      from: 20,
      to: 29,
      rest: [
        [10, 19],
        [30, 39],
      ],
      parts: [],
    },
    {
      from: 40,
      to: 99,
      rest: [
        [10, 19],
        [30, 39],
      ],
      parts: [],
    },
    {
      from: 15,
      to: 34,
      rest: [
        [10, 14],
        [35, 39],
      ],
      parts: [
        [15, 19],
        [30, 34],
      ],
    },
    {
      from: 0,
      to: 99,
      rest: [],
      parts: [
        [10, 19],
        [30, 39],
      ],
    },
    {
      from: 5,
      to: 12,
      rest: [
        [13, 19],
        [30, 39],
      ],
      parts: [[10, 12]],
    },
  ])('cuts $from to $to out', ({ from, to, rest, parts }) => {
    const intervals = of([10, 19], [30, 39]);
    expect(cut(intervals, from, to)).toEqual(parts);
    expect(pairs(intervals)).toEqual(rest);
  });

  it('cuts without a listener', () => {
    const intervals = of([10, 19]);
    intervals.cut(12, 13);
    expect(pairs(intervals)).toEqual([
      [10, 11],
      [14, 19],
    ]);
  });

  it('reports a part after it is out', () => {
    const intervals = of([1, 3], [5, 9]);
    const left: Pair[][] = [];
    intervals.cut(1, 6, () => left.push(pairs(intervals)));
    expect(left).toEqual([[[5, 9]], [[7, 9]]]);
  });

  it('lets the upper part be made by the owner', () => {
    interface Named extends Interval {
      readonly name: string;
    }
    const intervals = new Intervals<Named>({
      split: ({ name }, first, last) => ({
        first,
        last,
        name: `${name}'`,
      }),
    });
    intervals.append({ first: 1, last: 9, name: 'a' });
    const cutFrom: string[] = [];
    intervals.cut(4, 5, ({ name }) => cutFrom.push(name));
    expect([...intervals]).toEqual([
      { first: 1, last: 3, name: 'a' },
      { first: 6, last: 9, name: "a'" },
    ]);
    expect(cutFrom).toEqual(['a']);
  });

  it('can be cleared', () => {
    const intervals = of([1, 2], [4, 5]);
    intervals.clear();
    expect(pairs(intervals)).toEqual([]);
    intervals.append({ first: 0, last: 0 });
    expect(pairs(intervals)).toEqual([[0, 0]]);
  });

  it('holds a run of any length in one entry', () => {
    const intervals = of([0, Number.MAX_SAFE_INTEGER]);
    intervals.cut(2 ** 40, 2 ** 40);
    expect(pairs(intervals)).toEqual([
      [0, 2 ** 40 - 1],
      [2 ** 40 + 1, Number.MAX_SAFE_INTEGER],
    ]);
  });

  it('agrees with a set under random cuts and insertions', () => {
    const random = new SeededRandom(7);
    for (let run = 0; run < 10; run += 1) {
      const intervals = plainIntervals();
      const model = new Set<number>();
      let top = 0;
      for (let round = 0; round < 120; round += 1) {
        const first = random.integer(0, top + 5);
        const last = first + random.integer(0, 12);
        if (random.chance(0.3)) {
          const from = top + random.integer(1, 5);
          top = from + random.integer(0, 20);
          intervals.append({ first: from, last: top });
          for (let position = from; position <= top; position += 1) model.add(position);
        } else if (random.chance(0.3) && !intervals.overlaps(first, last)) {
          intervals.insert({ first, last });
          top = Math.max(top, last);
          for (let position = first; position <= last; position += 1) model.add(position);
        } else {
          const parts = cut(intervals, first, last);
          const expected: number[] = [];
          for (let position = first; position <= last; position += 1) {
            if (model.delete(position)) expected.push(position);
          }
          expect(spread(parts)).toEqual(expected);
        }
        expect(spread(pairs(intervals))).toEqual([...model].sort((one, other) => one - other));
      }
    }
  });
});

function spread(list: readonly Pair[]): number[] {
  return list.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
}
