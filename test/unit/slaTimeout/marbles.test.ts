/** slaTimeout in marble diagrams, on rxjs's TestScheduler: all runs end, because no timer is set while nothing is pending. */
import { map, mergeMap, of } from 'rxjs';
import { isSlaBreach, slaTimeout } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { marbles } from '../../support/marbles.js';

/** Breaches as 'x' among the messages. */
const marked = (ms: number) => slaTimeout<string>(ms, { markers: true, onEvent: () => undefined });
const shown = map((value: unknown) => (isSlaBreach(value) ? 'x' : value));

describe('slaTimeout, in marbles,', () => {
  it('passes a hot source on as it is', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-b------c-|');
      expectObservable(source.pipe(slaTimeout(3))).toBe('-a-b------c-|');
      expectSubscriptions(source.subscriptions).toBe('^-----------!');
    });
  });

  it('passes a cold source on as it is', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a-b------c-#');
      expectObservable(source.pipe(slaTimeout({ firstMs: 1, totalMs: 2 }))).toBe('-a-b------c-#');
      expectSubscriptions(source.subscriptions).toBe('^-----------!');
    });
  });

  it('marks each silence once', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot('   -a-b------c------|');
      const expected = '     -a-b---x--c---x--|';
      expectObservable(source.pipe(marked(4), shown)).toBe(expected);
    });
  });

  it('takes a message at the deadline for late', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('a---b').pipe(marked(4), shown)).toBe('a---(xb)x');
      expectObservable(hot('a--b-').pipe(marked(4), shown)).toBe('a--b---x');
    });
  });

  it('ends a run with a source that never does', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [silent, once] = [hot('-'), cold('-a')];
      expectObservable(silent.pipe(marked(5), shown)).toBe('-----x');
      expectObservable(once.pipe(marked(5), shown)).toBe('-a----x');
      expectSubscriptions(silent.subscriptions).toBe('^');
      expectSubscriptions(once.subscriptions).toBe('^');
    });
  });

  it('ends a run with an objective, too', () => {
    marbles(({ hot, expectObservable }) => {
      const objective = { ratio: 0.9, windowMs: 120 };
      const source = hot('a-b--c-');
      expectObservable(source.pipe(slaTimeout(9, { objective }))).toBe('a-b--c-');
    });
  });

  it('waits for months', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('a 57599m 59s 999ms b');
      expectObservable(source.pipe(marked(30 * 86_400_000), shown)).toBe(
        'a 43199m 59s 999ms x 14399m 59s 999ms b 43199m 59s 999ms x',
      );
    });
  });

  it('ends the stream with breachPolicy error', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b------c-|');
      const error: unknown = expect.objectContaining({
        limit: 'silence',
        deadlineMs: 6,
        elapsedMs: 3,
      });
      const result = source.pipe(slaTimeout(3, { breachPolicy: 'error' }));
      expectObservable(result).toBe('-a-b--#', undefined, error);
      expectSubscriptions(source.subscriptions).toBe('^-----!');
    });
  });

  it('goes on with something else with breachPolicy switch', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot(' -a-b------c-|');
      const spare = cold('       --x-y-|');
      const result = source.pipe(
        slaTimeout<string>(3, { breachPolicy: 'switch', switchTo: () => spare }),
      );
      expectObservable(result).toBe('-a-b----x-y-|');
      expectSubscriptions(source.subscriptions).toBe('^-----!');
      expectSubscriptions(spare.subscriptions).toBe('------^-----!');
    });
  });

  it('allows unsubscribing explicitly and early', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-a-b-c|');
      expectObservable(source.pipe(slaTimeout(5)), '-----!').toBe('a-a-b-');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('does not break unsubscription chains when the result is unsubscribed explicitly', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-a-b-c|');
      const result = source.pipe(
        mergeMap((m) => of(m)),
        slaTimeout(5),
        mergeMap((m) => of(m)),
      );
      expectObservable(result, '-----!').toBe('a-a-b-');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('has its own state for each subscriber, whenever it comes', () => {
    marbles(({ hot, expectObservable }) => {
      const result = hot('-a-----b---|').pipe(marked(4), shown);
      expectObservable(result).toBe('      -a---x-b---(x|)');
      expectObservable(result, '---^').toBe('-------(xb)(x|)');
    });
  });
});
