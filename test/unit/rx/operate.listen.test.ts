import { Observable, type ObservableInput, of, Subject, type Subscription, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Inlet, operate } from '../../../src/rx/operate.js';
import { openOutlet } from '../../support/openOutlet.js';
import { counted, fail, failure, firehose } from '../../support/passing.js';
import { record } from '../../support/record.js';

describe('Outlet, listen', () => {
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
    const { outlet } = openOutlet();
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
