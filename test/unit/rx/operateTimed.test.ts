import { asyncScheduler, NEVER, Observable, Subject, throwError } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Outlet } from '../../../src/rx/operate.js';
import { operateTimed } from '../../../src/rx/operateTimed.js';
import { ManualScheduler } from '../../support/ManualScheduler.js';
import { record } from '../../support/record.js';
import { Delay, Rig } from '../../support/timedDelay.js';

const failure = new Error('failure');

afterEach(() => {
  vi.useRealTimers();
});

describe('operateTimed', () => {
  it('wakes its machine exactly at its deadline, with one timer', () => {
    const r = new Rig();
    r.source.next(50);
    r.source.next(20);
    expect(r.scheduler.pending.size).toBe(1);
    r.scheduler.advance(19);
    expect(r.log).toEqual([]);
    r.scheduler.advance(1);
    expect(r.log).toEqual([20]);
    r.scheduler.advance(30);
    expect(r.log).toEqual([20, 50]);
    expect(r.scheduler.pending.size).toBe(0);
    expect(r.scheduler.mostPending).toBe(1);
  });

  it('needs neither clock nor timer where nothing is pending', () => {
    const r = new Rig();
    r.source.next(0);
    r.source.next(0);
    r.source.complete();
    expect(r.log).toEqual([0, 0, '|']);
    expect(r.scheduler.reads).toBe(0);
    expect(r.scheduler.delays).toEqual([]);
    expect(r.delay.log).toEqual(['push 0', 'finish', 'push 0', 'finish', 'end completed']);
  });

  it('reads the clock once an entry at most', () => {
    const r = new Rig();
    for (let entry = 1; entry <= 5; entry += 1) {
      r.source.next(entry * 100);
      expect(r.scheduler.reads).toBe(entry);
    }
    r.scheduler.advance(100);
    expect(r.scheduler.reads).toBe(6);
  });

  it('sees to nothing after a message that left no trace', () => {
    const r = new Rig();
    vi.spyOn(r.delay, 'push').mockReturnValue(true);
    r.delay.held.push({ value: 7, dueMs: 1_007 });
    r.source.next(0);
    expect(r.delay.log).toEqual([]);
    expect(r.scheduler.delays).toEqual([]);
  });

  it('asks what is due only when the timer should have fired', () => {
    const r = new Rig();
    r.source.next(50);
    const looked = vi.spyOn(r.delay, 'deadlineMs', 'get');
    vi.spyOn(r.delay, 'push').mockReturnValue(true);
    r.scheduler.clockMs += 49;
    r.source.next(0);
    expect(looked).not.toHaveBeenCalled();
    r.scheduler.clockMs += 1;
    r.source.next(0);
    expect(r.log).toEqual([50]);
  });

  it('settles what is due before a message, whether or not the timer fired', () => {
    const r = new Rig();
    r.source.next(50);
    r.scheduler.clockMs += 50; // the timer is late
    r.source.next(0);
    expect(r.log).toEqual([50, 0]);
    expect(r.delay.log).toEqual(['push 50', 'finish', 'settle 1050', 'finish', 'push 0', 'finish']);
    expect(r.scheduler.pending.size).toBe(0);
  });

  it('lets a wake-up wait for the message being handled', () => {
    const r = new Rig((value, rig) => {
      if (value === 0) rig.scheduler.advance(30);
    });
    r.source.next(30);
    r.source.next(0);
    expect(r.log).toEqual([0, 30]);
    expect(r.delay.log).toEqual([
      'push 30',
      'finish',
      'push 0',
      'finish',
      'settle 1030',
      'finish',
      'finish',
    ]);
  });

  it('keeps re-entrant messages in order', () => {
    const r = new Rig((value, rig) => {
      if (value === 5) for (const next of [7, 0]) rig.source.next(next);
    });
    r.source.next(5);
    r.scheduler.advance(5);
    expect(r.log).toEqual([5, 0]);
    r.scheduler.advance(7);
    expect(r.log).toEqual([5, 0, 7]);
  });

  it('has state for each subscription', () => {
    const scheduler = new ManualScheduler();
    let made = 0;
    const operator = operateTimed(scheduler, (outlet: Outlet<number>, enter) => {
      made += 1;
      return new Delay(outlet, enter);
    });
    expect(made).toBe(0);
    const first = NEVER.pipe(operator).subscribe();
    const second = NEVER.pipe(operator).subscribe();
    expect(made).toBe(2);
    first.unsubscribe();
    second.unsubscribe();
  });

  describe('enter', () => {
    it('settles first, and sees to the timer afterwards', () => {
      const r = new Rig();
      r.source.next(50);
      r.scheduler.clockMs += 50;
      r.delay.enter((now) => {
        r.delay.log.push(`work ${String(now())}`);
        r.delay.held.push({ value: 7, dueMs: now() + 7 });
      });
      expect(r.log).toEqual([50]);
      expect(r.delay.log.slice(2)).toEqual(['settle 1050', 'finish', 'work 1050', 'finish']);
      expect(r.scheduler.pending.size).toBe(1);
      r.scheduler.fire(); // late, and set again for the rest
      expect(r.scheduler.delays).toEqual([50, 7]);
      r.scheduler.advance(7);
      expect(r.log).toEqual([50, 7]);
    });
  });

  describe('listen', () => {
    it('subscribes notifiers before the source', () => {
      const order: string[] = [];
      const tracing = (name: string) =>
        new Observable<number>(() => {
          order.push(name);
        });
      tracing('source')
        .pipe(
          operateTimed(
            new ManualScheduler(),
            (outlet: Outlet<number>, enter) => new Delay(outlet, enter),
            (_, outlet) => {
              outlet.listen(() => tracing('notifier'), { next: () => undefined });
            },
          ),
        )
        .subscribe();
      expect(order).toEqual(['notifier', 'source']);
    });

    it('hands out the machine and the way in', () => {
      const notifier = new Subject<number>();
      const r = new Rig(undefined, (delay, outlet, enter) => {
        outlet.listen(() => notifier, {
          next: (value) => {
            enter((now) => {
              delay.push(value, now);
            });
          },
          complete: () => undefined,
        });
      });
      notifier.next(20);
      expect(r.scheduler.delays).toEqual([20]);
      notifier.complete();
      r.scheduler.advance(20);
      expect(r.log).toEqual([20]);
    });

    it('does not subscribe the source if a notifier failed', () => {
      let subscribed = false;
      const source = new Observable<number>(() => {
        subscribed = true;
      });
      const operator = operateTimed(
        new ManualScheduler(),
        (outlet: Outlet<number>, enter) => new Delay(outlet, enter),
        (_, outlet) => {
          outlet.listen(() => throwError(() => failure), { next: () => undefined });
        },
      );
      expect(record(source.pipe(operator))).toEqual([failure]);
      expect(subscribed).toBe(false);
    });
  });

  describe('scheduler', () => {
    it('is asyncScheduler by default', () => {
      vi.useFakeTimers();
      const source = new Subject<number>();
      const log = record(
        source.pipe(
          operateTimed(undefined, (outlet: Outlet<number>, enter) => new Delay(outlet, enter)),
        ),
      );
      source.next(500);
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(499);
      expect(log).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(log).toEqual([500]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('that is given is the only clock', () => {
      const now = vi.spyOn(asyncScheduler, 'now');
      const schedule = vi.spyOn(asyncScheduler, 'schedule');
      const date = vi.spyOn(Date, 'now');
      const r = new Rig();
      r.source.next(50);
      r.scheduler.advance(50);
      r.source.complete();
      expect(r.log).toEqual([50, '|']);
      for (const spy of [now, schedule, date]) {
        expect(spy).not.toHaveBeenCalled();
        spy.mockRestore();
      }
    });
  });
});
