import { describe, expect, it } from 'vitest';
import { ShardQueue } from '../../../src/core/ShardQueue.js';
import { isCollected } from '../../support/garbage.js';

describe('ShardQueue', () => {
  it('is empty at first', () => {
    const queue = new ShardQueue<string>();
    expect(queue.size).toBe(0);
    expect(queue.firstOrder).toBeNaN();
    expect(queue.values()).toEqual([]);
  });

  it('is first in, first out, whatever the order', () => {
    const queue = new ShardQueue<string>();
    queue.push(2, 'a');
    queue.push(1n, 'b');
    expect([queue.size, queue.firstOrder, queue.shift()]).toEqual([2, 2, 'a']);
    expect([queue.size, queue.firstOrder, queue.shift()]).toEqual([1, 1n, 'b']);
    expect(queue.size).toBe(0);
  });

  it('keeps what it holds when it makes room', () => {
    const queue = new ShardQueue<number>();
    const out: number[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      queue.push(n, n);
      if (n % 3 !== 0) out.push(queue.shift());
    }
    expect(queue.values()).toHaveLength(queue.size);
    while (queue.size > 0) out.push(queue.shift());
    expect(out).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });

  it('begins anew when all have left', () => {
    const queue = new ShardQueue<string>();
    queue.push(5, 'a');
    queue.shift();
    queue.push(3, 'b');
    expect([queue.size, queue.firstOrder, queue.values()]).toEqual([1, 3, ['b']]);
    expect(queue.shift()).toBe('b');
    expect(queue.firstOrder).toBeNaN();
  });

  it('lets go of what has left, though others stay', async () => {
    const queue = new ShardQueue<object>();
    queue.push(1, {});
    queue.push(2, {});
    const gone = new WeakRef(queue.shift());
    expect(await isCollected(gone)).toBe(true);
    expect(queue.size).toBe(1);
  });
});
