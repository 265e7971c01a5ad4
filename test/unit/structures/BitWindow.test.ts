import { describe, expect, it } from 'vitest';
import { BitWindow } from '../../../src/structures/BitWindow.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

describe('BitWindow', () => {
  it('tells a new position from a repeat', () => {
    const window = new BitWindow(8);
    expect(window.add(5, 5)).toBe(true);
    expect(window.add(5, 5)).toBe(false);
    expect(window.add(4, 4)).toBe(true);
    expect(window.add(4, 4)).toBe(false);
    expect(window.add(6, 6)).toBe(true);
  });

  it('marks only the position it was given', () => {
    const window = new BitWindow(32);
    window.add(10, 10);
    const rest = Array.from({ length: 10 }, (_, position) => window.add(position, position));
    expect(rest).toEqual(new Array(10).fill(true));
  });

  it('finds a range new if any of it is, and a repeat if all of it was seen', () => {
    const window = new BitWindow(64);
    window.add(0, 9);
    expect(window.add(0, 9)).toBe(false);
    expect(window.add(3, 5)).toBe(false);
    expect(window.add(8, 10)).toBe(true);
    expect(window.add(10, 10)).toBe(false);
    expect(window.add(20, 20)).toBe(true);
    expect(window.add(9, 11)).toBe(true);
    expect(window.add(11, 11)).toBe(false);
    expect(window.add(12, 12)).toBe(true);
  });

  it.each([1, 2, 31, 32])('has 32 bits for a size of %i', (size) => {
    const window = new BitWindow(size);
    window.add(0, 0);
    expect(window.add(31, 31)).toBe(true);
    expect(window.add(0, 0)).toBe(false);
    expect(window.add(32, 32)).toBe(true);
    expect(window.add(1, 1)).toBe(true);
  });

  it.each([33, 64, 100, 128, 1_000])('remembers at least its size of %i', (size) => {
    const window = new BitWindow(size);
    window.add(0, 0);
    window.add(size - 1, size - 1);
    expect(window.add(0, 0)).toBe(false);
    expect(window.add(1, 1)).toBe(true);
    expect(window.add(size - 2, size - 2)).toBe(true);
  });

  it.each([
    [31, 'just inside the ring'],
    [32, 'just beyond the ring'],
    [33, 'one more'],
    [1_000_000, 'far'],
    [2 ** 40, 'very far'],
  ])('has seen none of what a leap of %i brings in (%s)', (leap) => {
    const window = new BitWindow(32);
    for (let position = 0; position < 32; position += 1) window.add(position, position);
    const high = 31 + leap;
    window.add(high, high);
    for (let position = high - 1; position > Math.max(31, high - 32); position -= 1) {
      expect(window.add(position, position)).toBe(true);
    }
    expect(window.add(high, high)).toBe(false);
  });

  it('keeps what a short slide leaves in', () => {
    const window = new BitWindow(32);
    window.add(0, 0);
    window.add(20, 20);
    window.add(40, 40);
    expect(window.add(20, 20)).toBe(false);
    expect(window.add(9, 9)).toBe(true);
  });

  it('takes a range longer than itself', () => {
    const window = new BitWindow(32);
    expect(window.add(0, 99)).toBe(true);
    expect(window.add(68, 99)).toBe(false);
    expect(window.add(100, 100)).toBe(true);
  });

  it('does not mistake the far end of a range that begins below it for its own top', () => {
    const window = new BitWindow(32);
    window.add(0, 98);
    window.add(100, 100); // 99 is missing; the ring holds 69 to 100
    window.add(50, 98); // 67 and 68 share their bits with 99 and 100
    expect(window.add(99, 99)).toBe(true);
  });

  it('tells repeats of 0 and 1 apart from what follows', () => {
    const window = new BitWindow(32);
    expect([0, 1, 0, 1, 2].map((position) => window.add(position, position))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it('takes one bit for each position', () => {
    globalThis.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    const window = new BitWindow(2 ** 24);
    expect(process.memoryUsage().arrayBuffers - before).toBe(2 ** 24 / 8);
    expect(window.add(0, 0)).toBe(true);
  });

  it('works below zero', () => {
    const window = new BitWindow(32);
    expect(window.add(-40, -40)).toBe(true);
    expect(window.add(-40, -40)).toBe(false);
    expect(window.add(-9, -9)).toBe(true);
    expect(window.add(-40, -40)).toBe(false);
    expect(window.add(0, 0)).toBe(true);
    expect(window.add(-9, -9)).toBe(false);
    expect(window.add(-1, -1)).toBe(true);
  });

  it('works at the end of the safe integers', () => {
    const window = new BitWindow(64);
    const top = Number.MAX_SAFE_INTEGER;
    window.add(top - 40, top - 40);
    expect(window.add(top, top)).toBe(true);
    expect(window.add(top - 40, top - 40)).toBe(false);
    expect(window.add(top - 1, top - 1)).toBe(true);
    expect(window.add(top, top)).toBe(false);
  });

  it('starts over when cleared, even below where it was', () => {
    const window = new BitWindow(32);
    window.add(1_000, 1_010);
    window.clear();
    expect(window.add(5, 5)).toBe(true);
    expect(window.add(1_005, 1_005)).toBe(true);
    expect(window.add(1_005, 1_005)).toBe(false);
  });

  it.each([1, 32, 33, 100, 128])('agrees with a set, window of %i', (size) => {
    const random = new SeededRandom(size);
    const window = new BitWindow(size);
    const seen = new Set<number>();
    let high = 0;
    for (let round = 0; round < 2_000; round += 1) {
      const last = high + random.integer(1 - size, random.chance(0.05) ? 3 * size : 3);
      const first = last - random.integer(0, 3);
      high = Math.max(high, last);
      if (first <= high - size) continue;
      let isNew = false;
      for (let position = first; position <= last; position += 1) {
        isNew ||= !seen.has(position);
        seen.add(position);
      }
      if (round === 0) expect(window.add(first, last)).toBe(true);
      else expect(window.add(first, last)).toBe(isNew);
    }
  });
});
