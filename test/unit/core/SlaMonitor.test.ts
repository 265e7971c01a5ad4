import { describe, expect, it } from 'vitest';
import { SlaMonitor } from '../../../src/core/SlaMonitor.js';
import { Sink } from '../../support/Sink.js';
import { Bench, plain, transaction } from '../../support/slaBench.js';

describe('SlaMonitor', () => {
  it('wants to be settled at its earliest deadline', () => {
    const { monitor } = new Bench({ silenceMs: 100, totalMs: 70 });
    expect(monitor.deadlineMs).toBe(70);
    monitor.settle(70);
    expect(monitor.deadlineMs).toBe(100);
    monitor.settle(100);
    expect(monitor.deadlineMs).toBe(Infinity);
  });

  it('has no deadline where nothing is watched yet', () => {
    const bench = new Bench({ transaction });
    expect(bench.monitor.deadlineMs).toBe(Infinity);
    bench.push(5, 1);
    expect(bench.monitor.deadlineMs).toBe(55);
    bench.push(6, -1);
    expect(bench.monitor.deadlineMs).toBe(Infinity);
  });

  it('tells that a message left no trace where it only put a silence off', () => {
    const quiet = (...of: ConstructorParameters<typeof Bench>): boolean[] => {
      const { monitor } = new Bench(...of);
      return [10, 20].map((nowMs) => monitor.push(1, () => nowMs));
    };
    expect(quiet({ silenceMs: 100 })).toEqual([true, true]);
    expect(quiet({ silenceMs: 100, keyBy: (n) => n })).toEqual([false, true]);
    expect(quiet({ silenceMs: 100, firstMs: 50 })).toEqual([false, true]);
    expect(quiet({ firstMs: 50 })).toEqual([false, true]);
    expect(quiet({ silenceMs: 100 }, 0.9)).toEqual([false, false]);
    expect(quiet({ totalMs: 100 }, 0.9)).toEqual([false, false]);
    expect(quiet({ silenceMs: 100, transaction })).toEqual([false, false]);
    const late = new Bench({ silenceMs: 100 }).push(100);
    expect([110, 120].map((nowMs) => late.monitor.push(1, () => nowMs))).toEqual([false, true]);
  });

  it('watches what takes too long beside a silence', () => {
    const limits = { responseMs: 5, eventTimeOf: (sentMs: number) => sentMs, silenceMs: 100 };
    const bench = new Bench(limits).push(10, 9).push(20, 15).push(120);
    expect(bench.breaches.map(({ limit }) => limit)).toEqual(['response', 'silence']);
  });

  it('hands over each breach after it was reported', () => {
    const bench = new Bench({ silenceMs: 100 }).push(100, 1);
    expect(bench.breaches).toEqual([bench.sink.events[0]]);
    expect(bench.breaches[0]).toBe(bench.sink.events[0]);
  });

  it('reads the time once for a message', () => {
    const bench = new Bench({ silenceMs: 5, responseMs: 5, eventTimeOf: () => 0, transaction });
    let reads = 0;
    bench.monitor.push(1, () => {
      reads += 1;
      return 1;
    });
    expect(reads).toBe(1);
  });

  it('stops settling when the output closes', () => {
    const bench = new Bench({ silenceMs: 100, totalMs: 100 });
    bench.sink.isShut = true;
    bench.monitor.settle(100);
    expect(bench.sink.events).toEqual([]);
  });

  it('wants to be settled again where a silence was put off', () => {
    const bench = new Bench({ silenceMs: 100 }).push(60, 1);
    expect(bench.monitor.deadlineMs).toBeLessThanOrEqual(160);
    bench.monitor.settle(100);
    expect(bench.kinds).toEqual([]);
    expect(bench.monitor.deadlineMs).toBe(160);
  });

  it('gives account of what is open once, however it ends', () => {
    for (const end of ['end', 'discard', 'leave'] as const) {
      const bench = new Bench({ firstMs: 10, totalMs: 100, transaction }).push(20, 1);
      if (end === 'end') bench.monitor.end('completed', () => 30);
      else bench.monitor[end]();
      bench.monitor.discard();
      const total = end === 'end' ? [] : ['abandoned total'];
      expect(bench.kinds.slice(2)).toEqual([...total, 'abandoned transaction']);
    }
  });

  it('keeps no more keys and transactions than it may', () => {
    const bench = new Bench({ silenceMs: 1_000, transaction, keyBy: (n) => n });
    for (let n = 1; n <= 25; n += 1) bench.push(n, n);
    const count = (kind: string): number => bench.kinds.filter((one) => one === kind).length;
    expect(count('abandoned silence')).toBe(15);
    expect(count('abandoned transaction')).toBe(15);
    bench.monitor.settle(10_000);
    expect(count('breach silence')).toBe(10);
    expect(count('breach transaction')).toBe(10);
  });

  it('needs nobody to listen', () => {
    const sink = new Sink<number>();
    const monitor = new SlaMonitor<number, number>(
      {
        ...plain,
        silenceMs: 5,
        totalMs: 9,
        responseMs: 10,
        eventTimeOf: (n) => (n === 1 ? NaN : n === 2 ? 15 : 0),
        transaction,
        softOf: () => 1,
      },
      sink,
      undefined,
      () => undefined,
      undefined,
    );
    monitor.start(0);
    for (const message of [1, 1, 2, -9, -1]) monitor.push(message, () => 20);
    monitor.settle(30);
    monitor.end('completed', () => 30);
    expect(sink.messages).toEqual([1, 1, 2, -9, -1]);
  });
});
