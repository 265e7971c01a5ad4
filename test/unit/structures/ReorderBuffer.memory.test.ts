import { describe, expect, it } from 'vitest';
import { ReorderBuffer } from '../../../src/structures/ReorderBuffer.js';
import { heapBytes } from '../../support/cost.js';
import { isCollected } from '../../support/garbage.js';

describe('ReorderBuffer', () => {
  it('gives a large ring back once it is drained', async () => {
    const buffer = new ReorderBuffer<object | number>();
    const count = 2 ** 17;
    const reference = (() => {
      const message = {};
      buffer.put(1, 1, message, 0);
      return new WeakRef(message);
    })();
    for (let position = 2; position <= count; position += 1) buffer.put(position, position, 0, 0);
    const full = heapBytes();
    for (let position = 1; position <= count; position += 1) buffer.take(position);
    expect(buffer.size).toBe(0);
    expect(full - heapBytes()).toBeGreaterThan(count * 4);
    expect(await isCollected(reference)).toBe(true);
    const next = 2 * count;
    buffer.put(next + 1, next + 1, 7, next);
    expect(buffer.take(next + 1)?.message).toBe(7);
  });

  it('costs little for each position, however they are displaced', () => {
    const buffer = new ReorderBuffer<number>();
    const count = 2 ** 17;
    for (let position = 1; position < count; position += 2) buffer.put(position, position, 0, 0);
    const { user } = process.cpuUsage();
    // A list would move half of all that is held for each of them.
    for (let position = count; position > 0; position -= 2) buffer.put(position, position, 0, 0);
    expect(process.cpuUsage().user - user).toBeLessThan(500_000);
    expect(buffer.size).toBe(count);
  });

  it('lets go of a message as soon as it is taken', async () => {
    const buffer = new ReorderBuffer<object>();
    const references = (() => {
      const single = {};
      const range = {};
      buffer.put(1, 1, single, 0);
      buffer.put(2, 3, range, 0);
      return [new WeakRef(single), new WeakRef(range)];
    })();
    buffer.put(8, 8, {}, 0);
    buffer.put(9, 9, {}, 0);
    buffer.take(1);
    buffer.take(2);
    for (const reference of references) expect(await isCollected(reference)).toBe(true);
    expect(buffer.size).toBe(2);
  });
});
