/** reorderBy by: 'sequence' at its limits: a full buffer, and the ends of the stream. */
import { Subject } from 'rxjs';
import { BufferOverflowError, reorderBy } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { numbers } from '../../support/Rig.js';
import { duplicate, plain as reordering, skipped } from '../../support/reorderRig.js';

describe('reorderBy holds maxBuffer messages', () => {
  it('releases past the oldest hole when there is one more', () => {
    const rig = reordering({ maxBuffer: 2 }).send(1, 3, 5, 7);
    expect(rig.values).toEqual([1, 3]);
    expect(rig.events).toStrictEqual([skipped(2, 2, 'overflow')]);
  });

  it('releases the newcomer itself if it is the lowest', () => {
    const rig = reordering({ maxBuffer: 2 }).send(1, 6, 7, 3);
    expect(rig.values).toEqual([1, 3]);
    expect(rig.events).toEqual([skipped(2, 2, 'overflow')]);
  });

  it("drops one more with overflowPolicy 'drop-newest', but not what fills the hole", () => {
    const rig = reordering({ maxBuffer: 2, overflowPolicy: 'drop-newest' }).send(1, 3, 4, 6);
    expect(rig.events).toStrictEqual([
      { kind: 'overflow', message: 6, key: undefined, passed: false },
    ]);
    rig.send(2);
    expect(rig.values).toEqual([1, 2, 3, 4]);
    rig.send(5, 6);
    expect(rig.values).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("ends the stream with overflowPolicy 'error'", () => {
    const rig = reordering({ maxBuffer: 2, overflowPolicy: 'error' }).send(1, 5, 3, 7);
    expect(rig.error).toBeInstanceOf(BufferOverflowError);
    expect(rig.error).toMatchObject({ operator: 'reorderBy', limit: 2 });
    expect(rig.events.map((event) => [event.kind, 'message' in event && event.message])).toEqual([
      ['overflow', 7],
      ['discarded', 3],
      ['discarded', 5],
    ]);
    expect(rig.isClean).toBe(true);
  });

  it('does not count a repeat of what is held as one more', () => {
    const rig = reordering({ maxBuffer: 2, overflowPolicy: 'error' }).send(1, 3, 4, 4, 3);
    expect(rig.isAlive).toBe(true);
    expect(rig.events).toEqual([duplicate(4), duplicate(3)]);
  });

  it('holds 1,024 if not told otherwise', () => {
    const rig = reordering().send(0, ...numbers(2, 1_025));
    expect(rig.values).toEqual([0]);
    rig.send(1_027);
    expect(rig.values).toHaveLength(1 + 1_024);
  });

  it('sorts a reversed buffer of any size', () => {
    const rig = reordering({ maxBuffer: 10_000 }).send(0, ...numbers(1, 10_000).reverse());
    expect(rig.values).toEqual(numbers(0, 10_000));
  });
});

describe('reorderBy at the end of the stream', () => {
  it('emits what is held, in order, then completes', () => {
    const rig = reordering().send(1, 4, 3).complete();
    expect(rig.log).toEqual([
      [0, 'next', 1],
      [0, 'event', skipped(2, 2, 'completed')],
      [0, 'next', 3],
      [0, 'next', 4],
      [0, 'complete'],
    ]);
    expect(rig.isClean).toBe(true);
  });

  it('passes the error of the source on as it is, without what is held', () => {
    const error = new Error('gone');
    const rig = reordering().send(1, 4, 3).fail(error);
    expect(rig.error).toBe(error);
    expect(rig.values).toEqual([1]);
    expect(rig.events).toStrictEqual([
      { kind: 'discarded', message: 3, key: undefined, reason: 'error', passed: false },
      { kind: 'discarded', message: 4, key: undefined, reason: 'error', passed: false },
    ]);
    expect(rig.isClean).toBe(true);
  });

  it('settles what is due before an error that comes at that instant', () => {
    const rig = reordering({ maxWaitMs: 100 }).send(1, 3);
    rig.clock.block(100);
    rig.fail(new Error('gone'));
    expect(rig.log.slice(1)).toEqual([
      [100, 'event', skipped(2, 2, 'wait')],
      [100, 'next', 3],
      [100, 'error', new Error('gone')],
    ]);
  });

  it('says nothing after it was unsubscribed, and leaves nothing behind', () => {
    const rig = reordering().send(1, 3);
    rig.subscription.unsubscribe();
    expect(rig.isClean).toBe(true);
    rig.send(2);
    rig.clock.flush();
    expect(rig.log).toEqual([[0, 'next', 1]]);
  });

  it('stops in the middle of a flush when it is unsubscribed there', () => {
    const source = new Subject<number>();
    const out: number[] = [];
    const subscription = source.pipe(reorderBy((n) => n)).subscribe((n) => {
      out.push(n);
      if (n === 3) subscription.unsubscribe();
    });
    for (const n of [1, ...numbers(3, 1_000), 2]) source.next(n);
    expect(out).toEqual([1, 2, 3]);
    expect(source.observed).toBe(false);
  });

  it('stops in the middle of a flush when it is unsubscribed by onEvent', () => {
    const source = new Subject<number>();
    const out: unknown[] = [];
    const subscription = source
      .pipe(
        reorderBy((n) => n, {
          onEvent: (event) => {
            out.push(event.kind);
            subscription.unsubscribe();
          },
        }),
      )
      .subscribe((n) => out.push(n));
    for (const n of [1, 3, 5]) source.next(n);
    source.complete();
    expect(out).toEqual([1, 'skipped']);
  });
});
