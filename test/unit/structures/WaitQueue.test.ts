import { describe, expect, it } from 'vitest';
import { WaitQueue } from '../../../src/structures/WaitQueue.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { heapBytes } from '../../support/cost.js';

describe('WaitQueue', () => {
  it('is empty at first', () => {
    const queue = new WaitQueue<number>();
    expect(queue.oldestMs).toBe(Infinity);
    expect(queue.oldest).toBeUndefined();
    expect(queue.isAbove(-1)).toBe(true);
    queue.leaveBelow(5);
    queue.clear();
    expect(queue.oldestMs).toBe(Infinity);
  });

  it('asks only for positions above all others', () => {
    const queue = new WaitQueue<number>();
    queue.push(5, 100);
    expect([4, 5, 6].map((position) => queue.isAbove(position))).toEqual([false, false, true]);
    queue.push(6, 101);
    expect(queue.isAbove(6)).toBe(false);
    expect(queue.oldestMs).toBe(100);
    expect(queue.oldest).toBe(5);
  });

  it('lets those below an edge leave, and not the one at it', () => {
    const queue = new WaitQueue<number>();
    for (const position of [1, 2, 4, 8]) queue.push(position, position * 10);
    queue.leaveBelow(1);
    expect(queue.oldest).toBe(1);
    queue.leaveBelow(2);
    expect([queue.oldest, queue.oldestMs]).toEqual([2, 20]);
    queue.leaveBelow(5);
    expect([queue.oldest, queue.oldestMs]).toEqual([8, 80]);
    expect(queue.isAbove(8)).toBe(false);
    queue.leaveBelow(9);
    expect([queue.oldest, queue.oldestMs]).toEqual([undefined, Infinity]);
    expect(queue.isAbove(0)).toBe(true);
  });

  it('forgets all when cleared', () => {
    const queue = new WaitQueue<bigint>();
    queue.push(2n ** 70n, 1);
    queue.push(2n ** 70n + 1n, 2);
    queue.leaveBelow(2n ** 70n + 1n);
    queue.clear();
    expect([queue.oldest, queue.oldestMs]).toEqual([undefined, Infinity]);
    expect(queue.isAbove(0n)).toBe(true);
    queue.push(0n, 3);
    expect([queue.oldest, queue.oldestMs]).toEqual([0n, 3]);
  });

  it('keeps one position for each time, the last', () => {
    const queue = new WaitQueue<number>();
    for (const position of [1, 2, 4]) queue.push(position, 10);
    queue.push(8, 11);
    expect([queue.oldest, queue.oldestMs]).toEqual([4, 10]);
    queue.leaveBelow(3);
    expect([queue.oldest, queue.oldestMs]).toEqual([4, 10]);
    queue.leaveBelow(5);
    expect([queue.oldest, queue.oldestMs]).toEqual([8, 11]);
    queue.leaveBelow(9);
    queue.push(10, 11);
    expect([queue.oldest, queue.oldestMs]).toEqual([10, 11]);
  });

  it('does not grow with what waits since the same time', () => {
    const queue = new WaitQueue<number>();
    queue.push(-1, 0);
    const before = heapBytes();
    for (let position = 0; position < 100_000; position += 1) queue.push(position, 1);
    expect(heapBytes() - before).toBeLessThan(2 ** 16);
    expect(queue.oldest).toBe(-1);
  });

  it('does not grow with what passes through it', () => {
    const queue = new WaitQueue<number>();
    for (const position of [0, 1, 2]) queue.push(position, position);
    const before = heapBytes();
    for (let position = 3; position < 500_000; position += 1) {
      queue.push(position, position);
      queue.leaveBelow(position - 2);
    }
    expect(heapBytes() - before).toBeLessThan(2 ** 20);
    expect(queue.oldest).toBe(499_997);
  });

  it('takes little room for the one position that most of many keys have', () => {
    const queues = Array.from({ length: 10_000 }, () => new WaitQueue<number>());
    const before = heapBytes();
    for (const queue of queues) queue.push(1, 1);
    expect((heapBytes() - before) / queues.length).toBeLessThan(96);
  });

  it('lets the lowest of very many leave without moving the others', () => {
    const queue = new WaitQueue<number>();
    const count = 150_000;
    for (let position = 0; position < count; position += 1) queue.push(position, position);
    for (let edge = 1; edge <= count; edge += 1) queue.leaveBelow(edge);
    expect(queue.oldest).toBeUndefined();
  });

  it('agrees with a list across its clean-ups', () => {
    const random = new SeededRandom(2);
    const queue = new WaitQueue<number>();
    let model: [position: number, sinceMs: number][] = [];
    let edge = 0;
    for (let nowMs = 0; nowMs < 5_000; nowMs += 1) {
      const position = edge + random.integer(0, 400);
      const isAbove = model.every(([other]) => position > other);
      expect(queue.isAbove(position)).toBe(isAbove);
      expect(queue.isEmpty).toBe(model.length === 0);
      const next = random.chance(0.9) ? (model.at(-1)?.[0] ?? edge) + 1 : position;
      if (queue.isAbove(next)) {
        queue.push(next, nowMs);
        model.push([next, nowMs]);
      }
      if (random.chance(nowMs % 1_000 < 500 ? 0.3 : 0.99)) {
        edge += random.integer(0, 3);
        queue.leaveBelow(edge);
        model = model.filter(([other]) => other >= edge);
      }
      expect(queue.oldest).toBe(model[0]?.[0]);
      expect(queue.oldestMs).toBe(model[0]?.[1] ?? Infinity);
    }
  });
});
