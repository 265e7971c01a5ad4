/** reorderBy by: 'sequence': messages that are late or repeated. */
import { Subject } from 'rxjs';
import { LateMessageError, reorderBy } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { duplicate, late, plain as reordering, skipped } from '../../support/reorderRig.js';

describe('reorderBy and late messages', () => {
  it('tells a late message from a repeated one', () => {
    const rig = reordering({ maxWaitMs: 0 }).send(1, 4, 3, 4, 1);
    expect(rig.values).toEqual([1, 4]);
    expect(rig.events).toEqual([skipped(2, 3, 'wait'), late(3, 2), duplicate(4), duplicate(1)]);
  });

  it('takes numbers before the first one seen for late', () => {
    const rig = reordering().send(5, 4);
    expect(rig.log).toStrictEqual([
      [0, 'next', 5],
      [0, 'event', late(4, 2)],
    ]);
  });

  it("emits it out of order with latePolicy 'emit', but only once", () => {
    const rig = reordering({ maxWaitMs: 0, latePolicy: 'emit' }).send(1, 3, 2, 2);
    expect(rig.values).toEqual([1, 3, 2]);
    expect(rig.events.slice(1)).toEqual([late(2, 2, true), duplicate(2)]);
  });

  it("ends the stream with latePolicy 'error', and gives account of what is held", () => {
    const rig = reordering({ maxWaitMs: 10, latePolicy: 'error' }).send(1, 3).sendAt(10, 5, 2);
    expect(rig.error).toBeInstanceOf(LateMessageError);
    expect(rig.error).toMatchObject({ operator: 'reorderBy', behind: 2 });
    expect(rig.values).toEqual([1, 3]);
    expect(rig.events.at(-1)).toEqual({
      kind: 'discarded',
      message: 5,
      key: undefined,
      reason: 'error',
      passed: false,
    });
    expect(rig.isClean).toBe(true);
  });
});

describe('reorderBy and repeated messages', () => {
  it('keeps the first copy of what is held', () => {
    const [one, three, again, two] = [{ n: 1 }, { n: 3 }, { n: 3 }, { n: 2 }];
    const source = new Subject<{ n: number }>();
    const out: unknown[] = [];
    const events: unknown[] = [];
    source
      .pipe(reorderBy((m) => m.n, { onEvent: (event) => events.push(event) }))
      .subscribe((m) => out.push(m));
    for (const message of [one, three, again, two]) source.next(message);
    expect(out[2]).toBe(three);
    expect(events).toStrictEqual([
      { kind: 'duplicate', message: again, key: undefined, passed: false },
    ]);
  });

  it('drops what was released already', () => {
    const rig = reordering().send(1, 2, 1, 2);
    expect(rig.values).toEqual([1, 2]);
    expect(rig.events).toEqual([duplicate(1), duplicate(2)]);
  });

  it('takes -0 for 0', () => {
    expect(reordering().send(0, -0).events).toEqual([duplicate(-0)]);
  });
});
