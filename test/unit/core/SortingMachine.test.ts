import { describe, expect, it } from 'vitest';
import { BufferOverflowError, LateMessageError } from '../../../src/errors.js';
import { sparse } from '../../support/sortingRig.js';

describe('SortingMachine by sparse numbers', () => {
  it('holds each message maxWaitMs, then releases it in order', () => {
    const r = sparse({ maxWaitMs: 100 });
    r.push(10).at(30).push(5).at(60).push(40);
    expect(r.machine.deadlineMs).toBe(100);
    r.at(99);
    expect(r.sink.messages).toEqual([]);
    r.at(100);
    expect(r.sink.messages).toEqual([5, 10]);
    expect(r.machine.deadlineMs).toBe(160);
    r.at(160);
    expect(r.sink.messages).toEqual([5, 10, 40]);
    expect(r.machine.deadlineMs).toBe(Infinity);
    expect(r.sink.events).toEqual([]);
  });

  it('settles many deadlines at once', () => {
    const r = sparse({ maxWaitMs: 10 });
    for (let n = 0; n < 20; n += 1) r.at(n / 10).push(n * 7);
    r.at(1_000);
    expect(r.sink.messages.length).toBe(20);
  });

  it('drops what is behind the last one released', () => {
    const r = sparse({ maxWaitMs: 10 });
    r.push(10).at(10).push(7, 10, 11);
    expect(r.sink.events).toEqual([
      { kind: 'late', message: 7, key: 'k', behind: 3, passed: false },
      { kind: 'duplicate', message: 10, key: 'k', passed: false },
    ]);
    r.end();
    expect(r.sink.messages).toEqual([10, 11]);
  });

  it('passes what is late with that policy, after its event', () => {
    const r = sparse({ maxWaitMs: 10, latePolicy: 'emit' });
    r.push(10).at(10).push(7);
    expect(r.sink.log).toEqual([
      10,
      { kind: 'late', message: 7, key: 'k', behind: 3, passed: true },
      7,
    ]);
  });

  it('ends the stream for what is late with that policy', () => {
    const r = sparse({ maxWaitMs: 10, latePolicy: 'error' });
    r.push(10).at(10);
    expect(() => r.push(7)).toThrow(new LateMessageError('reorderBy', 3));
  });

  it('drops repeats of what is held and of the last maxBuffer released', () => {
    const r = sparse({ maxWaitMs: 10, maxBuffer: 2 });
    r.push(5, 5).at(10).push(6).at(20).push(7).at(30);
    r.push(5, 6, 7);
    expect(r.sink.messages).toEqual([5, 6, 7]);
    expect(r.kinds).toEqual(['duplicate', 'late', 'duplicate', 'duplicate']);
  });

  it('holds nothing with a wait of 0, and reads no clock', () => {
    const r = sparse({ maxWaitMs: 0, overflowPolicy: 'error', maxBuffer: 1 });
    r.push(5, 9, 7);
    expect(r.sink.messages).toEqual([5, 9]);
    expect(r.kinds).toEqual(['late']);
    expect(r.machine.deadlineMs).toBe(Infinity);
    expect(r.reads).toBe(0);
  });

  it('holds to the end with a wait of Infinity, and reads no clock', () => {
    const r = sparse({ maxWaitMs: Infinity });
    r.push(5, 9, 7);
    expect(r.machine.deadlineMs).toBe(Infinity);
    expect(r.reads).toBe(0);
    expect(r.sink.messages).toEqual([]);
    r.end();
    expect(r.sink.messages).toEqual([5, 7, 9]);
    expect(r.machine.deadlineMs).toBe(Infinity);
  });

  it.each<[value: unknown, reason: string]>([
    [NaN, 'type'],
    [1.5, 'type'],
    [2 ** 53, 'type'],
    ['7', 'type'],
    [undefined, 'type'],
    [null, 'type'],
    [{}, 'type'],
    [[1, 2], 'type'],
    [-1, 'negative'],
    [-1n, 'negative'],
  ])('refuses %s as %s', (value, reason) => {
    const r = sparse();
    r.push(value as number);
    expect(r.sink.events).toEqual([
      { kind: 'invalid', message: value, key: 'k', reason, passed: false },
    ]);
    expect(r.machine.deadlineMs).toBe(Infinity);
  });

  it('takes bigints, but not both types', () => {
    const base = 2n ** 80n;
    const r = sparse({ maxWaitMs: 10 });
    r.push(base + 5n, base, 7)
      .at(10)
      .push(base + 2n);
    expect(r.sink.messages).toEqual([base, base + 5n]);
    expect(r.sink.events).toMatchObject([
      { kind: 'invalid', reason: 'mixed', message: 7 },
      { kind: 'late', behind: 3n },
    ]);
  });

  it('holds bigints that no number can be as large as', () => {
    const base = 10n ** 400n;
    const r = sparse({ maxWaitMs: 10 });
    r.push(base + 2n, base, base + 1n);
    expect(r.sink.log).toEqual([]);
    r.at(10);
    expect(r.sink.log).toEqual([base, base + 1n, base + 2n]);
  });

  it('takes 0 and -0 for the same', () => {
    const r = sparse();
    r.push(0, -0).end();
    expect(r.kinds).toEqual(['duplicate']);
  });

  describe('buffer', () => {
    it('of exactly maxBuffer is held; one more releases the lowest', () => {
      const r = sparse({ maxBuffer: 3 });
      r.push(30, 10, 20);
      expect(r.sink.messages).toEqual([]);
      r.push(15);
      expect(r.sink.messages).toEqual([10]);
      r.push(12);
      expect(r.sink.messages).toEqual([10, 12]);
    });

    it('that is full drops the newest with that policy', () => {
      const r = sparse({ maxBuffer: 2, overflowPolicy: 'drop-newest' });
      r.push(30, 10, 20, 5, 10);
      expect(r.sink.events).toEqual([
        { kind: 'overflow', message: 20, key: 'k', passed: false },
        { kind: 'overflow', message: 5, key: 'k', passed: false },
        { kind: 'duplicate', message: 10, key: 'k', passed: false },
      ]);
      r.end();
      expect(r.sink.messages).toEqual([10, 30]);
    });

    it('that is full ends the stream with that policy', () => {
      const r = sparse({ maxBuffer: 2, overflowPolicy: 'error' });
      r.push(30, 10);
      expect(() => r.push(20)).toThrow(new BufferOverflowError('reorderBy', 2));
    });

    it('that is full of what is due is settled first', () => {
      const r = sparse({ maxBuffer: 2, overflowPolicy: 'error', maxWaitMs: 10 });
      r.push(30, 10).at(10).push(40);
      expect(r.sink.messages).toEqual([10, 30]);
    });
  });
});
