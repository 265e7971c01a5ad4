import { describe, expect, it } from 'vitest';
import { ReleasedLog } from '../../../src/structures/ReleasedLog.js';
import { heapBytes } from '../../support/cost.js';

describe('ReleasedLog', () => {
  it('has nothing at first', () => {
    expect(new ReleasedLog(4).has(0)).toBe(false);
  });

  it('has what was added and nothing between', () => {
    const log = new ReleasedLog(10);
    for (const value of [2, 5, 9]) log.add(value);
    expect([1, 2, 3, 5, 8, 9, 10].filter((value) => log.has(value))).toEqual([2, 5, 9]);
  });

  it.each([1, 2, 3, 7])('keeps exactly the last %i', (capacity) => {
    const log = new ReleasedLog(capacity);
    for (let value = 0; value < 40; value += 1) {
      log.add(value * 3);
      const kept = Array.from({ length: value + 1 }, (_, index) => index).filter((index) =>
        log.has(index * 3),
      );
      const oldest = Math.max(0, value - capacity + 1);
      expect(kept).toEqual(
        Array.from({ length: value - oldest + 1 }, (_, index) => oldest + index),
      );
      expect(log.has(value * 3 + 1)).toBe(false);
      expect(log.has(oldest * 3 - 1)).toBe(false);
    }
  });

  it('takes little room for the one number that most of many keys have', () => {
    const logs = Array.from({ length: 10_000 }, () => new ReleasedLog(64));
    const before = heapBytes();
    for (const log of logs) log.add(1);
    expect((heapBytes() - before) / logs.length).toBeLessThan(64);
  });

  it('takes bigints, and tells them from numbers', () => {
    const log = new ReleasedLog(2);
    for (const value of [1n, 2n ** 70n, 2n ** 70n + 1n]) log.add(value);
    expect(log.has(1n)).toBe(false);
    expect(log.has(2n ** 70n)).toBe(true);
    expect(log.has(2n ** 70n + 1n)).toBe(true);
    expect(log.has(2n ** 70n + 2n)).toBe(false);
    expect(log.has(2 ** 70)).toBe(false);
  });
});
