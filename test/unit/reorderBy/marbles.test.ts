/** reorderBy in marble diagrams, on rxjs's TestScheduler; letters are in alphabetical order. */
import { concatMap, mergeMap, of, take, Observable } from 'rxjs';
import { reorderBy, type ReorderByOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { marbles } from '../../support/marbles.js';

const letters = (options: ReorderByOptions<string> = {}) =>
  reorderBy<string>((letter) => letter.charCodeAt(0), options);

describe('reorderBy, in marbles,', () => {
  it('passes what is in order', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a--b-c---d--|');
      expectObservable(source.pipe(letters())).toBe('-a--b-c---d--|');
      expectSubscriptions(source.subscriptions).toBe('^------------!');
    });
  });

  it('emits what fills the hole together with what it held', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-c-d---b-----e-|');
      expectObservable(source.pipe(letters())).toBe('-a-------(bcd)-e-|');
      expectSubscriptions(source.subscriptions).toBe('^----------------!');
    });
  });

  it('skips the hole maxWaitMs after the first message behind it', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-c-d------e-|');
      const expected = '    -a------(cd)e-|';
      expectObservable(source.pipe(letters({ maxWaitMs: 5 }))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^-------------!');
    });
  });

  it('waits 1 s if not told otherwise', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' -ac 3s |');
      expectObservable(source.pipe(letters())).toBe('-a 1000ms c 2s |');
      expectSubscriptions(source.subscriptions).toBe('^ 3002ms !');
    });
  });

  it('waits half an hour if told to', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('ac 40m |');
      expectObservable(source.pipe(letters({ maxWaitMs: 1_800_000 }))).toBe('a 30m c 10m |');
    });
  });

  it('flushes on completion', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-d-c-|');
      expectObservable(source.pipe(letters())).toBe('-a-----(cd|)');
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
  });

  it('discards on error', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-d-c-#');
      expectObservable(source.pipe(letters())).toBe('-a-----#');
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
  });

  it('handles never, empty and throw', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const [never, empty, thrown] = [hot('-'), cold('|'), cold('#')];
      expectObservable(never.pipe(letters()), '^ 9s !').toBe('-');
      expectObservable(empty.pipe(letters())).toBe('|');
      expectObservable(thrown.pipe(letters())).toBe('#');
      expectSubscriptions(never.subscriptions).toBe('^ 9s !');
      expectSubscriptions(empty.subscriptions).toBe('(^!)');
      expectSubscriptions(thrown.subscriptions).toBe('(^!)');
    });
  });

  it('allows unsubscribing explicitly and early', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-c--b-d-|');
      expectObservable(source.pipe(letters()), '-----!').toBe('-a----');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('does not break unsubscription chains when the result is unsubscribed explicitly', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-c--b-d-|');
      const result = source.pipe(
        mergeMap((letter) => of(letter)),
        letters(),
        mergeMap((letter) => of(letter)),
      );
      expectObservable(result, '-------!').toBe('-a----(bc)');
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
  });

  it('lets the source go when take has enough, amid a flush', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-d-c-b-e-|');
      expectObservable(source.pipe(letters(), take(3))).toBe('-a-----(bc|)');
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
  });

  it('has its own state for each subscriber, whenever it comes', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('    a-b-d-c----e|');
      const result = source.pipe(letters());
      const early = '         ^-----------!';
      const late = '          ----^-------!';
      expectObservable(result, early).toBe('a-b---(cd)-e-');
      expectObservable(result, late).toBe(' ----d------e-');
      expectSubscriptions(source.subscriptions).toBe([early, late]);
    });
  });

  it('collects for startWaitMs at the beginning', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot('  --c-b-a-----d-|');
      expectObservable(source.pipe(letters({ startWaitMs: 5 }))).toBe('-------(abc)d-|');
    });
  });

  it('holds sparse numbers maxWaitMs each', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot('  -d-b---h-----|');
      const expected = '    ------(bd)--h|';
      expectObservable(source.pipe(letters({ by: 'sparse', maxWaitMs: 5 }))).toBe(expected);
    });
  });

  it('follows the watermark of event times', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot('  -c-b-f--g---|');
      const expected = '    -----(bc)---(fg|)';
      const byTime = letters({ by: 'time', boundMs: 2, maxWaitMs: 100 });
      expectObservable(source.pipe(byTime)).toBe(expected);
    });
  });

  it('makes no difference between a cold and a hot source', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const [diagram, expected] = ['a-c---b-e----|', 'a----c-----e-|'];
      expectObservable(cold(diagram).pipe(letters({ maxWaitMs: 3 }))).toBe(expected);
      expectObservable(hot(diagram).pipe(letters({ maxWaitMs: 3 }))).toBe(expected);
    });
  });

  it('goes into concatMap in order', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const source = hot('acb---|');
      const result = source.pipe(
        letters(),
        concatMap((letter) => cold(`--(${letter}|)`)),
      );
      expectObservable(result).toBe('--a-b-(c|)');
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
        reorderBy((n) => n),
        take(3),
      )
      .subscribe();
    expect(sent).toEqual([0, 1, 2]);
  });
});
