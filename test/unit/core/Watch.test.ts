import { describe, expect, it } from 'vitest';
import { Watch } from '../../../src/core/Watch.js';

const watchOf = (limitMs: number, softMs: number): Watch<string, undefined> =>
  new Watch<string, undefined>(
    'silence',
    1_000,
    limitMs,
    softMs,
    undefined,
    undefined,
    undefined,
    0,
  );

describe('Watch', () => {
  it('is due at its soft limit, then at its deadline, then never', () => {
    const watch = watchOf(100, 75);
    expect(watch.stage).toBe('running');
    expect([watch.dueMs, watch.deadlineMs]).toEqual([1_075, 1_100]);
    watch.stage = 'warned';
    expect(watch.dueMs).toBe(1_100);
    watch.stage = 'breached';
    expect([watch.dueMs, watch.deadlineMs]).toEqual([Infinity, 1_100]);
  });

  it('is in no heap at first', () => {
    expect(watchOf(100, 75).heapIndex).toBe(-1);
  });

  it('is due at its deadline if the soft limit is later', () => {
    expect(watchOf(100, 100).dueMs).toBe(1_100);
    expect(watchOf(100, Infinity).dueMs).toBe(1_100);
  });

  it('counts from when it is told to', () => {
    const watch = watchOf(100, 75);
    watch.sinceMs = 2_000;
    expect([watch.dueMs, watch.deadlineMs]).toEqual([2_075, 2_100]);
  });

  it('is found by its transaction if it is one, else by its owner', () => {
    const keyOf = (limit: 'silence' | 'transaction'): unknown =>
      new Watch<string, string>(limit, 0, 1, 1, 'owner', 'order', undefined, 0).key;
    expect([keyOf('silence'), keyOf('transaction')]).toEqual(['owner', 'order']);
  });
});
