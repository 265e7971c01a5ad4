import { describe, expect, it } from 'vitest';
import { empty, ReorderBuffer } from '../../../src/structures/ReorderBuffer.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

/** Puts single positions in, each as its own message. */
function holding(next: number, ...positions: number[]): ReorderBuffer<number> {
  const buffer = new ReorderBuffer<number>();
  for (const position of positions) buffer.put(position, position, position, next);
  return buffer;
}

/** Takes everything out in order, going on past holes. */
function drain<T>(buffer: ReorderBuffer<T>, from: number): T[] {
  const messages: T[] = [];
  for (let next = from; buffer.size > 0; next = buffer.lowest(next)) {
    const held = buffer.take(next);
    if (held !== undefined) messages.push(held.message);
  }
  return messages;
}

describe('ReorderBuffer', () => {
  it('is empty at first', () => {
    const buffer = new ReorderBuffer<string>();
    expect(buffer.size).toBe(0);
    expect(buffer.take(0)).toBeUndefined();
    expect(buffer.holds(1, 1)).toBe(false);
    expect(buffer.lowest(0)).toBe(Infinity);
  });

  it('gives a position back when its turn has come', () => {
    const buffer = holding(0, 2, 1);
    expect(buffer.size).toBe(2);
    expect(buffer.take(0)).toBeUndefined();
    expect(buffer.lowest(0)).toBe(1);
    expect(buffer.take(1)).toEqual({ first: 1, last: 1, message: 1 });
    expect(buffer.lowest(2)).toBe(2);
    expect(buffer.take(2)).toEqual({ first: 2, last: 2, message: 2 });
    expect(buffer.size).toBe(0);
    expect(buffer.take(2)).toBeUndefined();
    expect(buffer.take(18)).toBeUndefined();
  });

  it('takes the next one alone out, and nothing that was passed over', () => {
    const buffer = holding(2, 3, 4, 5, 7);
    expect(buffer.takeNext(2)).toBe(empty);
    expect(buffer.take(5)).toEqual({ first: 3, last: 3, message: 3 });
    expect(buffer.takeNext(5)).toBe(empty);
    expect(buffer.size).toBe(3);
    expect(buffer.take(5)).toEqual({ first: 4, last: 4, message: 4 });
    expect(buffer.takeNext(5)).toBe(5);
    expect(buffer.takeNext(6)).toBe(empty);
    expect(buffer.takeNext(7)).toBe(7);
    expect(buffer.size).toBe(0);
  });

  it('leaves it to `take` to look where a range is held', () => {
    const buffer = holding(1, 3);
    buffer.put(4, 6, 46, 1);
    expect(buffer.takeNext(3)).toBe(empty);
    expect(buffer.take(3)).toEqual({ first: 3, last: 3, message: 3 });
    expect(buffer.takeNext(4)).toBe(empty);
    expect(buffer.take(4)).toEqual({ first: 4, last: 6, message: 46 });
    buffer.put(8, 8, 8, 7);
    expect(buffer.takeNext(8)).toBe(8);
  });

  it('takes any value for a message, undefined and null too', () => {
    const buffer = new ReorderBuffer<unknown>();
    buffer.put(1, 1, undefined, 0);
    buffer.put(2, 2, null, 0);
    expect(buffer.holds(1, 1)).toBe(true);
    expect(buffer.take(1)).toEqual({ first: 1, last: 1, message: undefined });
    expect(buffer.take(2)).toEqual({ first: 2, last: 2, message: null });
    expect(buffer.size).toBe(0);
  });

  it('knows what it holds', () => {
    const buffer = holding(0, 3, 15, 16);
    const held = [1, 2, 3, 4, 14, 15, 16, 17, 19].filter((position) =>
      buffer.holds(position, position),
    );
    expect(held).toEqual([3, 15, 16]);
  });

  it('holds a range, and what lies in it', () => {
    const buffer = new ReorderBuffer<string>();
    buffer.put(5, 9, 'range', 0);
    expect(buffer.size).toBe(1);
    expect(buffer.holds(5, 9)).toBe(true);
    expect(buffer.holds(6, 8)).toBe(true);
    expect(buffer.holds(7, 7)).toBe(true);
    expect(buffer.holds(9, 9)).toBe(true);
    expect(buffer.holds(4, 9)).toBe(false);
    expect(buffer.holds(5, 10)).toBe(false);
    expect(buffer.holds(10, 10)).toBe(false);
    expect(buffer.take(4)).toBeUndefined();
    expect(buffer.take(5)).toEqual({ first: 5, last: 9, message: 'range' });
    expect(buffer.size).toBe(0);
  });

  it('gives a range back that begins below the turn', () => {
    const buffer = new ReorderBuffer<string>();
    buffer.put(5, 9, 'range', 0);
    expect(buffer.lowest(0)).toBe(5);
    expect(buffer.take(7)).toEqual({ first: 5, last: 9, message: 'range' });
  });

  it('gives a single position back before a range that begins there', () => {
    const buffer = new ReorderBuffer<string>();
    buffer.put(5, 9, 'range', 0);
    buffer.put(5, 5, 'single', 0);
    expect(buffer.take(5)?.message).toBe('single');
    expect(buffer.take(6)?.message).toBe('range');
  });

  it('gives single positions back that the turn has passed', () => {
    const buffer = holding(0, 5);
    expect(buffer.take(7)).toEqual({ first: 5, last: 5, message: 5 });
    expect(buffer.size).toBe(0);
  });

  it('never hands a message out for another position', () => {
    const buffer = holding(2, 5);
    // A range brought the turn past 5; 21 shares its slot.
    for (const next of [7, 21, 37]) expect(buffer.take(next)?.first ?? 5).toBe(5);
  });

  it('does not take its slot for other positions that share it', () => {
    const buffer = holding(0, 1, 2);
    buffer.take(1);
    expect([2 - 16, 2, 2 + 16].filter((position) => buffer.holds(position, position))).toEqual([2]);
    expect(buffer.holds(2, 3)).toBe(false);
  });

  it('keeps a single position that a range has passed, whatever is put meanwhile', () => {
    const buffer = holding(0, 5);
    buffer.put(10, 10, 10, 8);
    expect(buffer.lowest(8)).toBe(10);
    expect(buffer.take(8)?.message).toBe(5);
    expect(buffer.lowest(8)).toBe(10);
  });

  it('finds nothing above the turn where all that is held was passed', () => {
    const buffer = holding(3, 4, 5);
    buffer.take(4);
    expect(buffer.lowest(8)).toBe(Infinity);
  });

  it('keeps sight of the position in its last slot', () => {
    const buffer = holding(0, 2);
    expect(buffer.take(1)).toBeUndefined();
    buffer.put(17, 17, 17, 1);
    expect(buffer.lowest(1)).toBe(2);
    buffer.take(2);
    expect(buffer.lowest(3)).toBe(17);
    expect(buffer.take(17)?.message).toBe(17);
  });

  it('does not take the position whose turn it is for the one in its last slot', () => {
    const buffer = holding(0, 3);
    expect(buffer.take(0)).toBeUndefined();
    buffer.put(16, 16, 16, 0);
    buffer.take(3);
    expect(buffer.lowest(0)).toBe(16);
  });

  it('knows at once that it holds nothing, however far the turn has come', () => {
    const buffer = holding(0, 1);
    buffer.take(1);
    expect(buffer.take(2 ** 52)).toBeUndefined();
  });

  it('knows that it holds nothing where a position plus one is the same position', () => {
    const top = Number.MAX_SAFE_INTEGER;
    const buffer = new ReorderBuffer<string>();
    buffer.put(top, top, 'last', top - 1);
    expect(buffer.lowest(top - 1)).toBe(top);
    expect(buffer.take(top)?.message).toBe('last');
    expect(buffer.lowest(top + 1)).toBe(Infinity);
    expect(buffer.take(top + 1)).toBeUndefined();
  });

  it('finds the lowest of ring and list', () => {
    const buffer = new ReorderBuffer<string>();
    buffer.put(8, 9, 'range', 0);
    expect(buffer.lowest(0)).toBe(8);
    buffer.put(10, 10, 'single', 0);
    expect(buffer.lowest(0)).toBe(8);
    buffer.put(3, 3, 'lower', 0);
    expect(buffer.lowest(0)).toBe(3);
    expect(buffer.lowest(3)).toBe(3);
    buffer.take(3);
    buffer.take(8);
    expect(buffer.lowest(9)).toBe(10);
  });

  it('holds positions before there is a turn', () => {
    const buffer = new ReorderBuffer<string>();
    for (const position of [7, 3, 5]) buffer.put(position, position, String(position), NaN);
    expect(buffer.holds(5, 5)).toBe(true);
    expect(buffer.holds(4, 4)).toBe(false);
    expect(buffer.lowest(NaN)).toBe(3);
    expect(buffer.take(NaN)).toBeUndefined();
    expect(drain(buffer, 3)).toEqual(['3', '5', '7']);
  });

  it.each([
    [14, 'last slot of the smallest ring'],
    [15, 'first that needs a larger one'],
    [16, 'one more'],
    [62, 'last that one message pays for'],
    [63, 'first that it does not'],
    [10_000, 'far away'],
    [2 ** 52, 'as far as numbers go'],
  ])('holds a position %i ahead (%s)', (ahead) => {
    for (const next of [0, 1, 5, 1_000_003]) {
      const buffer = holding(next, next + ahead);
      expect(buffer.size).toBe(1);
      expect(buffer.holds(next + ahead, next + ahead)).toBe(true);
      expect(buffer.holds(next + ahead - 1, next + ahead - 1)).toBe(false);
      expect(buffer.lowest(next)).toBe(next + ahead);
      expect(buffer.take(next + ahead - 1)).toBeUndefined();
      expect(buffer.take(next + ahead)?.message).toBe(next + ahead);
      expect(buffer.size).toBe(0);
    }
  });

  it('keeps what it holds when it grows', () => {
    const next = 13;
    const positions = [14, 20, 28, 29, 30, 60, 76, 140, 500, 501, 502, 503, 504, 505, 506, 700];
    const buffer = holding(next, ...positions);
    expect(buffer.size).toBe(positions.length);
    expect(positions.every((position) => buffer.holds(position, position))).toBe(true);
    expect(drain(buffer, next)).toEqual(positions);
  });

  it('works below zero', () => {
    const buffer = holding(-20, -18, -3, -1, 0, 40);
    expect(drain(buffer, -20)).toEqual([-18, -3, -1, 0, 40]);
  });

  it('spends at most 64 slots for a message held', () => {
    // Reaching 2^20 ahead takes 2^14 messages; with fewer, memory stays with the list.
    const before = process.memoryUsage().heapUsed;
    const buffer = holding(0, 2 ** 20);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2 ** 20);
    expect(buffer.lowest(0)).toBe(2 ** 20);
  });

  it.each([1, 2, 3, 4])('agrees with a Map under random single positions (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const buffer = new ReorderBuffer<number>();
    const model = new Set<number>();
    let next = 0;
    for (let round = 0; round < 3_000; round += 1) {
      const reach = random.chance(0.05) ? 5_000 : random.chance(0.5) ? 20 : 300;
      const position = next + random.integer(1, reach);
      expect(buffer.holds(position, position)).toBe(model.has(position));
      if (!model.has(position)) {
        buffer.put(position, position, position, next);
        model.add(position);
      }
      if (random.chance(0.4)) {
        const lowest = Math.min(...model, Infinity);
        expect(buffer.lowest(next)).toBe(lowest);
        next = random.chance(0.5) || lowest === Infinity ? next + 1 : lowest;
        next = Math.min(next, lowest);
      }
      for (let held = buffer.take(next); held !== undefined; held = buffer.take(next)) {
        expect(held).toEqual({ first: next, last: next, message: next });
        expect(model.delete(next)).toBe(true);
        next += 1;
      }
      expect(model.has(next)).toBe(false);
      expect(buffer.size).toBe(model.size);
    }
    expect(drain(buffer, next)).toEqual([...model].sort((one, other) => one - other));
  });
});
