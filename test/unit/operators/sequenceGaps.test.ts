import { from, NEVER, type Observable, of, Subject, throwError } from 'rxjs';
import { GapUnrecoveredError, sequenceGaps } from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { numbers } from '../../support/Rig.js';
import { duplicate, filled, gap, late, lost, watching } from '../../support/sequenceGapsRig.js';

const self = (n: number): number => n;

operatorContract('sequenceGaps', ({ scheduler }) => sequenceGaps(self, { scheduler }), {
  describe,
  it,
  callbacks: {
    sequenceOf: { make: (_, fail) => sequenceGaps(fail) },
    keyBy: { make: (_, fail) => sequenceGaps(self, { keyBy: fail }) },
    epochOf: { make: (_, fail) => sequenceGaps(self, { epochOf: fail }) },
    previousOf: { make: (_, fail) => sequenceGaps(self, { previousOf: fail }) },
    'onEvent (gap)': { make: (_, fail) => sequenceGaps(self, { onEvent: fail }), messages: [1, 3] },
    'onEvent (from the timer)': {
      make: ({ scheduler }, fail) =>
        sequenceGaps(self, { scheduler, toleranceMs: 3, onEvent: fail }),
      messages: [1, 3],
    },
    'onEvent (request-failed)': {
      make: ({ scheduler }, fail) =>
        sequenceGaps(self, {
          scheduler,
          recover: { request: () => undefined as never },
          onEvent: ({ kind }) => kind === 'request-failed' && fail(),
        }),
      messages: [1, 3],
    },
  },
});
operatorContract(
  'sequenceGaps with toleranceMs and announced',
  ({ scheduler }) => sequenceGaps(self, { scheduler, toleranceMs: 5, announced: NEVER }),
  { describe, it },
);
operatorContract(
  'sequenceGaps with recover',
  ({ scheduler }) => sequenceGaps(self, { scheduler, recover: { request: () => NEVER } }),
  { describe, it },
);

describe('sequenceGaps finds what is missing', () => {
  it('passes everything on at once, in order of arrival', () => {
    const rig = watching();
    for (const n of [1, 2, 7, 5, 5, 6, 1]) {
      rig.send(n);
      expect(rig.values.at(-1)).toBe(n);
    }
    expect(rig.values).toEqual([1, 2, 7, 5, 5, 6, 1]);
  });

  it('says nothing about what is in order, and sets no timer', () => {
    const rig = watching().send(...numbers(5, 500));
    expect(rig.events).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  });

  it('reports a gap before it passes on the message behind it', () => {
    const rig = watching().send(1, 4);
    expect(rig.log).toStrictEqual([
      [0, 'next', 1],
      [0, 'event', gap(2, 3)],
      [0, 'next', 4],
    ]);
    expect(rig.clock.pending).toBe(0);
  });

  it('reports what is filled, how long it was missing, and by which message', () => {
    const rig = watching().send(1, 3).sendAt(70, 2);
    expect(rig.log.slice(-2)).toStrictEqual([
      [70, 'event', filled(2, 70)],
      [70, 'next', 2],
    ]);
  });

  it('reports a gap filled in pieces, piece by piece', () => {
    const rig = watching().send(1, 6).sendAt(1, 3).sendAt(2, 5).sendAt(3, 2).sendAt(4, 4);
    expect(rig.events).toEqual([gap(2, 5), filled(3, 1), filled(5, 2), filled(2, 3), filled(4, 4)]);
    expect(kinds(rig.complete())).toHaveLength(5);
  });

  it('takes the first number seen for the baseline, and those before it for late', () => {
    const rig = watching().send(100, 98);
    expect(rig.events).toStrictEqual([late(98, 2)]);
    expect(rig.values).toEqual([100, 98]);
  });

  it('misses what comes before the first message if `first` says so', () => {
    expect(watching({ first: 1 }).send(3).events).toEqual([gap(1, 2)]);
    expect(watching({ first: 1 }).send(1, 2).events).toEqual([]);
  });

  it('reports the gaps still open as lost, in order, when the source completes', () => {
    const rig = watching().send(1, 3, 7, 5).complete();
    expect(rig.log.slice(-4)).toEqual([
      [0, 'event', lost(2, 2, 'completed')],
      [0, 'event', lost(4, 4, 'completed')],
      [0, 'event', lost(6, 6, 'completed')],
      [0, 'complete'],
    ]);
  });

  it('reports nothing as lost when the source fails or nobody listens any more', () => {
    const error = new Error('gone');
    const failed = watching().send(1, 3).fail(error);
    expect(failed.error).toBe(error);
    expect(kinds(failed)).toEqual(['gap']);
    const left = watching({ toleranceMs: 10 }).send(1, 3);
    left.subscription.unsubscribe();
    left.clock.flush();
    expect(left.events).toEqual([]);
    expect(left.isClean).toBe(true);
  });

  it('takes a number already seen for a duplicate', () => {
    const rig = watching().send(1, 2, 1, 2);
    expect(rig.values).toEqual([1, 2, 1, 2]);
    expect(rig.events).toStrictEqual([duplicate(1, true), duplicate(2, true)]);
  });

  it("drops duplicates with duplicatePolicy 'drop'", () => {
    const rig = watching({ duplicatePolicy: 'drop' }).send(1, 4, 4, 2, 2, 1);
    expect(rig.values).toEqual([1, 4, 2]);
    expect(rig.events.filter(({ kind }) => kind === 'duplicate')).toEqual([
      duplicate(4, false),
      duplicate(2, false),
      duplicate(1, false),
    ]);
  });

  it("ends the stream with lostPolicy 'error' when numbers are given up", () => {
    const rig = watching({ lostPolicy: 'error', maxGaps: 1 }).send(1, 3, 6);
    expect(rig.error).toBeInstanceOf(GapUnrecoveredError);
    expect(rig.error).toMatchObject({ operator: 'sequenceGaps', first: 2, last: 2 });
    expect(rig.events.at(-1)).toEqual(lost(2, 2, 'overflow'));
    expect(rig.isClean).toBe(true);
  });

  it("fails instead of completing with lostPolicy 'error' when gaps are open at the end", () => {
    const rig = watching({ lostPolicy: 'error' }).send(1, 3).complete();
    expect(rig.error).toBeInstanceOf(GapUnrecoveredError);
    expect(rig.log.some(([, kind]) => kind === 'complete')).toBe(false);
  });
});

describe('sequenceGaps, as an operator,', () => {
  it('uses no state twice when it serves several subscriptions', () => {
    const kindsSeen: string[] = [];
    const operator = sequenceGaps<number>((n) => n, {
      onEvent: ({ kind }) => kindsSeen.push(kind),
    });
    of(1, 3).pipe(operator).subscribe();
    of(2, 4).pipe(operator).subscribe();
    expect(kindsSeen).toEqual(['gap', 'lost', 'gap', 'lost']);
  });

  it('emits the very objects that came in', () => {
    const messages = [{ seq: 1 }, { seq: 3 }, { seq: 2 }].map((message) => Object.freeze(message));
    const out: unknown[] = [];
    from(messages)
      .pipe(sequenceGaps((m) => m.seq))
      .subscribe((m) => out.push(m));
    out.forEach((message, index) => {
      expect(message).toBe(messages[index]);
    });
  });

  it('handles what is sent to it while it emits afterwards', () => {
    const source = new Subject<number>();
    const out: number[] = [];
    const events: string[] = [];
    source
      .pipe(sequenceGaps((n) => n, { onEvent: ({ kind }) => events.push(kind) }))
      .subscribe((n) => {
        if (n === 3) source.next(2);
        out.push(n);
      });
    source.next(1);
    source.next(3);
    expect(out).toEqual([1, 3, 2]);
    expect(events).toEqual(['gap', 'filled']);
  });

  it('stops at once when onEvent unsubscribes', () => {
    const source = new Subject<number>();
    const out: number[] = [];
    const onEvent = (): void => subscription.unsubscribe();
    const subscription = source
      .pipe(sequenceGaps((n) => n, { onEvent }))
      .subscribe((n) => out.push(n));
    for (const n of [1, 3, 4]) source.next(n);
    expect(out).toEqual([1]);
    expect(source.observed).toBe(false);
  });

  it('recovers, falls back and evicts where nobody listens to events, too', () => {
    const out: string[] = [];
    const messages = ['a1', 'a3', 'b1', 'a1'];
    const failing = (): Observable<string> => throwError(() => new Error('broken'));
    from(messages)
      .pipe(
        sequenceGaps((text) => Number(text[1]), {
          keyBy: (text) => text[0],
          maxKeys: 1,
          recover: { request: failing, fallback: failing, maxAttempts: 1 },
        }),
      )
      .subscribe((text) => out.push(text));
    expect(out).toEqual(messages);
  });

  it.each([
    ['announced', { announced: 5 }, 'an Observable, or what `from` takes, got 5'],
    [
      'recover.timeoutMs',
      { recover: { timeoutMs: 0 } },
      'a number of milliseconds, 1 or more, got 0',
    ],
    [
      'recover.backoff.factor',
      { recover: { backoff: { factor: 0 } } },
      'a number, 1 or more, got 0',
    ],
    [
      'recover.backoff.maxMs',
      { recover: { backoff: { maxMs: 0 } } },
      'a number of milliseconds, 1 or more, got 0',
    ],
    [
      'recover.backoff.jitter',
      { recover: { backoff: { jitter: 2 } } },
      'a number from 0 to 1, got 2',
    ],
  ])('H43: says what %s must be', (option, options, mustBe) => {
    const recover = 'recover' in options ? { request: () => [], ...options.recover } : undefined;
    expect(() => sequenceGaps(self, { ...options, recover } as never)).toThrow(
      `sequenceGaps: option \`${option}\` must be ${mustBe}`,
    );
  });
});
