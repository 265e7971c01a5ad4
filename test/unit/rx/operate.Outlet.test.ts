import {
  firstValueFrom,
  from,
  Observable,
  type ObservableInput,
  of,
  Subject,
  type Subscription,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Inlet, operate, type Outlet } from '../../../src/rx/operate.js';
import { passing, counted, firehose, failure, fail } from '../../support/passing.js';
import { record } from '../../support/record.js';

describe('Outlet', () => {
  /** Hands out the outlet of a subscription. */
  function open<T = unknown>() {
    const source = new Subject<T>();
    let given: Outlet<T> | undefined;
    const log: unknown[] = record(
      source.pipe(
        passing<T>((outlet) => {
          given = outlet;
          return {};
        }),
      ),
    );
    if (given === undefined) throw new Error('no outlet');
    return { source, outlet: given, log };
  }

  describe('interlude', () => {
    it('handles at once what comes of its work', () => {
      const { outlet } = open();
      const order: string[] = [];
      outlet.enter(() => {
        outlet.interlude(() => {
          outlet.enter(() => order.push('inner'));
          order.push('work');
        });
        expect(outlet.busy).toBe(true);
        order.push('entry');
      });
      expect(order).toEqual(['inner', 'work', 'entry']);
      expect(outlet.busy).toBe(false);
    });

    it('lets others who wait come first', () => {
      const { outlet } = open();
      const order: string[] = [];
      outlet.enter(() => {
        outlet.enter(() => {
          order.push('waiting');
          outlet.interlude(() => {
            outlet.enter(() => order.push('of the waiting'));
          });
          order.push('waiting goes on');
        });
        outlet.interlude(() => {
          outlet.enter(() => order.push('inner'));
        });
        order.push('entry');
      });
      expect(order).toEqual(['entry', 'waiting', 'waiting goes on', 'inner', 'of the waiting']);
    });

    it('outside of an entry is nothing special', () => {
      const { outlet } = open();
      const order: string[] = [];
      outlet.interlude(() => outlet.enter(() => order.push('work')));
      expect([order, outlet.busy]).toEqual([['work'], false]);
    });

    it('goes on with the entry when its work throws', () => {
      const { outlet, log } = open();
      outlet.enter(() => {
        expect(() => {
          outlet.interlude(fail);
        }).toThrow(failure);
        expect(outlet.busy).toBe(true);
      });
      expect([outlet.busy, log]).toEqual([false, []]);
    });
  });

  describe('enter', () => {
    it('runs work at once, and what it enters after it', () => {
      const { outlet } = open();
      const order: number[] = [];
      outlet.enter(() => {
        outlet.enter(() => order.push(2));
        outlet.enter(() => {
          order.push(3);
          outlet.enter(() => order.push(4));
        });
        order.push(1);
      });
      expect(order).toEqual([1, 2, 3, 4]);
      expect(outlet.busy).toBe(false);
    });

    it('makes what work throws the error of the stream, and is free again', () => {
      const { outlet, log, source } = open();
      outlet.enter(fail);
      expect(log).toEqual([failure]);
      expect(outlet.busy).toBe(false);
      expect(source.observed).toBe(false);
    });

    it('forgets what waits when the stream ends', () => {
      const { outlet, log } = open();
      const order: number[] = [];
      outlet.enter(() => {
        outlet.enter(() => {
          order.push(1);
          outlet.complete();
        });
        outlet.enter(() => order.push(2));
      });
      expect(order).toEqual([1]);
      expect(log).toEqual(['|']);
      expect(outlet.busy).toBe(false);
    });
  });

  describe('whileOpen', () => {
    it('hands events on until the stream has ended', () => {
      const { outlet } = open();
      const events: string[] = [];
      const report = outlet.whileOpen((event: string) => events.push(event));
      report('one');
      outlet.complete();
      report('two');
      expect(events).toEqual(['one']);
    });

    it('makes a promise that is rejected the error of the stream', async () => {
      const { outlet, log, source } = open();
      const report = outlet.whileOpen(() => Promise.reject(failure));
      report('one');
      expect(log).toEqual([]);
      await Promise.resolve();
      await Promise.resolve();
      expect(log).toEqual([failure]);
      expect(source.observed).toBe(false);
    });

    it('lets a promise be rejected when the stream has ended', async () => {
      const { outlet, log } = open();
      const rejections: unknown[] = [];
      const listener = (error: unknown): void => void rejections.push(error);
      process.on('unhandledRejection', listener);
      outlet.whileOpen(() => Promise.reject(failure))('one');
      outlet.complete();
      await new Promise((resolve) => setTimeout(resolve, 5));
      process.off('unhandledRejection', listener);
      expect([log, rejections]).toEqual([['|'], []]);
    });

    it('takes whatever else is returned for nothing', () => {
      const { outlet, log } = open();
      for (const value of [null, 0, 'text', {}, { then: 1 }]) {
        outlet.whileOpen(() => value)('one');
      }
      expect(log).toEqual([]);
    });
  });

  describe('fail', () => {
    it('gives account once, before the error', () => {
      const { outlet, log } = open();
      outlet.onFailure = () => log.push('account');
      outlet.fail(failure);
      outlet.fail(new Error('another'));
      expect(log).toEqual(['account', failure]);
      expect(outlet.closed).toBe(true);
    });

    it('of what fails inside the account counts the first error only', () => {
      const { outlet, log } = open();
      outlet.onFailure = () => {
        outlet.fail(new Error('inside'));
        fail();
      };
      const first = new Error('first');
      outlet.fail(first);
      expect(log.length).toBe(1);
      expect(log[0]).toSatisfy((error) => error instanceof Error && error !== failure);
    });

    it('survives an account that throws', () => {
      const { outlet, log } = open();
      outlet.onFailure = fail;
      const first = new Error('first');
      outlet.fail(first);
      expect(log).toEqual([first]);
      expect(log[0]).toBe(first);
    });

    it('gives account of an error of the source', () => {
      const { outlet, log, source } = open();
      outlet.onFailure = () => log.push('account');
      source.error(failure);
      expect(log).toEqual(['account', failure]);
    });

    it('gives no account once the stream has ended', () => {
      const { outlet, source, log } = open();
      let accounts = 0;
      outlet.onFailure = () => (accounts += 1);
      source.complete();
      outlet.fail(failure);
      expect(log).toEqual(['|']);
      expect(accounts).toBe(0);
    });

    it('gives no account of a completion', () => {
      const { outlet, log, source } = open();
      outlet.onFailure = () => log.push('account');
      source.complete();
      expect(log).toEqual(['|']);
    });
  });

  it.each(['complete', 'error', 'unsubscribe'] as const)('tears down once, at %s', (how) => {
    const source = new Subject<number>();
    let count = 0;
    const subscription = source
      .pipe(
        passing<number>((outlet) => {
          outlet.onTeardown(() => (count += 1));
          return {};
        }),
      )
      .subscribe({ error: () => undefined });
    if (how === 'complete') source.complete();
    else if (how === 'error') source.error(failure);
    subscription.unsubscribe();
    expect(count).toBe(1);
  });

  describe('listen', () => {
    /** An operator that also listens to `input`, and logs what it hears. */
    function listening<I>(
      input: () => ObservableInput<I>,
      inlet: Partial<Inlet<I>> = {},
      limit?: number,
    ) {
      const heard: unknown[] = [];
      let listener: Subscription | undefined;
      const operator = operate<number, number>((outlet) => {
        listener = outlet.listen<I>(
          input,
          {
            next: (value) => heard.push(value),
            complete: () => heard.push('|'),
            ...inlet,
          },
          limit,
        );
        return {
          next: (value) => {
            outlet.next(value);
          },
        };
      });
      return { heard, operator, listener: () => listener };
    }

    it('subscribes before the source', () => {
      const order: string[] = [];
      const tracing = (name: string) =>
        new Observable<number>(() => {
          order.push(name);
        });
      record(tracing('source').pipe(listening(() => tracing('notifier')).operator));
      expect(order).toEqual(['notifier', 'source']);
    });

    it('hears values and the end, and leaves when the stream is left', () => {
      const notifier = new Subject<string>();
      const { heard, operator } = listening<string>(() => notifier);
      const subscription = new Subject<number>().pipe(operator).subscribe();
      notifier.next('a');
      expect(heard).toEqual(['a']);
      subscription.unsubscribe();
      expect(notifier.observed).toBe(false);
      notifier.next('b');
      expect(heard).toEqual(['a']);
    });

    it('can be left alone', () => {
      const notifier = new Subject<string>();
      const { heard, operator, listener } = listening<string>(() => notifier);
      const log = record(new Subject<number>().pipe(operator));
      listener()?.unsubscribe();
      notifier.next('a');
      notifier.complete();
      expect(heard).toEqual([]);
      expect(log).toEqual([]);
    });

    it('takes whatever `from` takes', async () => {
      for (const input of [[1, 2], new Set([1, 2]), of(1, 2)]) {
        const { heard, operator } = listening<number>(() => input);
        record(new Subject<number>().pipe(operator));
        expect(heard).toEqual([1, 2, '|']);
      }
      const promised = listening<number>(() => Promise.resolve(1));
      record(new Subject<number>().pipe(promised.operator));
      await Promise.resolve();
      await Promise.resolve();
      expect(promised.heard).toEqual([1, '|']);
    });

    it.each([undefined, null, 7, {}])('finds %s an error to its inlet', (input) => {
      const errors: unknown[] = [];
      const { operator } = listening<number>(() => input as Observable<number>, {
        error: (error) => errors.push(error),
      });
      const log = record(of(1).pipe(operator));
      expect(errors).toEqual([expect.any(TypeError)]);
      expect(log).toEqual([1, '|']);
    });

    it('hands what the input throws, and its error, to the inlet', () => {
      for (const input of [fail, () => throwError(() => failure)]) {
        const errors: unknown[] = [];
        const { operator } = listening<number>(input, { error: (error) => errors.push(error) });
        expect(record(of(1).pipe(operator))).toEqual([1, '|']);
        expect(errors).toEqual([failure]);
      }
    });

    it('ends the stream with an error that the inlet does not handle, and subscribes no source', () => {
      const { observable, counts } = counted(of(1));
      const { operator } = listening<number>(() => throwError(() => failure));
      expect(record(observable.pipe(operator))).toEqual([failure]);
      expect(counts.subscribed).toBe(0);
    });

    it('completes the stream with a completion that the inlet does not handle', () => {
      const source = new Subject<number>();
      const notifier = new Subject<number>();
      const operator = operate<number, number>((outlet) => {
        outlet.listen(() => notifier, { next: () => undefined });
        return {
          next: (value) => {
            outlet.next(value);
          },
        };
      });
      const log = record(source.pipe(operator));
      notifier.complete();
      expect(log).toEqual(['|']);
      expect(source.observed).toBe(false);
    });

    it('makes what the inlet throws the error of the stream', () => {
      const notifier = new Subject<number>();
      const { operator } = listening<number>(() => notifier, { next: fail });
      const source = new Subject<number>();
      const log = record(source.pipe(operator));
      notifier.next(1);
      expect(log).toEqual([failure]);
      expect(source.observed).toBe(false);
      expect(notifier.observed).toBe(false);
    });

    it('takes at most `limit` values; one more ends it', () => {
      const notifier = new Subject<number>();
      const { heard, operator } = listening<number>(() => notifier, {}, 2);
      record(new Subject<number>().pipe(operator));
      notifier.next(1);
      notifier.next(2);
      expect(notifier.observed).toBe(true);
      notifier.next(3);
      expect(heard).toEqual([1, 2, '|']);
      expect(notifier.observed).toBe(false);
    });

    it('stops a synchronous firehose at the limit', () => {
      const { observable, emitted } = firehose();
      const { heard, operator } = listening<number>(() => observable, {}, 3);
      record(new Subject<number>().pipe(operator));
      expect(heard).toEqual([0, 1, 2, '|']);
      expect(emitted()).toBe(4);
    });

    it('lets what it hears wait for the entry being handled', () => {
      const source = new Subject<number>();
      const notifier = new Subject<number>();
      const log: string[] = [];
      const operator = operate<number, number>((outlet) => {
        outlet.listen(() => notifier, {
          next: (value) => log.push(`heard ${String(value)}`),
          complete: () => log.push('heard the end'),
        });
        return {
          next: (value) => {
            outlet.next(value);
            log.push(`done ${String(value)}`);
          },
        };
      });
      source.pipe(operator).subscribe(() => {
        notifier.next(7);
        notifier.complete();
      });
      source.next(1);
      expect(log).toEqual(['done 1', 'heard 7', 'heard the end']);
    });

    it('is deaf after it was left, even to what already waits', () => {
      const source = new Subject<number>();
      const notifier = new Subject<number>();
      const heard: number[] = [];
      const operator = operate<number, number>((outlet) => {
        const listener = outlet.listen(() => notifier, { next: (value) => heard.push(value) });
        return {
          next: (value) => {
            outlet.next(value);
            listener.unsubscribe();
          },
        };
      });
      source.pipe(operator).subscribe(() => {
        notifier.next(7);
      });
      source.next(1);
      expect(heard).toEqual([]);
    });

    it('asks for nothing once the stream has ended', () => {
      const { outlet } = open();
      outlet.complete();
      let asked = 0;
      outlet.listen(
        () => {
          asked += 1;
          return of(1);
        },
        { next: () => undefined },
      );
      expect(asked).toBe(0);
    });
  });

  it('works in a chain of operators', async () => {
    const result = firstValueFrom(
      from([1, 2, 3]).pipe(passing(), passing(), passing(), take(2), toArray()),
    );
    await expect(result).resolves.toEqual([1, 2]);
  });
});
