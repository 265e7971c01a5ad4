/** sequenceGaps recover: bad answers, and bad times for good ones. */
import {
  concat,
  EMPTY,
  NEVER,
  Observable,
  of,
  Subject,
  take,
  throwError,
  type ObservableInput,
} from 'rxjs';
import { sequenceGaps, type SequenceGapsEvent } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { numbers, Rig } from '../../support/Rig.js';
import { kinds } from '../../support/kinds.js';
import { answering, atDesk, type Request } from '../../support/recoverRig.js';

describe('sequenceGaps and bad answers', () => {
  it.each<[string, Request, string[]]>([
    ['fails', () => throwError(() => new Error('no')), ['request-failed']],
    [
      'throws',
      () => {
        throw new Error('no');
      },
      ['request-failed'],
    ],
    ['is rejected', () => Promise.reject(new Error('no')), ['request-failed']],
    [
      'is nothing to subscribe to',
      () => undefined as unknown as ObservableInput<number>,
      ['request-failed'],
    ],
    ['is empty', () => EMPTY, []],
    ['is an empty array', () => [], []],
    ['never comes', () => NEVER, []],
  ])('H26: takes one that %s for an attempt', async (_, request, extra) => {
    const rig = answering(request, {}, { maxAttempts: 2, timeoutMs: 100 }).send(1, 3);
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(kinds(rig)).toEqual(['gap', 'request', ...extra]);
    rig.clock.advanceTo(100);
    await new Promise((resolve) => setTimeout(resolve, 2));
    rig.clock.flush();
    expect(kinds(rig).slice(2 + extra.length)).toEqual(['request', ...extra, 'lost']);
    expect(rig.events.at(-1)).toMatchObject({ reason: 'attempts' });
    expect(rig.send(4).isAlive).toBe(true);
    expect(rig.clock.pending).toBe(0);
  });

  it('reports the error of a failed attempt as it is', () => {
    const error = new Error('no');
    const rig = answering(() => throwError(() => error)).send(1, 3);
    expect(rig.events.at(-1)).toStrictEqual({
      kind: 'request-failed',
      first: 2,
      last: 2,
      count: 1,
      key: undefined,
      attempt: 1,
      error,
    });
  });

  it('reports no failure after all that was asked for has come', () => {
    const answer = new Subject<number>();
    const rig = new Rig<number, SequenceGapsEvent<number>>(
      (base) => sequenceGaps<number>((n) => n, { ...base, recover: { request: () => answer } }),
      {},
      (n) => {
        if (n !== 4) return;
        answer.next(2);
        answer.error(new Error('too late to matter'));
      },
    ).send(1, 3, 4);
    expect(rig.values).toEqual([1, 3, 4, 2]);
    expect(kinds(rig)).toEqual(['gap', 'request', 'filled']);
  });

  it('keeps what came before an answer failed', () => {
    const rig = answering(() =>
      concat(
        of(2),
        throwError(() => new Error('no')),
      ),
    ).send(1, 4);
    expect(rig.values).toEqual([1, 4, 2]);
    expect(kinds(rig)).toEqual(['gap', 'request', 'filled', 'request-failed']);
  });

  it('asks again at the end of the interval, not as soon as an answer fails', () => {
    const rig = answering(() => EMPTY).send(1, 3);
    rig.clock.advanceTo(999);
    expect(kinds(rig)).toEqual(['gap', 'request']);
    rig.clock.advanceTo(1_000);
    expect(kinds(rig)).toEqual(['gap', 'request', 'request']);
  });

  it('gives up as soon as the last attempt has ended', () => {
    const rig = answering(() => EMPTY, {}, { maxAttempts: 1 }).send(1, 3);
    expect(rig.events.at(-1)).toMatchObject({ kind: 'lost', reason: 'attempts' });
    expect(rig.clock.pending).toBe(0);
  });

  it.each<[string, (taken: number[]) => ObservableInput<number>]>([
    [
      'an endless generator',
      function* (taken) {
        for (let n = 2; ; n += 1) {
          taken.push(n);
          yield n;
        }
      },
    ],
    [
      'an endless synchronous Observable',
      (taken) =>
        new Observable((subscriber) => {
          for (let n = 2; !subscriber.closed; n += 1) {
            taken.push(n);
            subscriber.next(n);
          }
        }),
    ],
    [
      'endlessly the same',
      function* (taken) {
        for (;;) {
          taken.push(2);
          yield 2;
        }
      },
    ],
  ])('H27: takes no more from %s than it asked for', (_, make) => {
    const taken: number[] = [];
    const rig = answering(() => make(taken)).send(1, 4);
    expect(taken.length).toBeLessThanOrEqual(4);
    expect(rig.values.slice(0, 3)).toEqual([1, 4, 2]);
    expect(rig.isAlive).toBe(true);
  });

  it('H28: takes what it did not ask for the normal way', () => {
    const rig = answering(({ first }) => (first === 2 ? [6] : [])).send(1, 3);
    expect(rig.values).toEqual([1, 3, 6]);
    expect(rig.events.slice(2)).toMatchObject([
      { kind: 'gap', first: 4, last: 5 },
      { kind: 'request' },
    ]);
    expect(rig.send(7).events).toHaveLength(4);
  });

  it.each([NaN, undefined, null, -1, 1.5, '2', 2n, Infinity, 2 ** 53, 10_000_000])(
    'H28: drops %s in an answer, with an event',
    (bad) => {
      const rig = answering(() => [bad as number]).send(1, 3);
      expect(rig.values).toEqual([1, 3]);
      expect(rig.events.at(-1)).toMatchObject({ kind: 'invalid', message: bad, passed: false });
      rig.send(4);
      expect(rig.values).toEqual([1, 3, 4]);
    },
  );

  it('H28: drops an answer from another epoch', () => {
    const rig = new Rig<string, SequenceGapsEvent<string>>((base) =>
      sequenceGaps<string>((m) => Number(m.slice(1)), {
        ...base,
        epochOf: (m) => m.slice(0, 1),
        recover: { request: () => ['z2'] },
      }),
    );
    rig.send('a1', 'a3', 'a4');
    expect(rig.values).toEqual(['a1', 'a3', 'a4']);
    expect(rig.events.at(-1)).toStrictEqual({
      kind: 'invalid',
      message: 'z2',
      key: undefined,
      reason: 'jump',
      passed: false,
    });
  });

  it('takes no run of far numbers in answers for a restart', () => {
    const far = numbers(900_000, 900_019);
    const rig = answering(() => far).send(1, 22, 23);
    expect(rig.values).toEqual([1, 22, 23]);
    expect(kinds(rig).slice(2)).toEqual(far.map(() => 'invalid'));
  });

  it('H28: hears nothing of answers after it has given up', () => {
    const { desk, rig } = atDesk({}, { maxAttempts: 1, timeoutMs: 10 });
    rig.send(1, 3).clock.flush();
    const { length } = rig.log;
    desk.last.answer.next(2);
    desk.last.answer.error('too late');
    expect(rig.log).toHaveLength(length);
  });

  it('hears nothing of a promise that is kept or broken after it has given up', async () => {
    for (const answer of [() => Promise.resolve(2), () => Promise.reject(new Error('no'))]) {
      const rig = answering(answer).send(1, 3, 2);
      const { length } = rig.log;
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(rig.log).toHaveLength(length);
    }
  });

  it('passes an original on that comes after it has given up, as late', () => {
    const { rig } = atDesk({}, { maxAttempts: 1, timeoutMs: 10 });
    rig.send(1, 3).clock.flush();
    rig.send(2);
    expect(rig.values).toEqual([1, 3, 2]);
    expect(rig.events.at(-1)).toMatchObject({ kind: 'late', message: 2, behind: 1, passed: true });
  });

  it('keeps its order when the request feeds the source itself', () => {
    const rig: Rig<number, SequenceGapsEvent<number>> = answering(({ first }) => {
      rig.send(Number(first));
      return [];
    });
    rig.send(1, 3, 5);
    expect(rig.values).toEqual([1, 3, 2, 5, 4]);
    expect(kinds(rig)).toEqual(['gap', 'request', 'filled', 'gap', 'request', 'filled']);
  });

  it('can be unsubscribed by the request itself', () => {
    const rig: Rig<number, SequenceGapsEvent<number>> = answering(() => {
      rig.subscription.unsubscribe();
      return [2];
    });
    rig.send(1, 3, 4);
    expect(rig.values).toEqual([1]);
    expect(rig.isClean).toBe(true);
  });

  it.each([1, 8])(
    'makes no further request once it was unsubscribed by one, %i at a time',
    (maxInFlight) => {
      let calls = 0;
      const request: Request = () => {
        calls += 1;
        rig.subscription.unsubscribe();
        return [];
      };
      const rig: Rig<number, SequenceGapsEvent<number>> = answering(
        request,
        {},
        { maxRange: 1, maxInFlight },
      );
      rig.send(0, 101);
      expect(calls).toBe(1);
      expect(rig.isClean).toBe(true);
    },
  );

  it('makes no further request once a consumer has enough', () => {
    let calls = 0;
    const source = new Subject<number>();
    const request = ({ first }: { first: unknown }) => {
      calls += 1;
      return [first as number];
    };
    source
      .pipe(
        sequenceGaps<number>((n) => n, { recover: { request, maxRange: 1, maxInFlight: 1 } }),
        take(3),
      )
      .subscribe();
    source.next(0);
    source.next(101);
    expect(calls).toBeLessThanOrEqual(2);
  });
});
