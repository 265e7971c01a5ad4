import { describe, expect, it } from 'vitest';
import { KeyOrder } from '../../../src/core/KeyOrder.js';

function make(idleMs: number, maxBuffer = 100) {
  const log: unknown[] = [];
  const emitter = { closed: false, next: (n: number) => void log.push(n) };
  const order = new KeyOrder<number>(
    { orderOf: (n) => n, idleMs, maxBuffer, latePolicy: 'drop' },
    emitter,
    (event) => log.push(`${event.kind} ${String(event.message)}`),
  );
  let nowMs = 0;
  const now = (): number => nowMs;
  for (const shard of [0, 1]) order.open(shard, now);
  const result = (shard: number, value: number, atMs = nowMs): void => {
    nowMs = atMs;
    order.result(value, shard, undefined, now);
  };
  return { order, log, emitter, result, now };
}

describe('KeyOrder', () => {
  it('wants to be woken when the last shard it waits for becomes idle', () => {
    const { order, log, result } = make(10);
    expect(order.deadlineMs).toBe(Infinity);
    result(0, 5, 3);
    expect(order.deadlineMs).toBe(10);
    order.settle(9);
    expect(log).toEqual([]);
    order.settle(10);
    expect(log).toEqual([5]);
    expect(order.deadlineMs).toBe(Infinity);
  });

  it('counts silence from the last result', () => {
    const { order, result } = make(10);
    result(1, 1, 4);
    result(0, 5, 5);
    // 1 has left; shard 1 spoke last at 4.
    expect(order.deadlineMs).toBe(14);
  });

  it('waits for ever with idleMs Infinity', () => {
    const { order, log, result, now } = make(Infinity);
    result(0, 5);
    expect(order.deadlineMs).toBe(Infinity);
    order.close(1, now);
    expect(log).toEqual([5]);
  });

  it('finds disorder within a shard when it is its turn', () => {
    const { log, result } = make(Infinity);
    result(0, 5);
    result(0, 3);
    result(1, 9);
    expect(log).toEqual([5, 'late 3']);
  });

  it('ignores results and ends of shards it does not know', () => {
    const { order, log, result, now } = make(0);
    result(7, 1);
    order.close(7, now);
    expect(log).toEqual([]);
  });

  it('gives account of what it holds, by shard', () => {
    const { order, log, result } = make(Infinity);
    result(0, 5);
    result(0, 6);
    order.discard();
    order.discard();
    expect(log).toEqual(['discarded 5', 'discarded 6']);
    expect(order.deadlineMs).toBe(Infinity);
  });

  it('stops at once when nobody listens', () => {
    const { log, result, emitter } = make(Infinity);
    result(0, 1);
    result(0, 2);
    emitter.next = (n) => {
      log.push(n);
      emitter.closed = true;
    };
    result(1, 3);
    expect(log).toEqual([1]);
  });
});
