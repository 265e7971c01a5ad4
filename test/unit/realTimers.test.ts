/** Real time, fake timers, and long waits: what virtual time cannot show. */
import { asyncScheduler, NEVER, Subject, type SchedulerLike } from 'rxjs';
import { monotonicScheduler, reorderBy, sequenceGaps } from 'rxjs-reliable';
import { afterEach, describe, expect, it, vi } from 'vitest';

const longestDelayMs = 2 ** 31 - 1;
const dayMs = 86_400_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('real timers', () => {
  it.each<[string, SchedulerLike | undefined]>([
    ['the default scheduler', undefined],
    ['monotonicScheduler', monotonicScheduler],
  ])('release after maxWaitMs, neither early nor much later, on %s', async (_, scheduler) => {
    const source = new Subject<number>();
    const released = new Promise<number>((resolve) => {
      source.pipe(reorderBy((n) => n, { maxWaitMs: 30, scheduler })).subscribe((n) => {
        if (n === 3) resolve(performance.now());
      });
    });
    const start = performance.now();
    source.next(1);
    source.next(3);
    const waitedMs = (await released) - start;
    expect(waitedMs).toBeGreaterThanOrEqual(29);
    expect(waitedMs).toBeLessThanOrEqual(30 + 50);
  });

  it('ask again at intervals of real time', async () => {
    const source = new Subject<number>();
    const asked: number[] = [];
    const request = () => {
      asked.push(performance.now());
      return NEVER;
    };
    const subscription = source
      .pipe(
        sequenceGaps<number>((n) => n, {
          recover: { request, timeoutMs: 20, backoff: { factor: 1 } },
        }),
      )
      .subscribe();
    source.next(1);
    source.next(3);
    await pause(200);
    subscription.unsubscribe();
    expect(asked).toHaveLength(3);
    const [first = 0, second = 0, third = 0] = asked;
    expect(second - first).toBeGreaterThanOrEqual(19);
    expect(third - second).toBeGreaterThanOrEqual(19);
  });

  it('leave nothing that keeps the process alive once unsubscribed', () => {
    const active = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = active();
    const source = new Subject<number>();
    const subscription = source.pipe(reorderBy((n) => n)).subscribe();
    source.next(1);
    source.next(3);
    expect(active()).toBe(before + 1);
    subscription.unsubscribe();
    expect(active()).toBe(before);
  });

  it('H39: wait 30 days and more without an overflow', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', warn);
    const delays: number[] = [];
    const schedule = asyncScheduler.schedule.bind(asyncScheduler);
    const scheduler: SchedulerLike = {
      now: () => asyncScheduler.now(),
      schedule: (...args: Parameters<typeof schedule>) => {
        delays.push(args[1] ?? 0);
        return schedule(...args);
      },
    };
    const out: number[] = [];
    const subscriptions = [2 ** 31, 30 * dayMs, 365 * dayMs, 1e15, Infinity].map((maxWaitMs) => {
      const source = new Subject<number>();
      const result = source.pipe(reorderBy((n) => n, { maxWaitMs, scheduler }));
      const subscription = result.subscribe((n) => out.push(n));
      source.next(1);
      source.next(3);
      return subscription;
    });
    await pause(20);
    for (const subscription of subscriptions) subscription.unsubscribe();
    process.off('warning', warn);
    expect(out).toEqual([1, 1, 1, 1, 1]);
    expect(delays).toHaveLength(4);
    expect(Math.max(...delays)).toBe(longestDelayMs);
    expect(warnings).toEqual([]);
  });
});

describe('fake timers of vitest', () => {
  it('move the default scheduler', () => {
    vi.useFakeTimers();
    const source = new Subject<number>();
    const out: number[] = [];
    source.pipe(reorderBy((n) => n, { maxWaitMs: 1_000 })).subscribe((n) => out.push(n));
    source.next(1);
    source.next(3);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(999);
    expect(out).toEqual([1]);
    vi.advanceTimersByTime(1);
    expect(out).toEqual([1, 3]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reach the end of 30 days in steps', () => {
    vi.useFakeTimers();
    const set = vi.spyOn(globalThis, 'setInterval');
    const source = new Subject<number>();
    const out: number[] = [];
    source.pipe(reorderBy((n) => n, { maxWaitMs: 30 * dayMs })).subscribe((n) => out.push(n));
    source.next(1);
    source.next(3);
    vi.advanceTimersByTime(30 * dayMs - 1);
    expect(out).toEqual([1]);
    vi.advanceTimersByTime(1);
    expect(out).toEqual([1, 3]);
    expect(vi.getTimerCount()).toBe(0);
    expect(set.mock.calls.map(([, delay]) => delay)).toEqual([
      longestDelayMs,
      30 * dayMs - longestDelayMs,
    ]);
  });

  it('wake monotonicScheduler on time although the system clock is set back', () => {
    vi.useFakeTimers();
    const source = new Subject<number>();
    const out: number[] = [];
    source
      .pipe(reorderBy((n) => n, { maxWaitMs: 100, scheduler: monotonicScheduler }))
      .subscribe((n) => out.push(n));
    source.next(1);
    source.next(3);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(100);
    expect(out).toEqual([1, 3]);
  });
});

describe('the process', () => {
  it('sees no uncaught exception and no unhandled rejection when a callback throws in a timer', async () => {
    const seen: unknown[] = [];
    const note = (error: unknown): void => {
      seen.push(error);
    };
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
    const errors: unknown[] = [];
    const failing = {
      maxWaitMs: 5,
      onEvent: () => {
        throw new Error('from the timer');
      },
    };
    const source = new Subject<number>();
    source
      .pipe(reorderBy((n) => n, failing))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    source
      .pipe(sequenceGaps((n) => n, { recover: { request: () => Promise.reject(new Error('no')) } }))
      .subscribe();
    source.next(1);
    source.next(3);
    await pause(30);
    source.complete();
    await pause(5);
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    expect(errors).toEqual([new Error('from the timer')]);
    expect(seen).toEqual([]);
  });
});
