/** reorderBy by: 'sequence': baseline, restarts, wrap-around, pointers, ranges, bigints. */
import { reorderBy, type ReorderByEvent, type ReorderBySequenceOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { numbers, Rig } from '../../support/Rig.js';

function reordering<T>(
  orderOf: Parameters<typeof reorderBy<T>>[0],
  options: ReorderBySequenceOptions<T, undefined> = {},
): Rig<T, ReorderByEvent<T>> {
  return new Rig((base) => reorderBy(orderOf, { ...base, ...options }));
}

const plain = (options: ReorderBySequenceOptions<number, undefined> = {}) =>
  reordering<number>((n) => n, options);

const kinds = (rig: { readonly events: readonly { readonly kind: string }[] }) =>
  rig.events.map((event) => event.kind);

describe('reorderBy with startWaitMs', () => {
  it('collects that long, then starts at the lowest number', () => {
    const rig = plain({ startWaitMs: 50 }).send(5, 3).sendAt(20, 4);
    expect(rig.clock.pending).toBe(1);
    rig.clock.advanceTo(49);
    expect(rig.values).toEqual([]);
    rig.clock.advanceTo(50);
    expect(rig.log).toEqual([
      [50, 'next', 3],
      [50, 'next', 4],
      [50, 'next', 5],
    ]);
  });

  it('counts the time from the first message, not from subscribing', () => {
    const rig = plain({ startWaitMs: 50 }).sendAt(500, 2).sendAt(510, 1);
    rig.clock.flush();
    expect(rig.log[0]).toEqual([550, 'next', 1]);
  });

  it('takes what comes below the baseline afterwards for late', () => {
    const rig = plain({ startWaitMs: 50 }).send(5).sendAt(50, 4);
    expect(rig.log).toEqual([
      [50, 'next', 5],
      [50, 'event', { kind: 'late', message: 4, key: undefined, behind: 2, passed: false }],
    ]);
  });

  it('collects no longer than maxWaitMs', () => {
    const rig = plain({ startWaitMs: 500, maxWaitMs: 100 }).send(2, 1);
    rig.clock.advanceTo(100);
    expect(rig.values).toEqual([1, 2]);
  });

  it('still waits maxWaitMs for holes between what was collected', () => {
    const rig = plain({ startWaitMs: 50, maxWaitMs: 200 }).send(5, 3);
    rig.clock.flush();
    expect(rig.log.map(([at, , value]) => [at, value])).toEqual([
      [50, 3],
      [200, { kind: 'skipped', first: 4, last: 4, count: 1, key: undefined, reason: 'wait' }],
      [200, 5],
    ]);
  });

  it('drops repeats while it collects', () => {
    const rig = plain({ startWaitMs: 50 }).send(5, 4, 5);
    rig.clock.flush();
    expect(rig.values).toEqual([4, 5]);
    expect(kinds(rig)).toEqual(['duplicate']);
  });

  it('starts early when maxBuffer messages are collected', () => {
    const rig = plain({ startWaitMs: 50, maxBuffer: 2 }).send(5, 4, 3);
    expect(rig.values).toEqual([3, 4, 5]);
    expect(rig.clock.pending).toBe(0);
  });

  it('starts when the source completes', () => {
    const rig = plain({ startWaitMs: 50 }).send(5, 4).complete();
    expect(rig.values).toEqual([4, 5]);
    expect(rig.isClean).toBe(true);
  });

  it('gives account of what it collected when the source fails', () => {
    const rig = plain({ startWaitMs: 50 }).send(5, 4).fail(new Error('gone'));
    expect(rig.values).toEqual([]);
    expect(kinds(rig)).toEqual(['discarded', 'discarded']);
  });

  it('does not collect where `first` says what to expect', () => {
    expect(plain({ startWaitMs: 50, first: 1 }).send(1).values).toEqual([1]);
  });

  it('collects again after a restart', () => {
    type Message = readonly [epoch: string, seq: number];
    const rig = reordering<Message>(([, seq]) => seq, {
      startWaitMs: 50,
      epochOf: ([epoch]) => epoch,
    })
      .send(['a', 2], ['a', 1])
      .sendAt(100, ['b', 2], ['b', 1]);
    rig.clock.flush();
    expect(rig.values.map(String)).toEqual(['a,1', 'a,2', 'b,1', 'b,2']);
    expect(rig.log.at(-1)?.[0]).toBe(150);
  });
});

describe('reorderBy and a sender that restarts', () => {
  type Message = readonly [epoch: unknown, seq: number];
  const withEpochs = (options: ReorderBySequenceOptions<Message, undefined> = {}) =>
    reordering<Message>(([, seq]) => seq, { epochOf: ([epoch]) => epoch, ...options });

  it('releases what is held and begins anew when the epoch changes', () => {
    const rig = withEpochs().send(['a', 7], ['a', 9], ['b', 0], ['b', 1]);
    expect(rig.log).toEqual([
      [0, 'next', ['a', 7]],
      [
        0,
        'event',
        { kind: 'skipped', first: 8, last: 8, count: 1, key: undefined, reason: 'reset' },
      ],
      [0, 'next', ['a', 9]],
      [0, 'event', { kind: 'reset', key: undefined, reason: 'epoch' }],
      [0, 'next', ['b', 0]],
      [0, 'next', ['b', 1]],
    ]);
  });

  it('expects `first` again after a change of epoch', () => {
    const rig = withEpochs({ first: 1 }).send(['a', 1], ['b', 2], ['b', 1]);
    expect(rig.values.map(String)).toEqual(['a,1', 'b,1', 'b,2']);
  });

  it('compares epochs as Object.is does', () => {
    const rig = withEpochs().send([NaN, 1], [NaN, 2], [0, 1], [-0, 1]);
    expect(kinds(rig)).toEqual(['reset', 'reset']);
  });

  it('believes five numbers in a row from far ahead, and emits them all', () => {
    const rig = plain().send(1, 2, 100_000, 100_001, 100_002, 100_003);
    expect(rig.values).toEqual([1, 2]);
    rig.send(100_004);
    expect(rig.values).toEqual([1, 2, ...numbers(100_000, 100_004)]);
    expect(rig.events).toStrictEqual([{ kind: 'reset', key: undefined, reason: 'jump' }]);
    expect(rig.clock.pending).toBe(0);
  });

  it('believes five in a row from far behind', () => {
    const rig = plain().send(5_000, ...numbers(0, 4), 5);
    expect(rig.values).toEqual([5_000, ...numbers(0, 5)]);
    expect(kinds(rig)).toEqual(['reset']);
  });

  it('takes as many in a row as restartAfter says', () => {
    expect(plain({ restartAfter: 1 }).send(1, 100_000).values).toEqual([1, 100_000]);
    expect(plain({ restartAfter: 2 }).send(1, 100_000, 100_001).values).toHaveLength(3);
  });

  it('drops a stray number as invalid as soon as a believable one comes', () => {
    const rig = plain().send(1, 100_000, 2);
    expect(rig.values).toEqual([1, 2]);
    expect(rig.events).toStrictEqual([
      { kind: 'invalid', message: 100_000, key: undefined, reason: 'jump', passed: false },
    ]);
  });

  it('drops a stray number as invalid when it waited maxWaitMs', () => {
    const rig = plain({ maxWaitMs: 100 }).send(1, 100_000);
    rig.clock.advanceTo(99);
    expect(rig.events).toEqual([]);
    rig.clock.advanceTo(100);
    expect(kinds(rig)).toEqual(['invalid']);
    expect(rig.clock.pending).toBe(0);
  });

  it('begins to count anew when a stray number does not continue the one before', () => {
    const rig = plain({ restartAfter: 2 }).send(1, 100_000, 200_000, 200_001);
    expect(rig.values).toEqual([1, 200_000, 200_001]);
    expect(rig.events).toEqual([
      { kind: 'invalid', message: 100_000, key: undefined, reason: 'jump', passed: false },
      { kind: 'reset', key: undefined, reason: 'jump' },
    ]);
  });

  it('gives account of stray numbers at the end', () => {
    expect(kinds(plain().send(1, 100_000).complete())).toEqual(['invalid']);
    expect(kinds(plain().send(1, 100_000).fail(new Error('gone')))).toEqual(['discarded']);
  });

  it('takes no jump for a restart where epochs tell', () => {
    const rig = withEpochs().send(['a', 1]);
    for (const n of numbers(100_000, 100_009)) rig.send(['a', n]);
    expect(rig.values).toHaveLength(1);
    expect(kinds(rig)).toEqual(Array.from({ length: 10 }, () => 'invalid'));
  });

  it('believes a number exactly maxJump ahead and none farther', () => {
    const rig = plain({ maxJump: 10 }).send(0, 10);
    rig.clock.flush();
    expect(rig.values).toEqual([0, 10]);
    expect(plain({ maxJump: 10 }).send(0, 11, 1).values).toEqual([0, 1]);
  });

  it('believes a number exactly maxMisorder behind and none farther', () => {
    const rig = plain({ maxMisorder: 10, restartAfter: 1_000 }).send(100, 90, 89, 101);
    expect(kinds(rig)).toEqual(['late', 'invalid']);
  });
});

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
