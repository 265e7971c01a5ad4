import { from } from 'rxjs';
import { reorderBy, type ReorderByEvent } from 'rxjs-reliable';
import { accountFor } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

const [a, b, c, d] = [{ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4 }];
const dropped = (kind: string, message: unknown) => ({ kind, message, passed: false });

describe('accountFor', () => {
  it('balances what comes out, is dropped, and is held', () => {
    const account = accountFor([a, b, c, d], [b, a], [dropped('late', c)], { maxHeld: 1 });
    expect(account).toEqual({
      balanced: true,
      in: 4,
      out: 2,
      dropped: { late: 1 },
      held: 1,
      unexpected: [],
      missing: [],
      problem: undefined,
    });
  });

  it('balances nothing', () => {
    expect(accountFor([], [])).toMatchObject({ balanced: true, in: 0, out: 0, held: 0 });
  });

  it('goes by reference, not by content', () => {
    const account = accountFor([a], [{ ...a }]);
    expect(account.balanced).toBe(false);
    expect(account.problem).toBe('{"seq":1} was emitted but never came in');
    expect(account.unexpected).toEqual([{ seq: 1 }]);
    expect(account.missing).toEqual([a]);
  });

  it('counts a message that came in twice twice', () => {
    expect(accountFor([a, a], [a, a]).balanced).toBe(true);
    expect(accountFor([a, a], [a]).missing).toEqual([a]);
    const account = accountFor([a, a], [a, a, a]);
    expect(account.problem).toContain('came in 2 times but was emitted and emitted and emitted');
  });

  it('finds a message both emitted and dropped', () => {
    const account = accountFor([a, b], [a, b], [dropped('duplicate', b)]);
    expect(account.problem).toBe(
      `input #1 ({"seq":2}) came in once but was emitted and dropped as 'duplicate'`,
    );
    expect(account.unexpected).toEqual([b]);
  });

  it('finds messages of which nobody says anything', () => {
    const account = accountFor([a, b, c, d], [], [], { maxHeld: 2 });
    expect(account).toMatchObject({ balanced: false, held: 0, missing: [a, b, c, d] });
    expect(account.problem).toBe(
      'neither emitted nor dropped with an event: input #0 ({"seq":1}), input #1 ({"seq":2}), input #2 ({"seq":3}) and 1 more, and at most 2 may be held',
    );
  });

  it('takes events without `passed: false` or without message for notes', () => {
    const notes = [
      { kind: 'late', message: a, passed: true },
      { kind: 'filled', message: a },
      { kind: 'skipped', first: 1, last: 2 },
      { kind: 'odd', passed: false },
    ];
    expect(accountFor([a], [a], notes)).toMatchObject({ balanced: true, dropped: {} });
  });

  it('knows a message that is undefined', () => {
    expect(accountFor([undefined], [], [dropped('invalid', undefined)]).balanced).toBe(true);
    expect(accountFor([undefined, 7n], []).problem).toContain('input #0 (undefined), input #1 (7)');
  });

  it('takes the events of an operator as they are', () => {
    const inputs = [1, 3, 2, 2, 9, 5, 4].map((seq) => ({ seq }));
    const outputs: unknown[] = [];
    const events: ReorderByEvent<{ seq: number }>[] = [];
    const onEvent = (event: ReorderByEvent<{ seq: number }>): void => void events.push(event);
    from(inputs)
      .pipe(reorderBy((m) => m.seq, { onEvent }))
      .subscribe((m) => outputs.push(m));
    expect(accountFor(inputs, outputs, events)).toMatchObject({
      balanced: true,
      dropped: { duplicate: 1 },
    });
    expect(accountFor(inputs, outputs, []).missing).toEqual([inputs[3]]);
  });
});
