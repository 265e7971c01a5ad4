import { concat, EMPTY, NEVER, of, Subject, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { Outlet } from '../../../src/rx/operate.js';
import { operateTimed, type Timed } from '../../../src/rx/operateTimed.js';
import { ManualScheduler } from '../../support/ManualScheduler.js';
import { record } from '../../support/record.js';
import { Delay, Rig } from '../../support/timedDelay.js';

const failure = new Error('failure');

describe('operateTimed', () => {
  it('settles what is due before the source completes, then lets the rest go', () => {
    const r = new Rig();
    r.source.next(80);
    r.source.next(50);
    r.scheduler.clockMs += 50;
    r.source.complete();
    expect(r.log).toEqual([50, 80, '|']);
    expect(r.delay.log.slice(-3)).toEqual(['settle 1050', 'finish', 'end completed']);
    expect(r.scheduler.pending.size).toBe(0);
  });

  it('settles what is due before the source fails, then discards the rest', () => {
    const r = new Rig();
    r.source.next(80);
    r.source.next(50);
    r.scheduler.clockMs += 50;
    r.source.error(failure);
    expect(r.log).toEqual([50, failure]);
    expect(r.delay.log.slice(-3)).toEqual(['settle 1050', 'finish', 'discard 1']);
    expect(r.scheduler.pending.size).toBe(0);
  });

  it('discards once when the machine throws', () => {
    const r = new Rig();
    r.source.next(80);
    vi.spyOn(r.delay, 'push').mockImplementation(() => {
      throw failure;
    });
    r.source.next(1);
    expect(r.log).toEqual([failure]);
    expect(r.delay.log.filter((line) => line.startsWith('discard'))).toEqual(['discard 1']);
    expect(r.scheduler.pending.size).toBe(0);
    expect(r.source.observed).toBe(false);
  });

  it('makes what settling throws on a wake-up the error of the stream', () => {
    const r = new Rig();
    r.source.next(80);
    vi.spyOn(r.delay, 'settle').mockImplementation(() => {
      throw failure;
    });
    r.scheduler.advance(80);
    expect(r.log).toEqual([failure]);
    expect(r.scheduler.pending.size).toBe(0);
  });

  it('has no timer once it was left', () => {
    const scheduler = new ManualScheduler();
    const subscription = concat(of(80), NEVER)
      .pipe(operateTimed(scheduler, (outlet: Outlet<number>, enter) => new Delay(outlet, enter)))
      .subscribe();
    expect(scheduler.pending.size).toBe(1);
    subscription.unsubscribe();
    expect(scheduler.pending.size).toBe(0);
  });

  it('sets no timer if it is left while it handles a message', () => {
    const scheduler = new ManualScheduler();
    const source = new Subject<number>();
    let delay: Delay | undefined;
    const subscription = source
      .pipe(
        operateTimed(scheduler, (outlet: Outlet<number>, enter) => {
          delay = new Delay(outlet, enter);
          return delay;
        }),
      )
      .subscribe(() => {
        delay?.held.push({ value: 9, dueMs: 9 });
        subscription.unsubscribe();
      });
    source.next(0);
    expect(scheduler.delays).toEqual([]);
    expect(delay?.log).toEqual(['push 0']);
  });

  it('sets no timer if it is left while it finishes', () => {
    const r = new Rig();
    vi.spyOn(r.delay, 'finish').mockImplementation(() => {
      r.delay.outlet.complete();
    });
    r.source.next(50);
    expect(r.log).toEqual(['|']);
    expect(r.scheduler.delays).toEqual([]);
  });

  it.each(['next', 'complete', 'error'] as const)(
    'does not handle %s if it is left while it settles',
    (how) => {
      const scheduler = new ManualScheduler();
      const source = new Subject<number>();
      const log: number[] = [];
      let delay: Delay | undefined;
      const subscription = source
        .pipe(
          operateTimed(scheduler, (outlet: Outlet<number>, enter) => {
            delay = new Delay(outlet, enter);
            return delay;
          }),
        )
        .subscribe({
          next: (value) => {
            log.push(value);
            subscription.unsubscribe();
          },
          error: () => log.push(-1),
        });
      source.next(10);
      source.next(10);
      scheduler.clockMs += 10;
      if (how === 'next') source.next(0);
      else if (how === 'complete') source.complete();
      else source.error(failure);
      expect(log).toEqual([10]);
      expect(delay?.log.at(-1)).toBe('settle 10');
      expect(scheduler.pending.size).toBe(0);
    },
  );

  it('stops on a wake-up when it is left there', () => {
    const scheduler = new ManualScheduler();
    const source = new Subject<number>();
    const log: number[] = [];
    const subscription = source
      .pipe(operateTimed(scheduler, (outlet: Outlet<number>, enter) => new Delay(outlet, enter)))
      .subscribe((value) => {
        log.push(value);
        subscription.unsubscribe();
      });
    for (const value of [10, 10, 20]) source.next(value);
    scheduler.advance(100);
    expect(log).toEqual([10]);
    expect(scheduler.pending.size).toBe(0);
  });

  it('does not need a finish', () => {
    const scheduler = new ManualScheduler();
    const machine = (outlet: Outlet<number>): Timed<number> => ({
      deadlineMs: Infinity,
      settle: () => undefined,
      push: (value) => {
        outlet.next(value);
        return true;
      },
      end: () => undefined,
      discard: () => undefined,
    });
    expect(record(of(1).pipe(operateTimed(scheduler, machine)))).toEqual([1, '|']);
    expect(record(throwError(() => failure).pipe(operateTimed(scheduler, machine)))).toEqual([
      failure,
    ]);
  });

  it('does not need a finish where something is due', () => {
    const scheduler = new ManualScheduler(1_000);
    const settled: number[] = [];
    const machine = {
      deadlineMs: Infinity,
      settle: (nowMs: number) => {
        settled.push(nowMs);
        machine.deadlineMs = Infinity;
      },
      push: (value: number, now: () => number) => {
        machine.deadlineMs = now() + value;
        return false;
      },
      end: () => undefined,
      discard: () => undefined,
    };
    const log = record(concat(of(5), NEVER).pipe(operateTimed(scheduler, () => machine)));
    scheduler.advance(5);
    expect([settled, log]).toEqual([[1_005], []]);
  });

  it('completes over an empty source', () => {
    const operator = operateTimed(
      new ManualScheduler(),
      (outlet: Outlet<number>, enter) => new Delay(outlet, enter),
    );
    expect(record(EMPTY.pipe(operator))).toEqual(['|']);
  });
});

describe('operateTimed that outlives its source', () => {
  function outliving() {
    const clock = new ManualScheduler();
    const source = new Subject<number>();
    const open: { outlet?: Outlet<number>; dueMs: number } = { dueMs: Infinity };
    const log = record(
      source.pipe(
        operateTimed<number, number>(clock, (outlet) => {
          open.outlet = outlet;
          return {
            isOpen: true,
            get deadlineMs() {
              return open.dueMs;
            },
            settle: () => {
              open.dueMs = Infinity;
              outlet.next(-1);
              outlet.complete();
            },
            push: (message) => {
              outlet.next(message);
              return true;
            },
            end: (_, now) => {
              open.dueMs = now() + 10;
            },
            discard: () => undefined,
          };
        }),
      ),
    );
    return { clock, source, log };
  }

  it('completes by itself, at its deadline', () => {
    const { clock, source, log } = outliving();
    source.next(1);
    source.complete();
    expect([log, clock.pending.size]).toEqual([[1], 1]);
    clock.advance(10);
    expect([log, clock.pending.size]).toEqual([[1, -1, '|'], 0]);
  });
});
