/** sequenceGaps recover: what becomes of the answers, good and bad. */
import { from, timer, map } from 'rxjs';
import { noSuchMessages, type NoSuchMessages, type SequenceGapsEvent } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import type { Rig } from '../../support/Rig.js';
import { numbers } from '../../support/Rig.js';
import { kinds } from '../../support/kinds.js';
import { answering, atDesk, type Request } from '../../support/recoverRig.js';

const both = ({ first, last }: { first: unknown; last: unknown }) =>
  numbers(first as number, last as number);

describe('sequenceGaps merges answers into its output', () => {
  it('when they come, with an event for each', () => {
    const { desk, rig } = atDesk();
    rig.send(1, 4).clock.advanceTo(30);
    desk.last.answer.next(3);
    desk.last.answer.next(2);
    expect(rig.log.slice(-4)).toStrictEqual([
      [
        30,
        'event',
        {
          kind: 'filled',
          first: 3,
          last: 3,
          count: 1,
          key: undefined,
          by: 'request',
          waitedMs: 30,
          message: 3,
        },
      ],
      [30, 'next', 3],
      [
        30,
        'event',
        {
          kind: 'filled',
          first: 2,
          last: 2,
          count: 1,
          key: undefined,
          by: 'request',
          waitedMs: 30,
          message: 2,
        },
      ],
      [30, 'next', 2],
    ]);
    expect(desk.last.closed).toBe(true);
    expect(rig.clock.pending).toBe(0);
  });

  it.each<[string, Request]>([
    ['an array', both],
    ['a Set', (gap) => new Set(both(gap))],
    ['an Observable', (gap) => from(both(gap))],
    ['a generator', (gap) => both(gap).values()],
  ])('that are %s, after the message that revealed the gap', (_, request) => {
    const rig = answering(request).send(1, 4, 5);
    expect(rig.values).toEqual([1, 4, 2, 3, 5]);
    expect(rig.clock.pending).toBe(0);
    expect(kinds(rig.complete())).toEqual(['gap', 'request', 'filled', 'filled']);
  });

  it.each<[string, Request]>([
    ['a promise of a message', () => Promise.resolve(2)],
    [
      'an async generator',
      async function* () {
        await Promise.resolve();
        yield 2;
      },
    ],
  ])('that are %s', async (_, request) => {
    const rig = answering(request).send(1, 3);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(rig.values).toEqual([1, 3, 2]);
    expect(rig.clock.pending).toBe(0);
  });

  it('that come out of order, from a timer, in the time of the stream', () => {
    const clockOf: { rig?: Rig<number, SequenceGapsEvent<number>> } = {};
    const rig = answering(({ first }) =>
      timer(40, clockOf.rig?.clock).pipe(map(() => Number(first))),
    );
    clockOf.rig = rig;
    rig.send(1, 3);
    rig.clock.advanceTo(40);
    expect(rig.log.at(-1)).toEqual([40, 'next', 2]);
  });

  it('once, although the original comes too', () => {
    const { desk, rig } = atDesk();
    rig.send(1, 3);
    desk.last.answer.next(2);
    rig.send(2);
    expect(rig.values).toEqual([1, 3, 2]);
    expect(rig.events.at(-1)).toStrictEqual({
      kind: 'duplicate',
      message: 2,
      key: undefined,
      passed: false,
    });
  });

  it('once, although the answer repeats itself', () => {
    const { desk, rig } = atDesk();
    rig.send(1, 4);
    desk.last.answer.next(2);
    desk.last.answer.next(2);
    expect(rig.values).toEqual([1, 4, 2]);
    expect(rig.events.at(-1)).toStrictEqual({
      kind: 'duplicate',
      message: 2,
      key: undefined,
      passed: false,
    });
  });

  it('once, although the original came between request and answer', () => {
    const { desk, rig } = atDesk();
    rig.send(1, 4, 2);
    desk.last.answer.next(2);
    desk.last.answer.next(3);
    expect(rig.values).toEqual([1, 4, 2, 3]);
    expect(kinds(rig)).toEqual(['gap', 'request', 'filled', 'duplicate', 'filled']);
  });

  it('without leaving the answer of the first attempt open when the second is made', () => {
    const { desk, rig } = atDesk();
    rig.send(1, 3).clock.advanceTo(1_000);
    expect(desk.requests.map(({ closed }) => closed)).toEqual([true, false]);
    desk.at(1).answer.next(2);
    expect(desk.isClosed).toBe(true);
    expect(rig.values).toEqual([1, 3, 2]);
  });
});

describe('sequenceGaps and the sender that says it never sent something', () => {
  it('stops missing it', () => {
    const rig = answering(({ first, last }) => [noSuchMessages(first, last)]).send(1, 4);
    expect(rig.values).toEqual([1, 4]);
    expect(rig.events.at(-1)).toStrictEqual({
      kind: 'filled',
      first: 2,
      last: 3,
      count: 2,
      key: undefined,
      by: 'absent',
      waitedMs: 0,
      message: undefined,
    });
    expect(kinds(rig.complete())).toEqual(['gap', 'request', 'filled']);
    expect(rig.isClean).toBe(true);
  });

  it('believes it as far as it asked', () => {
    const rig = answering(() => [noSuchMessages(0, 1_000)]).send(1, 4);
    expect(rig.events.at(-1)).toMatchObject({ kind: 'filled', first: 2, last: 3 });
    expect(rig.send(5, 7).events.at(-1)).toMatchObject({ kind: 'filled', first: 6 });
  });

  it('takes messages and such words in one answer', () => {
    const rig = answering(() => [noSuchMessages(2, 3), 4]).send(1, 5);
    expect(rig.values).toEqual([1, 5, 4]);
    expect(rig.clock.pending).toBe(0);
  });

  it.each([
    ['backwards', noSuchMessages(3, 2)],
    ['elsewhere', noSuchMessages(7, 9)],
    ['no numbers', noSuchMessages(NaN, 3)],
    ['strings', noSuchMessages('2' as unknown as number, 3)],
    ['bigints', noSuchMessages(2n, 3n)],
    ['negative', noSuchMessages(-5, 3)],
  ])('does not mind words that are %s', (_, word: NoSuchMessages) => {
    const rig = answering(() => [word]).send(1, 4);
    expect(kinds(rig)).toEqual(['gap', 'request']);
    rig.send(2, 3, 5);
    expect(rig.values).toEqual([1, 4, 2, 3, 5]);
  });
});
