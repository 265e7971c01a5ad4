import { describe, expect, it } from 'vitest';
import { UnseenNumbers } from '../../../src/structures/UnseenNumbers.js';

/** Which of 0 to 30 are in. */
const within = (unseen: UnseenNumbers): number[] =>
  Array.from({ length: 31 }, (_, position) => position).filter((position) =>
    unseen.has(position, position),
  );

describe('UnseenNumbers', () => {
  it('has nothing at first', () => {
    expect(within(new UnseenNumbers(10))).toEqual([]);
  });

  it('finds a run that any of its positions is in', () => {
    const unseen = new UnseenNumbers(10);
    unseen.add(22, 22);
    expect(unseen.has(20, 21)).toBe(false);
    expect(unseen.has(20, 22)).toBe(true);
    expect(unseen.has(22, 99)).toBe(true);
    expect(unseen.has(23, 99)).toBe(false);
  });

  it('remembers exactly as many runs as its limit, what lies before the baseline being one', () => {
    const unseen = new UnseenNumbers(2);
    unseen.begin(20, 3);
    unseen.add(22, 22);
    expect(within(unseen)).toEqual([17, 18, 19, 22]);
    unseen.add(24, 24);
    expect(within(unseen)).toEqual([22, 24]);
  });

  it.each([
    [17, [17, 18, 19, 20, 22]],
    [18, [18, 19, 20, 22]],
    [20, [20, 22]],
    [500, [20, 22]],
  ])('forgets, far back from %i, only what lies before the baseline', (edge, expected) => {
    const unseen = new UnseenNumbers(10);
    unseen.begin(20, 3);
    unseen.add(20, 20);
    unseen.add(22, 22);
    expect(unseen.hasBelow(edge, 0, 16)).toBe(false);
    expect(within(unseen)).toEqual(expected);
  });

  it('counts what lies shortly before the baseline as unseen', () => {
    const unseen = new UnseenNumbers(4);
    unseen.begin(100, 10);
    expect(unseen.has(90, 90)).toBe(true);
    expect(unseen.has(89, 89)).toBe(false);
    expect(unseen.has(99, 99)).toBe(true);
    expect(unseen.has(100, 100)).toBe(false);
  });

  it('has nothing before a baseline without reach', () => {
    const unseen = new UnseenNumbers(4);
    unseen.begin(100, 0);
    expect(unseen.has(0, 99)).toBe(false);
  });

  it('takes each position once', () => {
    const unseen = new UnseenNumbers(4);
    unseen.add(5, 9);
    expect(unseen.take(7, 7)).toBe(true);
    expect(unseen.take(7, 7)).toBe(false);
    expect(unseen.take(6, 8)).toBe(true);
    expect(unseen.has(6, 8)).toBe(false);
    expect(unseen.has(5, 5)).toBe(true);
    expect(unseen.has(9, 9)).toBe(true);
  });

  it('remembers the highest runs when there are too many, in whichever order they came', () => {
    const unseen = new UnseenNumbers(2);
    unseen.add(30, 31);
    unseen.add(10, 11);
    unseen.add(20, 21);
    expect([10, 20, 30].map((position) => unseen.has(position, position))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('forgets, far back, what lay before the baseline but not what was passed over', () => {
    const unseen = new UnseenNumbers(4);
    unseen.begin(100, 50);
    unseen.add(110, 112);
    expect(unseen.hasBelow(60, 55, 55)).toBe(false);
    expect(unseen.has(60, 60)).toBe(true);
    expect(unseen.hasBelow(500, 111, 111)).toBe(true);
    expect(unseen.has(99, 99)).toBe(false);
  });

  it('takes everything up to a position', () => {
    const unseen = new UnseenNumbers(4);
    unseen.add(1, 5);
    unseen.takeUpTo(3);
    expect([3, 4].map((position) => unseen.has(position, position))).toEqual([false, true]);
  });

  it('begins anew', () => {
    const unseen = new UnseenNumbers(4);
    unseen.add(1, 5);
    unseen.begin(NaN, 0);
    expect(unseen.has(1, 5)).toBe(false);
    unseen.begin(10, 2);
    expect(within(unseen)).toEqual([8, 9]);
  });

  it('remembers as many runs as ever after it began anew without a baseline', () => {
    const unseen = new UnseenNumbers(2);
    unseen.begin(NaN, 0);
    unseen.add(5, 5);
    unseen.add(7, 7);
    expect(within(unseen)).toEqual([5, 7]);
  });

  it('remembers no more runs than it may when one is split', () => {
    const unseen = new UnseenNumbers(1);
    unseen.add(1, 9);
    expect(unseen.take(5, 5)).toBe(true);
    expect(unseen.has(1, 4)).toBe(false);
    expect(unseen.has(6, 9)).toBe(true);
  });
});
