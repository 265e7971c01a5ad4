import { config, Observable, of, Subject, type Subscription, take, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Inlet, operate } from '../../../src/rx/operate.js';
import { passing, counted, firehose, failure, fail } from '../../support/passing.js';
import { record } from '../../support/record.js';

describe('operate', () => {
  it('passes values, completion and errors on', () => {
    expect(record(of(1, 2).pipe(passing()))).toEqual([1, 2, '|']);
    expect(record(throwError(() => failure).pipe(passing()))).toEqual([failure]);
  });

  it('does nothing before it is subscribed, and has state for each subscription', () => {
    let made = 0;
    const counting = operate<number, number>((outlet) => {
      made += 1;
      let sum = 0;
      return {
        next: (value) => {
          outlet.next((sum += value));
        },
      };
    });
    const summed = of(1, 2, 3).pipe(counting);
    expect(made).toBe(0);
    expect(record(summed)).toEqual([1, 3, 6, '|']);
    expect(record(summed)).toEqual([1, 3, 6, '|']);
    expect(record(of(5).pipe(counting))).toEqual([5, '|']);
    expect(made).toBe(3);
  });

  it.each([0, 1, 2, 5])('lets a synchronous firehose stop at take(%i)', (count) => {
    const { observable, emitted } = firehose();
    const log = record(observable.pipe(passing(), take(count)));
    expect(log).toEqual([...Array.from({ length: count }, (_, n) => n), '|']);
    expect(emitted()).toBe(count);
  });

  it('has RxJS tell of what comes after the end, where that is wanted', async () => {
    const told: unknown[] = [];
    config.onStoppedNotification = ({ kind }) => told.push(kind);
    const rude = new Observable<number>((subscriber) => {
      for (const end of [true, false]) {
        if (end) subscriber.complete();
        else subscriber.next(1);
      }
    });
    expect(record(rude.pipe(passing()))).toEqual(['|']);
    await new Promise((resolve) => setTimeout(resolve, 1));
    config.onStoppedNotification = null;
    expect(told).toEqual(['N']);
  });

  it('leaves the source when it is left, once', () => {
    const source = new Subject<number>();
    const { observable, counts } = counted(source);
    const subscription = observable.pipe(passing()).subscribe();
    expect(counts.active).toBe(1);
    subscription.unsubscribe();
    subscription.unsubscribe();
    expect(counts).toEqual({ subscribed: 1, tornDown: 1, active: 0 });
    expect(source.observed).toBe(false);
  });

  it.each<keyof Inlet<number>>(['next', 'error', 'complete'])(
    'makes what %s throws the error of the stream, the same object, and leaves the source',
    (kind) => {
      const source = new Subject<number>();
      const { observable, counts } = counted(source);
      const log = record(observable.pipe(passing<number>(() => ({ [kind]: fail }))));
      if (kind === 'next') source.next(1);
      else if (kind === 'error') source.error(new Error('source'));
      else source.complete();
      expect(log).toEqual([failure]);
      expect(log[0]).toBe(failure);
      expect(counts.active).toBe(0);
      source.next(2);
      expect(log.length).toBe(1);
    },
  );

  it('makes what the set-up throws the error of the stream, and subscribes no source', () => {
    const { observable, counts } = counted(of(1));
    expect(record(observable.pipe(operate(fail)))).toEqual([failure]);
    expect(counts.subscribed).toBe(0);
  });

  it('lets an inlet decide what an error or the completion of the source means', () => {
    const source = throwError(() => failure);
    const recovering = passing<string>((outlet) => ({
      error: (error) => {
        outlet.next(error === failure ? 'recovered' : 'other');
        outlet.complete();
      },
    }));
    expect(record(source.pipe(recovering))).toEqual(['recovered', '|']);
    const adding = passing<number>((outlet) => ({
      complete: () => {
        outlet.next(9);
        outlet.complete();
      },
    }));
    expect(record(of(1).pipe(adding))).toEqual([1, 9, '|']);
  });

  it('ignores what a bad source emits after its end', () => {
    const bad = new Observable<number>((subscriber) => {
      const steps = [
        () => {
          subscriber.next(1);
        },
        () => {
          subscriber.complete();
        },
        () => {
          subscriber.next(2);
        },
        () => {
          subscriber.error(failure);
        },
        () => {
          subscriber.complete();
        },
      ];
      for (const step of steps) step();
    });
    expect(record(bad.pipe(passing()))).toEqual([1, '|']);
    let nexts = 0;
    const deaf = passing<number>(() => ({
      next: () => {
        nexts += 1;
      },
      complete: () => undefined,
    }));
    expect(record(bad.pipe(deaf))).toEqual([]);
    expect(nexts).toBe(1);
  });

  it('leaves the source as soon as it has ended, before the completion is handled', () => {
    const source = new Subject<number>();
    const { observable, counts } = counted(source);
    const seen: number[] = [];
    const watching = passing<number>((outlet) => ({
      complete: () => {
        seen.push(counts.active);
        outlet.complete();
      },
    }));
    record(observable.pipe(watching));
    source.complete();
    expect(seen).toEqual([0]);
  });

  it('stops when it is left inside next', () => {
    const source = new Subject<number>();
    const log: number[] = [];
    const doubling = passing<number>((outlet) => ({
      next: (value) => {
        for (let copy = 0; copy < 1_000 && !outlet.closed; copy += 1) outlet.next(value);
      },
    }));
    const subscription: Subscription = source.pipe(doubling).subscribe((value) => {
      log.push(value);
      if (log.length === 3) subscription.unsubscribe();
    });
    source.next(7);
    source.next(8);
    expect(log).toEqual([7, 7, 7]);
    expect(source.observed).toBe(false);
  });

  describe('what arrives while an entry is handled', () => {
    it('waits for its end, in order', () => {
      const source = new Subject<number>();
      const log: string[] = [];
      const echo = passing<number>((outlet) => ({
        next: (value) => {
          log.push(`in ${String(value)}`);
          outlet.next(value);
          log.push(`out ${String(value)}`);
        },
      }));
      source.pipe(echo).subscribe((value) => {
        if (value < 10) {
          source.next(value * 10);
          source.next(value * 10 + 1);
        }
      });
      source.next(1);
      expect(log).toEqual(['in 1', 'out 1', 'in 10', 'out 10', 'in 11', 'out 11']);
    });

    it('may follow 100,000 times without overflowing the stack', () => {
      const source = new Subject<number>();
      let last = -1;
      let inOrder = true;
      source.pipe(passing()).subscribe((value) => {
        inOrder &&= value === last + 1;
        last = value;
        if (value < 100_000) source.next(value + 1);
      });
      source.next(0);
      expect(last).toBe(100_000);
      expect(inOrder).toBe(true);
    });

    it('may branch, and keeps the order of arrival', () => {
      const source = new Subject<number>();
      const log: number[] = [];
      source.pipe(passing()).subscribe((value) => {
        log.push(value);
        if (value < 7) {
          source.next(value * 2);
          source.next(value * 2 + 1);
        }
      });
      source.next(1);
      expect(log).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    });

    it.each(['complete', 'error'] as const)('%s waits its turn, too', (end) => {
      const source = new Subject<number>();
      const log = record(source.pipe(passing()), (value) => {
        if (value !== 1) return;
        source.next(2);
        if (end === 'complete') source.complete();
        else source.error(failure);
        source.next(3);
      });
      source.next(1);
      expect(log).toEqual([1, 2, end === 'complete' ? '|' : failure]);
    });

    it('is dropped when the stream ended meanwhile', () => {
      const source = new Subject<number>();
      const log = record(source.pipe(passing(), take(2)), (value) => {
        if (value === 1) for (const next of [2, 3, 4]) source.next(next);
      });
      source.next(1);
      expect(log).toEqual([1, 2, '|']);
      expect(source.observed).toBe(false);
    });

    it('and throws ends the stream', () => {
      const source = new Subject<number>();
      const throwing = passing<number>((outlet) => ({
        next: (value) => {
          if (value === 2) throw failure;
          outlet.next(value);
        },
      }));
      const log = record(source.pipe(throwing), (value) => {
        if (value === 1) for (const next of [2, 3]) source.next(next);
      });
      source.next(1);
      expect(log).toEqual([1, failure]);
    });
  });
});
