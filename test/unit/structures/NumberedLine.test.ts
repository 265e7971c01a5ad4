import { describe, expect, it } from 'vitest';
import { NumberedLine } from '../../../src/structures/NumberedLine.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

function lineOf(expected: number, ...values: string[]): NumberedLine<string> {
  const line = new NumberedLine<string>(expected);
  for (const value of values) line.add(value);
  return line;
}

describe('NumberedLine', () => {
  it('numbers values as they come', () => {
    const line = lineOf(4, 'a', 'b');
    expect(line.next).toBe(2);
    expect([line.get(0), line.get(1)]).toEqual(['a', 'b']);
    expect([...line.values()]).toEqual(['a', 'b']);
  });

  it('has nothing but what was added', () => {
    const line = lineOf(1, 'a', 'b', 'c', 'd');
    for (const number of [-1, 4, 5, NaN]) {
      expect(line.get(number)).toBeUndefined();
      expect(line.take(number)).toBeUndefined();
    }
    expect([...line.values()]).toEqual(['a', 'b', 'c', 'd']);
  });

  it('forgets what was taken', () => {
    const line = lineOf(4, 'a', 'b', 'c');
    expect(line.take(1)).toBe('b');
    expect(line.take(1)).toBeUndefined();
    expect(line.get(1)).toBeUndefined();
    expect([...line.values()]).toEqual(['a', 'c']);
  });

  it.each([1, 2, 3, 4, 5, 8])('keeps more than the %d that were expected', (expected) => {
    const texts = Array.from({ length: 40 }, (_, index) => `v${String(index)}`);
    const line = lineOf(expected, ...texts);
    expect([...line.values()]).toEqual(texts);
    expect(texts.map((_, number) => line.get(number))).toEqual(texts);
    expect(texts.map((_, number) => line.take(number))).toEqual(texts);
    expect([...line.values()]).toEqual([]);
  });

  it('does as a map does', () => {
    const random = new SeededRandom(7);
    const line = new NumberedLine<number>(16);
    const map = new Map<number, number>();
    for (let step = 0; step < 20_000; step += 1) {
      if (random.chance(0.8)) {
        map.set(line.next, step);
        line.add(step);
      }
      // The oldest of all, or any of them.
      const [oldest = 0] = map.keys();
      const number = random.chance(0.7) ? oldest : random.integer(-1, line.next);
      expect(line.get(number)).toBe(map.get(number));
      expect(line.take(number)).toBe(map.get(number));
      map.delete(number);
      if (step % 100 === 0) expect([...line.values()]).toEqual([...map.values()]);
    }
    expect(map.size).toBeGreaterThan(16);
  });

  it('takes room for few even where many are expected', () => {
    const before = process.memoryUsage().heapUsed;
    const line = new NumberedLine<string>(2 ** 24);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2 ** 20);
    expect(line.next).toBe(0);
  });
});
