/** sequenceGaps recover.fallback: a snapshot in place of what is lost. */
import { of, Subject, throwError, type ObservableInput } from 'rxjs';
import { sequenceGaps, type Gap, type RecoverOptions, type SequenceGapsEvent } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { numbers, Rig } from '../../support/Rig.js';

/** Nothing is answered; what is lost goes to `fallback`. */
function fallingBack(
  fallback: (lost: Gap) => ObservableInput<number>,
  recover: Partial<RecoverOptions<number, undefined>> = {},
  maxGaps = 1_024,
) {
  return new Rig<number, SequenceGapsEvent<number>>((base) =>
    sequenceGaps<number>((n) => n, {
      ...base,
      maxGaps,
      recover: { request: () => [], maxAttempts: 1, ...recover, fallback },
    }),
  );
}

describe('sequenceGaps with a fallback', () => {
  it('asks it for what is lost and goes on from its first message', () => {
    const asked: Gap[] = [];
    const rig = fallingBack((lost) => {
      asked.push(lost);
      return [10];
    }).send(1, 3);
    expect(asked).toEqual([{ first: 2, last: 2, count: 1, key: undefined }]);
    expect(rig.values).toEqual([1, 3, 10]);
    expect(kinds(rig)).toEqual(['gap', 'request', 'lost', 'reset']);
    expect(rig.events.at(-1)).toStrictEqual({ kind: 'reset', key: undefined, reason: 'fallback' });
    expect(kinds(rig.send(11))).toHaveLength(4);
  });

  it('misses nothing any more up to its number', () => {
    const rig = fallingBack(() => [10], { maxInFlight: 1, request: () => new Subject<number>() });
    rig.send(1, 3, 5).clock.advanceTo(1_000);
    const { length } = rig.events;
    expect(rig.events.filter(({ kind }) => kind === 'lost' || kind === 'reset')).toMatchObject([
      { kind: 'lost', first: 2, reason: 'attempts' },
      { kind: 'lost', first: 4, reason: 'unrecovered' },
      { kind: 'reset', reason: 'fallback' },
    ]);
    expect(rig.complete().events).toHaveLength(length);
  });

  it('still misses what lies above its number', () => {
    const rig = fallingBack(() => [4], { request: () => new Subject<number>(), maxInFlight: 1 });
    rig.send(1, 3, 9).clock.advanceTo(1_000);
    expect(rig.events.filter(({ kind }) => kind === 'lost')).toMatchObject([
      { first: 2, last: 2 },
      { first: 4, last: 4, reason: 'unrecovered' },
    ]);
    rig.send(5);
    expect(rig.events.at(-1)).toMatchObject({ kind: 'filled', first: 5 });
  });

  it('believes its number however far away', () => {
    const rig = fallingBack(() => [1_000_000_000]).send(1, 3, 1_000_000_001);
    expect(rig.values).toEqual([1, 3, 1_000_000_000, 1_000_000_001]);
    expect(kinds(rig)).toEqual(['gap', 'request', 'lost', 'reset']);
  });

  it('takes what follows its first message the normal way', () => {
    const rig = fallingBack(({ first }) => (first === 2 ? [10, 11, 13] : [])).send(1, 3);
    expect(rig.values).toEqual([1, 3, 10, 11, 13]);
    expect(rig.events.slice(4)).toMatchObject([
      { kind: 'gap', first: 12 },
      { kind: 'request' },
      { kind: 'lost' },
    ]);
  });

  it('asks it for what passed the deadline and what overflowed, too', () => {
    const lost: unknown[] = [];
    const fallback = ({ first }: Gap) => {
      lost.push(first);
      return [];
    };
    fallingBack(fallback, { deadlineMs: 10, maxAttempts: 3 }).send(1, 3).clock.flush();
    fallingBack(fallback, { request: () => new Subject<number>() }, 2).send(11, 13, 15, 17);
    expect(lost).toEqual([2, 12]);
  });

  it('does not ask it for what is lost at the end', () => {
    let calls = 0;
    const fallback = () => [calls++];
    fallingBack(fallback, { request: () => new Subject<number>() })
      .send(1, 3)
      .complete();
    expect(calls).toBe(0);
  });

  it('asks it one at a time', () => {
    const answers: Subject<number>[] = [];
    const rig = fallingBack(() => {
      const answer = new Subject<number>();
      answers.push(answer);
      return answer;
    }).send(1, 3, 5);
    expect(answers).toHaveLength(1);
    answers[0]?.complete();
    rig.send(7);
    expect(answers).toHaveLength(2);
  });

  it.each<[string, (error: Error) => ObservableInput<number>]>([
    ['fails', (error) => throwError(() => error)],
    [
      'throws',
      (error) => {
        throw error;
      },
    ],
  ])('reports one that %s, and asks it again for the next loss', (_, fallback) => {
    const error = new Error('no');
    const rig = fallingBack(() => fallback(error)).send(1, 3);
    expect(rig.events.at(-1)).toStrictEqual({
      kind: 'fallback-failed',
      first: 2,
      last: 2,
      count: 1,
      key: undefined,
      error,
    });
    expect(rig.isAlive).toBe(true);
    expect(kinds(rig.send(5)).filter((kind) => kind === 'fallback-failed')).toHaveLength(2);
  });

  it('reports one that returns nothing to subscribe to', () => {
    const rig = fallingBack(() => undefined as unknown as ObservableInput<number>).send(1, 3);
    expect(rig.events.at(-1)).toMatchObject({ kind: 'fallback-failed', first: 2, last: 2 });
    expect(rig.isAlive).toBe(true);
  });

  it('takes no more than maxRange messages from it', () => {
    function* endless() {
      for (let n = 10; ; n += 1) yield n;
    }
    const rig = fallingBack(endless, { maxRange: 5 }).send(1, 3);
    expect(rig.values).toEqual([1, 3, ...numbers(10, 14)]);
    expect(kinds(rig.send(15))).toEqual(['gap', 'request', 'lost', 'reset']);
  });

  it('drops what has no number from it', () => {
    const rig = fallingBack(() => of(NaN)).send(1, 3, 4);
    expect(rig.values).toEqual([1, 3, 4]);
    expect(rig.events.at(-1)).toMatchObject({ kind: 'invalid', passed: false });
  });

  it('lets it go when the stream ends', () => {
    const answer = new Subject<number>();
    const rig = fallingBack(() => answer).send(1, 3);
    expect(answer.observed).toBe(true);
    rig.subscription.unsubscribe();
    expect(answer.observed).toBe(false);
  });

  it('lets it go when its key is evicted', () => {
    type Message = readonly [key: string, seq: number];
    const answer = new Subject<Message>();
    const rig = new Rig<Message, SequenceGapsEvent<Message, string>>((base) =>
      sequenceGaps<Message, string>(([, seq]) => seq, {
        ...base,
        keyBy: ([key]) => key,
        maxKeys: 1,
        recover: { request: () => [], maxAttempts: 1, fallback: () => answer },
      }),
    );
    rig.send(['a', 1], ['a', 3]);
    expect(answer.observed).toBe(true);
    rig.send(['b', 1]);
    expect(rig.events.at(-1)).toMatchObject({ kind: 'evicted', key: 'a' });
    expect(answer.observed).toBe(false);
    expect(rig.isAlive).toBe(true);
  });

  it('keeps two keys apart', () => {
    type Message = readonly [key: string, seq: number];
    const rig = new Rig<Message, SequenceGapsEvent<Message, string>>((base) =>
      sequenceGaps<Message, string>(([, seq]) => seq, {
        ...base,
        keyBy: ([key]) => key,
        recover: { request: () => [], maxAttempts: 1, fallback: ({ key }) => [[key, 50] as const] },
      }),
    );
    rig.send(['a', 1], ['b', 1], ['b', 3], ['a', 2]);
    expect(rig.values.map(String)).toEqual(['a,1', 'b,1', 'b,3', 'b,50', 'a,2']);
    expect(rig.events.every((event) => event.key === 'b')).toBe(true);
  });
});
