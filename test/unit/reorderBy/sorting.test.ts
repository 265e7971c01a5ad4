/** reorderBy by: 'sparse' and by: 'time'. */
import { from } from 'rxjs';
import {
  BufferOverflowError,
  LateMessageError,
  reorderBy,
  type ReorderByEvent,
  type ReorderBySparseOptions,
  type ReorderByTimeOptions,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { numbers, Rig } from '../../support/Rig.js';

type Sparse = Omit<ReorderBySparseOptions<number, undefined>, 'by'>;
const sparse = (options: Sparse = {}): Rig<number, ReorderByEvent<number>> =>
  new Rig((base) => reorderBy((n) => n, { ...base, ...options, by: 'sparse' }));

describe("reorderBy by: 'sparse'", () => {
  it('holds each message maxWaitMs, then releases it in order', () => {
    const rig = sparse({ maxWaitMs: 100 }).send(5).sendAt(10, 3).sendAt(20, 9);
    expect(rig.clock.pending).toBe(1);
    rig.clock.flush();
    expect(rig.log).toEqual([
      [100, 'next', 3],
      [100, 'next', 5],
      [120, 'next', 9],
    ]);
    expect(rig.events).toEqual([]);
  });

  it('takes what comes below the last one released for late', () => {
    const rig = sparse({ maxWaitMs: 100 }).send(5).sendAt(100, 4);
    expect(rig.log).toStrictEqual([
      [100, 'next', 5],
      [100, 'event', { kind: 'late', message: 4, key: undefined, behind: 1, passed: false }],
    ]);
  });

  it('settles a deadline before a message that comes at that instant', () => {
    const rig = sparse({ maxWaitMs: 100 }).send(5).sendBeforeTimersAt(100, 4);
    expect(rig.values).toEqual([5]);
    expect(rig.events).toMatchObject([{ kind: 'late' }]);
  });

  it('emits or refuses late messages as latePolicy says', () => {
    const emitting = sparse({ maxWaitMs: 0, latePolicy: 'emit' }).send(5, 4);
    expect(emitting.values).toEqual([5, 4]);
    expect(emitting.events).toMatchObject([{ kind: 'late', passed: true }]);
    const failing = sparse({ maxWaitMs: 0, latePolicy: 'error' }).send(5, 3);
    expect(failing.error).toBeInstanceOf(LateMessageError);
    expect(failing.error).toMatchObject({ behind: 2 });
  });

  it.each(['drop', 'emit'] as const)(
    'tells of a late number once, whether it was passed on or not (%s)',
    (latePolicy) => {
      const rig = sparse({ maxWaitMs: 0, latePolicy }).send(5, 6, 4, 4);
      expect(rig.values).toEqual(latePolicy === 'emit' ? [5, 6, 4] : [5, 6]);
      expect(rig.events.map(({ kind }) => kind)).toEqual(['late', 'duplicate']);
    },
  );

  it('remembers as many late numbers as it may hold', () => {
    const rig = sparse({ maxWaitMs: 0, maxBuffer: 2 }).send(9, 1, 2, 3, 3, 2, 1, 2);
    expect(rig.events.map(({ kind }) => kind)).toEqual([
      'late',
      'late',
      'late',
      'duplicate',
      'duplicate',
      'late',
      'late',
    ]);
  });

  it('drops repeats of what is held and of what was released', () => {
    const rig = sparse({ maxWaitMs: 100 }).send(5, 5).sendAt(100, 7, 5);
    expect(rig.events).toStrictEqual([
      { kind: 'duplicate', message: 5, key: undefined, passed: false },
      { kind: 'duplicate', message: 5, key: undefined, passed: false },
    ]);
  });

  it('releases the lowest when there are more than maxBuffer', () => {
    const rig = sparse({ maxBuffer: 2 }).send(50, 30, 40);
    expect(rig.values).toEqual([30]);
    expect(rig.events).toEqual([]);
  });

  it('drops or fails at maxBuffer if overflowPolicy says so', () => {
    const dropping = sparse({ maxBuffer: 2, overflowPolicy: 'drop-newest' }).send(50, 30, 40);
    expect(dropping.events).toStrictEqual([
      { kind: 'overflow', message: 40, key: undefined, passed: false },
    ]);
    expect(dropping.complete().values).toEqual([30, 50]);
    const failing = sparse({ maxBuffer: 2, overflowPolicy: 'error' }).send(50, 30, 40);
    expect(failing.error).toBeInstanceOf(BufferOverflowError);
    expect(failing.events.map(({ kind }) => kind)).toEqual(['overflow', 'discarded', 'discarded']);
  });

  it('emits what is held before it completes, and discards it before it fails', () => {
    expect(sparse().send(5, 3).complete().values).toEqual([3, 5]);
    const failed = sparse().send(5, 3).fail(new Error('gone'));
    expect(failed.values).toEqual([]);
    expect(failed.events).toMatchObject([
      { kind: 'discarded', message: 3, reason: 'error' },
      { kind: 'discarded', message: 5, reason: 'error' },
    ]);
    expect(failed.isClean).toBe(true);
  });

  it('needs no timer with maxWaitMs 0 and Infinity', () => {
    expect(sparse({ maxWaitMs: 0 }).send(5, 9).values).toEqual([5, 9]);
    const rig = sparse({ maxWaitMs: Infinity }).send(5, 9);
    expect(rig.clock.pending).toBe(0);
    expect(rig.values).toEqual([]);
  });

  it('does not mind how far apart the numbers are', () => {
    const rig = sparse()
      .send(Number.MAX_SAFE_INTEGER, 0, 2 ** 40)
      .complete();
    expect(rig.values).toEqual([0, 2 ** 40, Number.MAX_SAFE_INTEGER]);
  });

  it('orders bigints, and refuses them among numbers', () => {
    const rig: Rig<number | bigint, ReorderByEvent<number | bigint>> = new Rig((base) =>
      reorderBy((n) => n, { ...base, by: 'sparse' }),
    );
    rig.send(2n ** 70n, 2n ** 65n, 7).complete();
    expect(rig.values).toEqual([2n ** 65n, 2n ** 70n]);
    expect(rig.events).toMatchObject([{ kind: 'invalid', message: 7, reason: 'mixed' }]);
  });
});

type Time = Omit<ReorderByTimeOptions<number, undefined>, 'by' | 'boundMs'>;
const timed = (boundMs: number, options: Time = {}): Rig<number, ReorderByEvent<number>> =>
  new Rig((base) => reorderBy((n) => n, { ...base, ...options, by: 'time', boundMs }));

describe("reorderBy by: 'time'", () => {
  it('releases what the watermark has passed, in order', () => {
    const rig = timed(10).send(100, 105, 95);
    expect(rig.values).toEqual([]);
    rig.send(116); // watermark 105
    expect(rig.values).toEqual([95, 100, 105]);
    expect(rig.events).toEqual([]);
  });

  it('trails the greatest time by boundMs + 1', () => {
    const rig = timed(10).send(100, 110);
    expect(rig.values).toEqual([]);
    rig.send(111);
    expect(rig.values).toEqual([100]);
  });

  it('accepts a time just above the watermark and takes one at it for late', () => {
    const rig = timed(10).send(116, 106);
    expect(rig.events).toEqual([]);
    rig.send(105);
    expect(rig.events).toStrictEqual([
      { kind: 'late', message: 105, key: undefined, behind: 1, passed: false },
    ]);
  });

  it('keeps equal times in the order of arrival', () => {
    const rig: Rig<readonly [number, string], unknown> = new Rig((base) =>
      reorderBy(([time]) => time, { ...base, by: 'time', boundMs: 10 }),
    );
    rig.send([5, 'a'], [5, 'b'], [4, 'c'], [5, 'd']).complete();
    expect(rig.values.map(([, name]) => name)).toEqual(['c', 'a', 'b', 'd']);
    expect(rig.events).toEqual([]);
  });

  it('releases when input stops, maxWaitMs after arrival', () => {
    const rig = timed(10, { maxWaitMs: 50 }).send(100).sendAt(20, 90);
    rig.clock.flush();
    expect(rig.log).toEqual([
      [50, 'next', 90],
      [50, 'next', 100],
    ]);
  });

  it('waits 1,000 ms for more input if not told otherwise', () => {
    const rig = timed(10).send(100);
    expect(rig.clock.nextMs).toBe(1_000);
  });

  it('takes what is below the last one released for late even above the watermark', () => {
    const rig = timed(1_000, { maxWaitMs: 50 }).send(100).sendAt(50, 97);
    expect(rig.log).toEqual([
      [50, 'next', 100],
      [50, 'event', { kind: 'late', message: 97, key: undefined, behind: 3, passed: false }],
    ]);
    rig.send(100);
    expect(rig.events).toHaveLength(1);
  });

  it('holds each time until a greater one comes with boundMs 0', () => {
    const rig = timed(0).send(5, 5, 6);
    expect(rig.values).toEqual([5, 5]);
  });

  it('has no watermark with boundMs Infinity', () => {
    const rig = timed(Infinity, { maxWaitMs: Infinity }).send(1e15, -1e15);
    expect(rig.values).toEqual([]);
    expect(rig.complete().values).toEqual([-1e15, 1e15]);
  });

  it('takes negative times and fractions of ms', () => {
    const rig = timed(1).send(-1, -1.5, 0.25).complete();
    expect(rig.values).toEqual([-1.5, -1, 0.25]);
  });

  it('refuses a time farther than maxSkewMs ahead of the clock', () => {
    const rig = timed(10, { maxSkewMs: 1_000 }).sendAt(500, 1_500, 1_500.5);
    expect(rig.events).toStrictEqual([
      { kind: 'invalid', message: 1_500.5, key: undefined, reason: 'skew', passed: false },
    ]);
    expect(rig.complete().values).toEqual([1_500]);
  });

  it('believes any time if not told otherwise', () => {
    expect(timed(10).send(1, 1e15).values).toEqual([1]);
  });

  it('emits or refuses late messages as latePolicy says', () => {
    const emitting = timed(10, { latePolicy: 'emit' }).send(100, 50);
    expect(emitting.values).toEqual([50]);
    expect(emitting.events).toMatchObject([{ kind: 'late', message: 50, passed: true }]);
    const failing = timed(10, { latePolicy: 'error' }).send(100, 50);
    expect(failing.error).toBeInstanceOf(LateMessageError);
    expect(failing.events).toMatchObject([
      { kind: 'late', message: 50, passed: false },
      { kind: 'discarded', message: 100 },
    ]);
  });

  it('releases the lowest, drops, or fails at maxBuffer, as overflowPolicy says', () => {
    expect(timed(1_000, { maxBuffer: 2 }).send(3, 1, 2).values).toEqual([1]);
    const dropping = timed(1_000, { maxBuffer: 2, overflowPolicy: 'drop-newest' }).send(3, 1, 2);
    expect(dropping.events).toMatchObject([{ kind: 'overflow', message: 2 }]);
    const failing = timed(1_000, { maxBuffer: 2, overflowPolicy: 'error' }).send(3, 1, 2);
    expect(failing.error).toBeInstanceOf(BufferOverflowError);
  });

  it('makes room by the watermark before it calls the buffer full', () => {
    const rig = timed(10, { maxBuffer: 2, overflowPolicy: 'error' }).send(1, 2, 50);
    expect(rig.values).toEqual([1, 2]);
    expect(rig.isAlive).toBe(true);
  });

  it('flushes when the source completes, and discards when it fails', () => {
    expect(timed(10).send(2, 1).complete().values).toEqual([1, 2]);
    const failed = timed(10).send(2, 1).fail(new Error('gone'));
    expect(failed.events).toMatchObject([{ message: 1 }, { message: 2 }]);
    expect(failed.isClean).toBe(true);
  });

  it('sorts what is out of order by no more than the bound, without loss', () => {
    const times = numbers(0, 999).map((n) => n + ((n * 7_919) % 20));
    const rig = timed(20)
      .send(...times)
      .complete();
    expect(rig.values).toEqual([...times].sort((one, other) => one - other));
    expect(rig.events).toEqual([]);
  });

  it.each([2 ** 53 + 2, 2 ** 54, 1.7e18, 1e300])(
    'knows what is at the edge of the bound from what is late, at %d too',
    (time) => {
      for (const boundMs of [0, 1_024]) {
        const events: string[] = [];
        from([time, time - boundMs, time])
          .pipe(
            reorderBy((n) => n, {
              by: 'time',
              boundMs,
              onEvent: ({ kind }) => events.push(kind),
            }),
          )
          .subscribe();
        expect(events).toEqual([]);
      }
      const rig = new Rig<number, ReorderByEvent<number>>((base) =>
        reorderBy((n) => n, { ...base, by: 'time', boundMs: 0 }),
      );
      // What is next below.
      rig.send(time, time * (1 - 2 ** -53));
      expect(rig.events).toMatchObject([{ kind: 'late' }]);
    },
  );
});
