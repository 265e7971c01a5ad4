/** reorderBy by: 'sequence': wrap-around, pointers, ranges, bigints. */
import type { ReorderBySequenceOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { plain, reordering } from '../../support/reorderRig.js';

describe('reorderBy and numbers that wrap', () => {
  const rtp = (options: ReorderBySequenceOptions<number, undefined> = {}) =>
    plain({ modulus: 2 ** 16, ...options });

  it('goes on at 0 after the last number', () => {
    const rig = rtp().send(65_534, 0, 65_535, 1);
    expect(rig.values).toEqual([65_534, 65_535, 0, 1]);
    expect(rig.events).toEqual([]);
  });

  it('names a hole across the wrap by the numbers of the sender', () => {
    const rig = rtp({ maxWaitMs: 10 }).send(65_534, 1);
    rig.clock.flush();
    expect(rig.events).toEqual([
      { kind: 'skipped', first: 65_535, last: 0, count: 2, key: undefined, reason: 'wait' },
    ]);
  });

  it('takes a number from before the wrap for late', () => {
    const rig = rtp({ maxWaitMs: 0 }).send(65_534, 0, 65_535);
    expect(kinds(rig)).toEqual(['skipped', 'late']);
  });

  it('refuses a number exactly half way round', () => {
    const rig = rtp().send(0, 32_768, 1);
    expect(rig.events).toStrictEqual([
      { kind: 'invalid', message: 32_768, key: undefined, reason: 'ambiguous', passed: false },
    ]);
    expect(rig.values).toEqual([0, 1]);
  });

  it('refuses a number that is not below the modulus', () => {
    expect(rtp().send(0, 65_536).events).toMatchObject([{ reason: 'modulus' }]);
  });

  it('runs round many times', () => {
    const rig = plain({ modulus: 8, first: 0 });
    for (let n = 0; n < 1_000; n += 2) rig.send((n + 1) % 8, n % 8);
    expect(rig.values).toEqual(Array.from({ length: 1_000 }, (_, n) => n % 8));
  });

  it('wraps bigints at a bigint modulus', () => {
    const rig = reordering<bigint>((n) => n, { modulus: 2n ** 64n });
    rig.send(2n ** 64n - 1n, 1n, 0n);
    expect(rig.values).toEqual([2n ** 64n - 1n, 0n, 1n]);
  });
});

describe('reorderBy and messages that point at the one before', () => {
  interface Update {
    readonly u: number;
    readonly pu?: number;
  }
  const binance = (options: ReorderBySequenceOptions<Update, undefined> = {}) =>
    reordering<Update>((m) => m.u, { previousOf: (m) => m.pu, ...options });

  it('takes sparse numbers for contiguous where each names the last', () => {
    const rig = binance().send({ u: 10, pu: 5 }, { u: 40, pu: 30 }, { u: 30, pu: 10 });
    expect(rig.values.map((m) => m.u)).toEqual([10, 30, 40]);
    expect(rig.events).toEqual([]);
  });

  it('names the hole up to the number pointed at', () => {
    const rig = binance({ maxWaitMs: 10 }).send({ u: 10, pu: 5 }, { u: 40, pu: 30 });
    rig.clock.flush();
    expect(rig.events).toEqual([
      { kind: 'skipped', first: 11, last: 30, count: 20, key: undefined, reason: 'wait' },
    ]);
  });

  it('goes on from a snapshot, which points at nothing', () => {
    const rig = binance().send({ u: 10, pu: 5 }, { u: 90 }, { u: 95, pu: 90 });
    expect(rig.values.map((m) => m.u)).toEqual([10, 90, 95]);
  });

  it('refuses a pointer that points ahead, and one that is no number', () => {
    const rig = binance().send({ u: 10, pu: 5 }, { u: 20, pu: 30 }, { u: 20, pu: 1.5 });
    expect(rig.events).toMatchObject([{ reason: 'range' }, { reason: 'type' }]);
    expect(rig.isAlive).toBe(true);
  });
});

describe('reorderBy and messages that cover a range', () => {
  type Range = readonly [number, number];
  const ranges = (options: ReorderBySequenceOptions<Range, undefined> = {}) =>
    reordering<Range>((m) => m, options);

  it('puts ranges in order', () => {
    const rig = ranges().send([1, 3], [7, 9], [4, 6]);
    expect(rig.values.map(String)).toEqual(['1,3', '4,6', '7,9']);
  });

  it('emits a range that was released only in part', () => {
    const rig = ranges().send([1, 3], [3, 5], [6, 6]);
    expect(rig.values.map(String)).toEqual(['1,3', '3,5', '6,6']);
    expect(rig.events).toEqual([]);
  });

  it('drops a range that was released altogether, if in other pieces', () => {
    const rig = ranges().send([1, 3], [4, 6], [2, 5]);
    expect(kinds(rig)).toEqual(['duplicate']);
  });

  it('drops a held range that a longer one makes superfluous', () => {
    const rig = ranges().send([1, 1], [4, 5], [2, 8]);
    expect(rig.values.map(String)).toEqual(['1,1', '2,8']);
    expect(rig.events).toMatchObject([{ kind: 'duplicate', message: [4, 5] }]);
  });

  it('emits both of two held ranges that overlap in part', () => {
    const rig = ranges().send([1, 1], [5, 8], [3, 6], [2, 2]);
    expect(rig.values.map(String)).toEqual(['1,1', '2,2', '3,6', '5,8']);
  });

  it('names what is missing between ranges', () => {
    const rig = ranges({ maxWaitMs: 10 }).send([1, 3], [7, 9]);
    rig.clock.flush();
    expect(rig.events).toMatchObject([{ kind: 'skipped', first: 4, last: 6, count: 3 }]);
  });

  it('refuses a range that runs backwards and arrays that are none', () => {
    const rig = ranges().send([1, 1], [5, 4], [2, 2]);
    expect(rig.events).toMatchObject([{ kind: 'invalid', message: [5, 4], reason: 'range' }]);
    const odd = reordering<unknown>((m) => m as Range).send([1], [1, 2, 3], [], {});
    expect(odd.events).toMatchObject([1, 2, 3, 4].map(() => ({ reason: 'type' })));
  });
});

describe('reorderBy and bigints', () => {
  const far = 2n ** 80n;
  const bigints = (options: ReorderBySequenceOptions<bigint, undefined> = {}) =>
    reordering<bigint>((n) => n, options);

  it('orders numbers that no number can hold', () => {
    expect(bigints().send(far, far + 2n, far + 1n).values).toEqual([far, far + 1n, far + 2n]);
  });

  it('speaks of them as bigints', () => {
    const rig = bigints({ maxWaitMs: 0 }).send(far, far + 3n, far + 1n);
    expect(rig.events).toStrictEqual([
      {
        kind: 'skipped',
        first: far + 1n,
        last: far + 2n,
        count: 2n,
        key: undefined,
        reason: 'wait',
      },
      { kind: 'late', message: far + 1n, key: undefined, behind: 3n, passed: false },
    ]);
  });

  it('waits for a bigint `first`', () => {
    expect(bigints({ first: far }).send(far + 1n, far).values).toEqual([far, far + 1n]);
  });
});
