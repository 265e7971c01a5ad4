/** sequenceGaps in marble diagrams, on rxjs's TestScheduler; letters are numbered in alphabetical order. */
import { map, mergeMap, Observable, of, take } from 'rxjs';
import { isGapMarker, sequenceGaps, type SequenceGapsOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { marbles } from '../../support/marbles.js';

const codeOf = (letter: string): number => letter.charCodeAt(0);
const letters = (options: Omit<SequenceGapsOptions<string>, 'markers'> = {}) =>
  sequenceGaps<string>(codeOf, options);
/** Marks where numbers are missing with '?'. */
const marked =
  (options: SequenceGapsOptions<string> & { markers: 'detected' | 'lost' }) =>
  (source: Observable<string>): Observable<string> =>
    source.pipe(
      sequenceGaps<string>(codeOf, options),
      map((value) => (isGapMarker(value) ? '?' : value)),
    );

describe('sequenceGaps, in marbles,', () => {
  it('passes everything on as it comes', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-c--b-b-z-|');
      expectObservable(source.pipe(letters())).toBe('-a-c--b-b-z-|');
      expectSubscriptions(source.subscriptions).toBe('^-----------!');
    });
  });

  it('marks a gap where it is detected', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot(' -a---d----|');
      const expected = '   -a---(?d)-|';
      expectObservable(source.pipe(marked({ markers: 'detected' }))).toBe(expected);
    });
  });

  it('marks it when the tolerance is over', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot(' -a-d--------|');
      const expected = '   -a-d----?---|';
      const options = { markers: 'detected', toleranceMs: 5 } as const;
      expectObservable(source.pipe(marked(options))).toBe(expected);
    });
  });

  it('marks nothing that is filled in time', () => {
    marbles(({ hot, expectObservable }) => {
      const options = { markers: 'detected', toleranceMs: 5 } as const;
      expectObservable(hot('-a-c---b-|').pipe(marked(options))).toBe('-a-c---b-|');
    });
  });

  it('marks what is lost on completion', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('a-c|').pipe(marked({ markers: 'lost' }))).toBe('a-c(?|)');
      expectObservable(hot('a-c#').pipe(marked({ markers: 'lost' }))).toBe('a-c#');
    });
  });

  it('merges the answer to a request when it comes', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-d-------e-|');
      const answer = cold('    ---b-c-|');
      const expected = '    -a-d--b-c--e-|';
      expectObservable(source.pipe(letters({ recover: { request: () => answer } }))).toBe(expected);
      expectSubscriptions(answer.subscriptions).toBe('---^----!');
      expectSubscriptions(source.subscriptions).toBe('^------------!');
    });
  });

  it('drops a request when the originals come', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-d-b-c---e-|');
      const answer = cold('    ------b-c|');
      const options = { recover: { request: () => answer } };
      expectObservable(source.pipe(letters(options))).toBe('-a-d-b-c---e-|');
      expectSubscriptions(answer.subscriptions).toBe('---^---!');
    });
  });

  it('asks again after the timeout, then gives up', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  a-c----------------------|');
      const expected = '    a-c--------------------?-|';
      const answer = cold('   -');
      const attempts = ['     --^--!', '-----^-----!', '-----------^-----------!'];
      const recover = { request: () => answer, timeoutMs: 3, maxAttempts: 3 };
      expectObservable(source.pipe(marked({ markers: 'lost', recover }))).toBe(expected);
      expectSubscriptions(answer.subscriptions).toBe(attempts);
    });
  });

  it('finds the tail that an announcement names', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('    -a----------|');
      const announced = hot(' ----b--c|', { b: codeOf('b'), c: codeOf('b') });
      const expected = '      -a--?-------|';
      expectObservable(source.pipe(marked({ markers: 'detected', announced }))).toBe(expected);
      expectSubscriptions(announced.subscriptions).toBe('^-------!');
    });
  });

  it('passes on the error of the announcements', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('    -a----------|');
      const announced = hot<number>(' ----#');
      expectObservable(source.pipe(letters({ announced }))).toBe('-a--#');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  it('handles never, empty and throw', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const [never, empty, thrown] = [hot('-'), cold('|'), cold('#')];
      expectObservable(never.pipe(letters())).toBe('-');
      expectObservable(empty.pipe(letters())).toBe('|');
      expectObservable(thrown.pipe(letters())).toBe('#');
      expectSubscriptions(never.subscriptions).toBe('^');
      expectSubscriptions(empty.subscriptions).toBe('(^!)');
      expectSubscriptions(thrown.subscriptions).toBe('(^!)');
    });
  });

  it('allows unsubscribing explicitly and early, while it waits for an answer', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-d-------e-|');
      const answer = cold('    ---b-c-|');
      const options = { recover: { request: () => answer } };
      expectObservable(source.pipe(letters(options)), '-------!').toBe('-a-d--b-');
      expectSubscriptions(answer.subscriptions).toBe('---^---!');
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
  });

  it('does not break unsubscription chains when the result is unsubscribed explicitly', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-c--b-d-|');
      const result = source.pipe(
        mergeMap((letter) => of(letter)),
        letters({ toleranceMs: 100 }),
        mergeMap((letter) => of(letter)),
      );
      expectObservable(result, '-------!').toBe('-a-c--b-');
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
  });

  it('completes with the source although an answer is awaited', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-d-|');
      const answer = cold('    ------b');
      const options = { recover: { request: () => answer } };
      expectObservable(source.pipe(letters(options))).toBe('-a-d-|');
      expectSubscriptions(answer.subscriptions).toBe('---^-!');
    });
  });

  it('stops listening to a synchronous source when unsubscribed', () => {
    const sent: number[] = [];
    const source = new Observable<number>((subscriber) => {
      for (let n = 0; !subscriber.closed && n < 10; n += 1) {
        sent.push(n);
        subscriber.next(n);
      }
    });
    source
      .pipe(
        sequenceGaps((n) => n),
        take(3),
      )
      .subscribe();
    expect(sent).toEqual([0, 1, 2]);
  });
});
