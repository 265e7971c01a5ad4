/** dedupeWithin in marble diagrams, on rxjs's TestScheduler. */
import { mergeMap, Observable, of, take } from 'rxjs';
import { dedupeWithin } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { marbles } from '../../support/marbles.js';

describe('dedupeWithin, in marbles,', () => {
  it('drops repeats within the time and passes them afterwards', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-b-a--a-b|');
      const expected = '    -a-b----a-b|';
      expectObservable(source.pipe(dedupeWithin(7))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^----------!');
    });
  });

  it('passes a repeat exactly at the end of the time', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('a----a----a|').pipe(dedupeWithin(5))).toBe('a----a----a|');
      expectObservable(hot('a----a----a|').pipe(dedupeWithin(6))).toBe('a---------a|');
    });
  });

  it('remembers across hours', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('a 120m a 120m a|');
      expectObservable(source.pipe(dedupeWithin(180 * 60_000))).toBe('a 240m -a|');
    });
  });

  it('never completes by itself: never, empty, throw', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const [never, empty, thrown] = [hot('-'), cold('|'), cold('#')];
      expectObservable(never.pipe(dedupeWithin(5))).toBe('-');
      expectObservable(empty.pipe(dedupeWithin(5))).toBe('|');
      expectObservable(thrown.pipe(dedupeWithin(5))).toBe('#');
      expectSubscriptions(never.subscriptions).toBe('^');
      expectSubscriptions(empty.subscriptions).toBe('(^!)');
      expectSubscriptions(thrown.subscriptions).toBe('(^!)');
    });
  });

  it('passes the error of the source on', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('aab#');
      expectObservable(source.pipe(dedupeWithin(5))).toBe('a-b#');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  it('allows unsubscribing explicitly and early', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-a-b-c|');
      expectObservable(source.pipe(dedupeWithin(5)), '-----!').toBe('a---b-');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('does not break unsubscription chains when the result is unsubscribed explicitly', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-a-b-c|');
      const result = source.pipe(
        mergeMap((m) => of(m)),
        dedupeWithin(5),
        mergeMap((m) => of(m)),
      );
      expectObservable(result, '-----!').toBe('a---b-');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('has its own state for each subscriber, whenever it comes', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-a-b-a|');
      const result = source.pipe(dedupeWithin(50));
      expectObservable(result, '-^------').toBe('--a-b--|');
      expectObservable(result, '---^----').toBe('----b-a|');
      expectSubscriptions(source.subscriptions).toBe(['-^-----!', '---^---!']);
    });
  });

  it('remembers a count, a sequence or a watermark just as well', () => {
    marbles(({ hot, expectObservable }) => {
      const codeOf = (m: string): number => m.charCodeAt(0);
      const count = dedupeWithin<string>({ kind: 'count', count: 1 });
      expectObservable(hot('aabba|').pipe(count)).toBe('a-b-a|');
      const sequence = dedupeWithin<string>({ kind: 'sequence', size: 3, sequenceOf: codeOf });
      expectObservable(hot('acbcfdc|').pipe(sequence)).toBe('acb-fd-|');
      const watermark = dedupeWithin<string>({
        kind: 'watermark',
        eventTimeOf: codeOf,
        delayMs: 2,
      });
      expectObservable(hot('acbcfed|').pipe(watermark)).toBe('acb-fe-|');
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
    source.pipe(dedupeWithin(5), take(3)).subscribe();
    expect(sent).toEqual([0, 1, 2]);
  });
});
