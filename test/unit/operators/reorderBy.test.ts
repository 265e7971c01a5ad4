import { from, of, Subject } from 'rxjs';
import { reorderBy } from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { late, plain as reordering, skipped } from '../../support/reorderRig.js';

const self = (n: number): number => n;

operatorContract('reorderBy', ({ scheduler }) => reorderBy(self, { scheduler }), {
  describe,
  it,
  callbacks: {
    orderOf: { make: (_, fail) => reorderBy(fail) },
    keyBy: { make: (_, fail) => reorderBy(self, { keyBy: fail }) },
    epochOf: { make: (_, fail) => reorderBy(self, { epochOf: fail }) },
    previousOf: { make: (_, fail) => reorderBy(self, { previousOf: fail }) },
    'onEvent (late)': {
      make: ({ scheduler }, fail) => reorderBy(self, { scheduler, onEvent: fail }),
      messages: [1, 0],
    },
    'onEvent (skipped, from the timer)': {
      make: ({ scheduler }, fail) => reorderBy(self, { scheduler, maxWaitMs: 3, onEvent: fail }),
      messages: [1, 3],
    },
  },
});
operatorContract(
  'reorderBy with a first number and startWaitMs',
  ({ scheduler }) => reorderBy(self, { scheduler, first: 0, startWaitMs: 10 }),
  { describe, it },
);
operatorContract(
  'reorderBy with keys',
  ({ scheduler }) => reorderBy(self, { scheduler, keyBy: () => 'the only one' }),
  { describe, it },
);
operatorContract(
  "reorderBy by: 'sparse' with maxWaitMs 0",
  ({ scheduler }) => reorderBy(self, { scheduler, by: 'sparse', maxWaitMs: 0 }),
  {
    describe,
    it,
    callbacks: { orderOf: { make: (_, fail) => reorderBy(fail, { by: 'sparse' }) } },
  },
);
operatorContract(
  "reorderBy by: 'time' with maxWaitMs 0",
  ({ scheduler }) => reorderBy(self, { scheduler, by: 'time', boundMs: 5, maxWaitMs: 0 }),
  {
    describe,
    it,
    callbacks: { orderOf: { make: (_, fail) => reorderBy(fail, { by: 'time', boundMs: 5 }) } },
  },
);

describe('reorderBy puts messages back in order', () => {
  it('passes what is in order in the same call, without a timer', () => {
    const rig = reordering();
    for (const n of [7, 8, 9]) {
      rig.send(n);
      expect(rig.values.at(-1)).toBe(n);
      expect(rig.clock.pending).toBe(0);
    }
    expect(rig.events).toEqual([]);
  });

  it('holds what is early until the numbers before it came', () => {
    const rig = reordering().send(1, 3, 4);
    expect(rig.values).toEqual([1]);
    rig.send(2);
    expect(rig.values).toEqual([1, 2, 3, 4]);
    expect(rig.events).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  });

  it('emits the very objects that came in', () => {
    const messages = [{ seq: 1 }, { seq: 3 }, { seq: 2 }].map((message) => Object.freeze(message));
    const out: unknown[] = [];
    from(messages)
      .pipe(reorderBy((m) => m.seq))
      .subscribe((m) => out.push(m));
    expect(out[0]).toBe(messages[0]);
    expect(out[1]).toBe(messages[2]);
    expect(out[2]).toBe(messages[1]);
  });

  it('takes the first number seen for the baseline', () => {
    expect(reordering().send(1_000, 1_001).values).toEqual([1_000, 1_001]);
  });

  it('expects the number that `first` says', () => {
    const rig = reordering({ first: 1 }).send(3, 2);
    expect(rig.values).toEqual([]);
    rig.send(1);
    expect(rig.values).toEqual([1, 2, 3]);
  });

  it('gives up on the numbers from `first` on like on any others', () => {
    const rig = reordering({ first: 0, maxWaitMs: 100 }).send(2);
    rig.clock.advanceTo(100);
    expect(rig.log).toEqual([
      [100, 'event', skipped(0, 1, 'wait')],
      [100, 'next', 2],
    ]);
  });

  it('uses no state twice when one operator serves several subscriptions', () => {
    const operator = reorderBy<number>((n) => n);
    const out: number[] = [];
    of(1, 3, 2)
      .pipe(operator)
      .subscribe((n) => out.push(n));
    of(1, 2)
      .pipe(operator)
      .subscribe((n) => out.push(n));
    expect(out).toEqual([1, 2, 3, 1, 2]);
  });

  it('keeps the order of what is sent to it while it emits', () => {
    const source = new Subject<number>();
    const out: number[] = [];
    source.pipe(reorderBy((n) => n)).subscribe((n) => {
      if (n === 1) source.next(3);
      if (n === 2) source.next(4);
      out.push(n);
    });
    source.next(1);
    source.next(2);
    expect(out).toEqual([1, 2, 3, 4]);
  });

  it('does not overflow the stack when 100,000 messages are sent from within the one before', () => {
    const source = new Subject<number>();
    let greatest = 0;
    source.pipe(reorderBy((n) => n)).subscribe((n) => {
      greatest = n;
      if (n < 100_000) source.next(n + 1);
    });
    source.next(1);
    expect(greatest).toBe(100_000);
  });
});

describe('reorderBy waits maxWaitMs', () => {
  it('holds a message exactly that long, then skips what is missing', () => {
    const rig = reordering({ maxWaitMs: 100 }).send(1, 4);
    expect(rig.clock.pending).toBe(1);
    expect(rig.clock.nextMs).toBe(100);
    rig.clock.advanceTo(99);
    expect(rig.values).toEqual([1]);
    rig.clock.advanceTo(100);
    expect(rig.log.slice(1)).toStrictEqual([
      [100, 'event', skipped(2, 3, 'wait')],
      [100, 'next', 4],
    ]);
    expect(rig.clock.pending).toBe(0);
  });

  it('waits 1,000 ms if not told otherwise', () => {
    const rig = reordering().send(1, 3);
    rig.clock.advanceTo(999);
    expect(rig.values).toEqual([1]);
    rig.clock.advanceTo(1_000);
    expect(rig.values).toEqual([1, 3]);
  });

  it('counts the time of each message from its own arrival', () => {
    const rig = reordering({ maxWaitMs: 100 }).send(1, 3).sendAt(50, 5);
    rig.clock.flush();
    expect(rig.log.slice(1)).toEqual([
      [100, 'event', skipped(2, 2, 'wait')],
      [100, 'next', 3],
      [150, 'event', skipped(4, 4, 'wait')],
      [150, 'next', 5],
    ]);
  });

  it('releases lower numbers before their time when a higher one has waited', () => {
    const rig = reordering({ maxWaitMs: 100 }).send(1, 5).sendAt(50, 3);
    rig.clock.flush();
    expect(rig.log.slice(1)).toEqual([
      [100, 'event', skipped(2, 2, 'wait')],
      [100, 'next', 3],
      [100, 'event', skipped(4, 4, 'wait')],
      [100, 'next', 5],
    ]);
  });

  it('takes a message that comes exactly at the deadline for late, whichever of message and timer is first', () => {
    const expected = [
      [100, 'event', skipped(2, 2, 'wait')],
      [100, 'next', 3],
      [100, 'event', late(2, 2)],
    ];
    const messageFirst = reordering({ maxWaitMs: 100 }).send(1, 3).sendBeforeTimersAt(100, 2);
    expect(messageFirst.log.slice(1)).toEqual(expected);
    const timerFirst = reordering({ maxWaitMs: 100 }).send(1, 3).sendAt(100, 2);
    expect(timerFirst.log.slice(1)).toEqual(expected);
  });

  it('takes a message one ms before the deadline', () => {
    const rig = reordering({ maxWaitMs: 100 }).send(1, 3).sendBeforeTimersAt(99, 2);
    expect(rig.values).toEqual([1, 2, 3]);
  });

  it('has one timer however many messages wait', () => {
    const rig = reordering({ maxWaitMs: 100 }).send(0);
    for (let n = 2; n < 50; n += 2) {
      rig.sendAt(n, n);
      expect(rig.clock.pending).toBe(1);
    }
    rig.clock.flush();
    expect(rig.values).toHaveLength(25);
  });

  it('holds nothing with maxWaitMs 0', () => {
    const rig = reordering({ maxWaitMs: 0 }).send(1, 3, 2, 4);
    expect(rig.log).toEqual([
      [0, 'next', 1],
      [0, 'event', skipped(2, 2, 'wait')],
      [0, 'next', 3],
      [0, 'event', late(2, 2)],
      [0, 'next', 4],
    ]);
    expect(rig.clock.pending).toBe(0);
  });

  it('waits for ever with maxWaitMs Infinity, without a timer', () => {
    const rig = reordering({ maxWaitMs: Infinity }).send(1, 3);
    expect(rig.clock.pending).toBe(0);
    rig.sendAt(1e12, 2);
    expect(rig.values).toEqual([1, 2, 3]);
  });

  it('settles what is overdue once when the timer comes late', () => {
    const rig = reordering({ maxWaitMs: 100 }).send(1, 3).sendAt(10, 5);
    rig.clock.lateBy(28_800_000);
    rig.clock.flush();
    expect(rig.values).toEqual([1, 3, 5]);
    expect(rig.events).toEqual([skipped(2, 2, 'wait'), skipped(4, 4, 'wait')]);
  });

  it('releases in time when the clock steps back', () => {
    const rig = reordering({ maxWaitMs: 100 }).sendAt(1_000, 1, 3);
    rig.clock.stepBack(900);
    rig.clock.advanceBy(100);
    expect(rig.values).toEqual([1, 3]);
    expect(rig.clock.pending).toBe(0);
  });
});
