import { firstValueFrom, from, Subject, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operate, type Outlet } from '../../../src/rx/operate.js';
import { openOutlet } from '../../support/openOutlet.js';
import { fail, failure, passing } from '../../support/passing.js';

describe('Outlet', () => {
  describe('interlude', () => {
    it('handles at once what comes of its work', () => {
      const { outlet } = openOutlet();
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
      const { outlet } = openOutlet();
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
      const { outlet } = openOutlet();
      const order: string[] = [];
      outlet.interlude(() => outlet.enter(() => order.push('work')));
      expect([order, outlet.busy]).toEqual([['work'], false]);
    });

    it('goes on with the entry when its work throws', () => {
      const { outlet, log } = openOutlet();
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
      const { outlet } = openOutlet();
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
      const { outlet, log, source } = openOutlet();
      outlet.enter(fail);
      expect(log).toEqual([failure]);
      expect(outlet.busy).toBe(false);
      expect(source.observed).toBe(false);
    });

    it('forgets what waits when the stream ends', () => {
      const { outlet, log } = openOutlet();
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

  describe('drain', () => {
    /** Logs the messages of the source and of another input that it listens to. */
    function two() {
      const source = new Subject<string>();
      const other = new Subject<string>();
      const order: string[] = [];
      let given: Outlet<string> | undefined;
      const operator = operate<string, string>((outlet) => {
        given = outlet;
        const inlet = {
          next: (value: string) => order.push(value),
          complete: () => order.push('end'),
        };
        outlet.listen(() => other, inlet);
        return inlet;
      });
      source.pipe(operator).subscribe();
      if (given === undefined) throw new Error('no outlet');
      return { source, other, order, outlet: given };
    }

    it('handles what arrived meanwhile, before the entry goes on', () => {
      const { other, order, outlet } = two();
      outlet.enter(() => {
        other.next('heard');
        outlet.enter(() => {
          order.push('entered');
          other.complete();
        });
        outlet.drain();
        order.push('entry');
      });
      expect(order).toEqual(['heard', 'entered', 'end', 'entry']);
    });

    it.each([
      [
        'a message',
        (source: Subject<string>) => {
          source.next('sent');
        },
        'sent',
      ],
      [
        'a completion',
        (source: Subject<string>) => {
          source.complete();
        },
        'end',
      ],
    ] as const)(
      'leaves %s of the source, and what comes after it, for the end of the entry',
      (_, deed, name) => {
        const { source, other, order, outlet } = two();
        outlet.enter(() => {
          other.next('before');
          deed(source);
          other.next('after');
          outlet.drain();
          order.push('entry');
        });
        expect(order).toEqual(['before', 'entry', name, 'after']);
      },
    );

    it('leaves an error of the source for the end of the entry', () => {
      const { outlet, source, log } = openOutlet<string>();
      outlet.enter(() => {
        source.error(failure);
        outlet.drain();
        outlet.next('entry');
      });
      expect(log).toEqual(['entry', failure]);
    });
  });

  describe('whileOpen', () => {
    it('hands events on until the stream has ended', () => {
      const { outlet } = openOutlet();
      const events: string[] = [];
      const report = outlet.whileOpen((event: string) => events.push(event));
      report('one');
      outlet.complete();
      report('two');
      expect(events).toEqual(['one']);
    });

    it('makes a promise that is rejected the error of the stream', async () => {
      const { outlet, log, source } = openOutlet();
      const report = outlet.whileOpen(() => Promise.reject(failure));
      report('one');
      expect(log).toEqual([]);
      await Promise.resolve();
      await Promise.resolve();
      expect(log).toEqual([failure]);
      expect(source.observed).toBe(false);
    });

    it('lets a promise be rejected when the stream has ended', async () => {
      const { outlet, log } = openOutlet();
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
      const { outlet, log } = openOutlet();
      for (const value of [null, 0, 'text', {}, { then: 1 }]) {
        outlet.whileOpen(() => value)('one');
      }
      expect(log).toEqual([]);
    });
  });

  describe('fail', () => {
    it('gives account once, before the error', () => {
      const { outlet, log } = openOutlet();
      outlet.onFailure = () => log.push('account');
      outlet.fail(failure);
      outlet.fail(new Error('another'));
      expect(log).toEqual(['account', failure]);
      expect(outlet.closed).toBe(true);
    });

    it('of what fails inside the account counts the first error only', () => {
      const { outlet, log } = openOutlet();
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
      const { outlet, log } = openOutlet();
      outlet.onFailure = fail;
      const first = new Error('first');
      outlet.fail(first);
      expect(log).toEqual([first]);
      expect(log[0]).toBe(first);
    });

    it('gives account of an error of the source', () => {
      const { outlet, log, source } = openOutlet();
      outlet.onFailure = () => log.push('account');
      source.error(failure);
      expect(log).toEqual(['account', failure]);
    });

    it('gives no account once the stream has ended', () => {
      const { outlet, source, log } = openOutlet();
      let accounts = 0;
      outlet.onFailure = () => (accounts += 1);
      source.complete();
      outlet.fail(failure);
      expect(log).toEqual(['|']);
      expect(accounts).toBe(0);
    });

    it('gives no account of a completion', () => {
      const { outlet, log, source } = openOutlet();
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

  it('works in a chain of operators', async () => {
    const result = firstValueFrom(
      from([1, 2, 3]).pipe(passing(), passing(), passing(), take(2), toArray()),
    );
    await expect(result).resolves.toEqual([1, 2]);
  });
});
