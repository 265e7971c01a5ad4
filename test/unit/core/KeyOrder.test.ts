import { describe, expect, it } from 'vitest';
import { KeyOrder, type KeyOrderSettings } from '../../../src/core/KeyOrder.js';
import type { ShardResultEvent } from '../../../src/core/MergeEvent.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import type { SequenceNumber } from '../../../src/types.js';

type Settings = Partial<KeyOrderSettings<SequenceNumber>> & {
  readonly shards?: readonly number[];
  readonly isReporting?: boolean;
};

function make(idleMs: number, { shards = [0, 1], isReporting = true, ...settings }: Settings = {}) {
  const log: unknown[] = [];
  const events: ShardResultEvent<SequenceNumber>[] = [];
  const emitter = { closed: false, next: (n: SequenceNumber) => void log.push(n) };
  const report = (event: ShardResultEvent<SequenceNumber>): void => {
    events.push(event);
    log.push(`${event.kind} ${String(event.message)}`);
  };
  const order = new KeyOrder<SequenceNumber>(
    { orderOf: (n) => n, idleMs, maxBuffer: 100, latePolicy: 'drop', ...settings },
    emitter,
    isReporting ? report : undefined,
  );
  let nowMs = 0;
  let reads = 0;
  const now = (): number => {
    reads += 1;
    return nowMs;
  };
  for (const shard of shards) order.open(shard, now);
  const result = (shard: number, value: SequenceNumber, atMs = nowMs): void => {
    nowMs = atMs;
    order.result(value, shard, undefined, now);
  };
  const takeReads = (): number => {
    const count = reads;
    reads = 0;
    return count;
  };
  return { order, log, events, emitter, result, now, takeReads };
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

  it('merges shards that are in order: least first, and of equals that of the lower shard', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = new SeededRandom(seed);
      const orders = new Map<string, number>();
      const log: string[] = [];
      const order = new KeyOrder<string>(
        {
          orderOf: (name) => orders.get(name) ?? NaN,
          idleMs: Infinity,
          maxBuffer: 1_000,
          latePolicy: 'drop',
        },
        { closed: false, next: (name) => void log.push(name) },
        ({ kind }) => log.push(kind),
      );
      for (const shard of [2, 0, 3, 1]) order.open(shard, () => 0);
      const last = [0, 0, 0, 0];
      const sent: { readonly name: string; readonly at: number; readonly shard: number }[] = [];
      for (let n = 0; n < 80; n += 1) {
        const shard = random.integer(0, 3);
        const at = (last[shard] ?? 0) + random.integer(0, 2);
        last[shard] = at;
        const name = `${String(shard)}/${String(n)}`;
        orders.set(name, at);
        sent.push({ name, at, shard });
        order.result(name, shard, undefined, () => 0);
      }
      for (const shard of [0, 1, 2, 3]) order.close(shard, () => 0);
      sent.sort((one, other) => one.at - other.at || one.shard - other.shard);
      expect(log).toEqual(sent.map(({ name }) => name));
    }
  });

  it('waits for the shard that spoke last of those without a result', () => {
    const { order, result } = make(10, { shards: [0, 1, 2] });
    result(1, 1, 2);
    order.settle(10);
    result(0, 9, 11);
    // 1 has left; its shard and the one that never spoke are awaited.
    expect(order.deadlineMs).toBe(12);
  });

  it('reads the time once for a result where nobody is waited for', () => {
    const { result, takeReads, log } = make(10);
    result(0, 1);
    takeReads();
    result(1, 2);
    expect(log).toEqual([1]);
    result(0, 3);
    takeReads();
    result(1, 4);
    expect(log).toEqual([1, 2, 3]);
    const { result: only, takeReads: readsOfOne } = make(10, { shards: [0] });
    readsOfOne();
    only(0, 1);
    expect(readsOfOne()).toBe(1);
  });

  it('says at once what is late, whoever is waited for', () => {
    const { order, log, result, events } = make(10);
    result(0, 5);
    order.settle(10);
    result(1, 4, 11);
    expect(log).toEqual([5, 'late 4']);
    expect(events).toEqual([{ kind: 'late', message: 4, shard: 1, key: undefined, passed: false }]);
  });

  it('emits what is late where that is wanted, as long as somebody listens', () => {
    const { order, log, result, events, emitter } = make(10, { latePolicy: 'emit' });
    result(0, 5);
    order.settle(10);
    result(1, 4, 11);
    expect(log).toEqual([5, 'late 4', 4]);
    expect(events).toMatchObject([{ kind: 'late', passed: true }]);
    emitter.closed = true;
    result(1, 3, 12);
    expect(log).toEqual([5, 'late 4', 4, 'late 3']);
  });

  it('refuses a result without an order, and holds nothing for it', () => {
    const { result, events, log } = make(Infinity, { maxBuffer: 1 });
    for (const order of [NaN, Infinity, -Infinity, '5', undefined, null, new Date(5)]) {
      events.length = 0;
      result(0, order as number);
      expect(events).toEqual([
        {
          kind: 'invalid',
          message: order,
          shard: 0,
          reason: 'type',
          key: undefined,
          passed: false,
        },
      ]);
    }
    log.length = 0;
    result(0, 5n);
    result(1, 6);
    expect(log).toEqual([5n]);
  });

  it('holds exactly maxBuffer results; one more lets the least leave', () => {
    const { result, log, events } = make(Infinity, { maxBuffer: 3 });
    for (const n of [1, 2, 3]) result(0, n);
    expect(log).toEqual([]);
    result(0, 4);
    expect(log).toEqual(['overflow 4', 1]);
    expect(events).toEqual([
      { kind: 'overflow', message: 4, shard: 0, key: undefined, passed: true },
    ]);
    result(1, 9);
    expect(log.slice(2)).toEqual([2, 3, 4]);
    // One is held: there is room for two more.
    result(1, 10);
    result(1, 11);
    expect(log.slice(5)).toEqual([]);
    result(1, 12);
    expect(log.slice(5)).toEqual(['overflow 12', 9]);
  });

  it('lets nothing leave where the report of the overflow ended it', () => {
    const { order, result, log, emitter } = make(Infinity, { maxBuffer: 1 });
    result(0, 1);
    Object.defineProperty(emitter, 'closed', { get: () => log.length > 0 });
    result(0, 2);
    expect(log).toEqual(['overflow 2']);
    order.discard();
    expect(log.slice(1)).toEqual(['discarded 1', 'discarded 2']);
  });

  it('tells all about what it discards', () => {
    const { order, result, events } = make(Infinity);
    result(1, 5);
    order.discard();
    expect(events).toEqual([
      { kind: 'discarded', message: 5, shard: 1, reason: 'error', key: undefined, passed: false },
    ]);
  });

  it('needs nobody to listen', () => {
    const { order, result, log } = make(10, { maxBuffer: 1, isReporting: false });
    for (const n of [5, 6, NaN, 4]) result(0, n);
    order.discard();
    expect(log).toEqual([5]);
  });
});
