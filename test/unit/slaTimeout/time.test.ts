/** slaTimeout and clocks: long deadlines, late timers, clocks that are changed, and very many deadlines. */
import { NEVER, Subject } from 'rxjs';
import { monotonicScheduler, slaTimeout, type SlaTimeoutEvent } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualScheduler } from '../../support/ManualScheduler.js';
import { Rig } from '../../support/Rig.js';

type Event = SlaTimeoutEvent<number, number | undefined>;

const dayMs = 86_400_000;
const longestMs = 2 ** 31 - 1;
const limits = [1, 999, longestMs - 1, longestMs, longestMs + 1, 30 * dayMs, 365 * dayMs];

describe('slaTimeout and long deadlines', () => {
  it.each(limits)('is exact after %i ms', (ms) => {
    // The clock refuses delays that real timers do not keep to.
    const rig = new Rig<number, SlaTimeoutEvent<number>>((base) => slaTimeout<number>(ms, base));
    rig.clock.advanceTo(ms - 1);
    expect(rig.events).toEqual([]);
    rig.clock.advanceTo(ms);
    expect(rig.events).toMatchObject([{ kind: 'breach', deadlineMs: ms, elapsedMs: ms }]);
    expect(rig.clock.pending).toBe(0);
    rig.send(1);
    rig.clock.flush();
    expect(rig.log.at(-1)?.[0]).toBe(2 * ms);
  });

  it.each(limits)('asks for no delay too long for timers: %i ms', (ms) => {
    const scheduler = new ManualScheduler();
    const events: Event[] = [];
    NEVER.pipe(slaTimeout<number>(ms, { scheduler, onEvent: (e) => events.push(e) })).subscribe();
    scheduler.advance(ms - 1);
    expect(events).toEqual([]);
    scheduler.advance(1);
    expect(events).toHaveLength(1);
    expect(Math.max(...scheduler.delays)).toBeLessThanOrEqual(longestMs);
    expect(Math.min(...scheduler.delays)).toBeGreaterThanOrEqual(0);
    expect(scheduler.mostPending).toBe(1);
  });

  it('does not make real timers warn', async () => {
    const delays: unknown[] = [];
    const warnings: Error[] = [];
    const warn = (warning: Error): void => void warnings.push(warning);
    const spy = vi.spyOn(globalThis, 'setInterval');
    process.on('warning', warn);
    const events: Event[] = [];
    const onEvent = (event: Event): void => void events.push(event);
    try {
      const open = [...limits.slice(2), Infinity].map((ms) =>
        NEVER.pipe(slaTimeout<number>(ms, { onEvent })).subscribe(),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      delays.push(...spy.mock.calls.map(([, delay]) => delay));
      for (const subscription of open) subscription.unsubscribe();
    } finally {
      process.off('warning', warn);
      spy.mockRestore();
    }
    expect(delays).toHaveLength(limits.length - 2);
    expect(delays.filter((delay) => !((delay as number) <= longestMs))).toEqual([]);
    expect(warnings).toEqual([]);
    expect(events).toEqual([]);
  });
});

describe('slaTimeout and late timers', () => {
  it('gives each key one breach after hours of sleep, not a backlog', () => {
    const rig = new Rig<number, Event>((base) =>
      slaTimeout<number, number>(500, { ...base, keyBy: (n) => n }),
    );
    rig.send(1, 2, 3);
    rig.clock.block(8 * 3_600_000);
    rig.clock.flush();
    expect(rig.events.map(({ kind, key }) => [kind, key])).toEqual([
      ['breach', 1],
      ['breach', 2],
      ['breach', 3],
    ]);
    expect(rig.events.every((event) => 'deadlineMs' in event && event.deadlineMs === 500)).toBe(
      true,
    );
    expect(rig.clock.pending).toBe(0);
  });

  it('reports the breach before a message that comes first after the sleep', () => {
    const rig = new Rig<number, Event>((base) => slaTimeout<number>(500, base));
    rig.send(1).sendBeforeTimersAt(28_800_000, 2);
    expect(rig.events).toMatchObject([
      { kind: 'breach', deadlineMs: 500, elapsedMs: 500 },
      { kind: 'recovered', lateByMs: 28_799_500 },
    ]);
    expect(rig.values).toEqual([1, 2]);
  });

  it('tells what became due during the sleep in the order of its deadlines', () => {
    const transaction = { startOf: (n: number) => n, finishOf: () => undefined, withinMs: 300 };
    const rig = new Rig<number, Event>((base) =>
      slaTimeout<number>({ silenceMs: 200, totalMs: 250, transaction }, { ...base, softMs: 100 }),
    );
    rig.send(1).sendBeforeTimersAt(90, 2);
    rig.clock.lateBy(3_600_000);
    rig.clock.flush();
    expect(rig.events.map((event) => ['limit' in event && event.limit, event.kind])).toEqual([
      ['total', 'warning'],
      ['transaction', 'warning'],
      ['silence', 'warning'],
      ['transaction', 'warning'],
      ['total', 'breach'],
      ['silence', 'breach'],
      ['transaction', 'breach'],
      ['transaction', 'breach'],
    ]);
  });
});

describe('slaTimeout and a clock that is changed', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([-dayMs, -50, 50, dayMs])(
    'notices nothing of a step by %i ms with monotonicScheduler',
    (stepMs) => {
      vi.useFakeTimers();
      const events: Event[] = [];
      const source = new Subject<number>();
      const onEvent = (event: Event): void => void events.push(event);
      const subscription = source
        .pipe(slaTimeout<number>(100, { scheduler: monotonicScheduler, onEvent }))
        .subscribe();
      vi.advanceTimersByTime(60);
      source.next(1);
      vi.setSystemTime(Date.now() + stepMs);
      vi.advanceTimersByTime(60);
      source.next(2);
      vi.advanceTimersByTime(99);
      expect(events).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(events).toMatchObject([{ kind: 'breach', elapsedMs: 100 }]);
      subscription.unsubscribe();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('breaches in time when the clock steps back, and only once', () => {
    const rig = new Rig<number, Event>((base) => slaTimeout<number>(100, base));
    rig.sendAt(1_000, 1);
    const before = rig.events.length;
    rig.clock.stepBack(900);
    rig.clock.advanceBy(100);
    expect(rig.events.slice(before)).toMatchObject([{ kind: 'breach' }]);
    rig.clock.flush();
    expect(rig.events.slice(before)).toHaveLength(1);
    expect(rig.clock.pending).toBe(0);
  });

  it('takes a step forward for time that passed, and never stalls', () => {
    const rig = new Rig<number, Event>((base) => slaTimeout<number>(100, base));
    rig.send(1);
    rig.clock.setNow(30 * dayMs);
    rig.send(2);
    expect(rig.events.map(({ kind }) => kind)).toEqual(['breach', 'recovered']);
    rig.clock.advanceBy(100);
    expect(rig.events).toHaveLength(3);
  });
});

describe('slaTimeout and 100,000 open transactions', () => {
  it('has one timer, and takes a moment for all of them', () => {
    const count = 100_000;
    const clock = new VirtualClock();
    const source = new Subject<number>();
    const broken: unknown[] = [];
    let most = 0;
    const subscription = source
      .pipe(
        slaTimeout<number>(
          {
            transaction: {
              startOf: (n) => (n > 0 ? n : undefined),
              finishOf: (n) => (n < 0 ? -n : undefined),
              withinMs: count,
            },
          },
          {
            scheduler: clock,
            maxKeys: count,
            onEvent: (event) => broken.push('transaction' in event && event.transaction),
          },
        ),
      )
      .subscribe(() => {
        most = Math.max(most, clock.pending);
      });
    const begun = performance.now();
    for (let n = 1; n <= count; n += 1) {
      clock.advanceBy(0.5);
      source.next(n);
    }
    // All but every hundredth are finished, from both ends.
    for (let n = 1; n <= count; n += 1) {
      const other = n % 2 === 0 ? n : count - n;
      if (other % 100 !== 0) source.next(-other);
    }
    expect(broken).toEqual([]);
    expect(clock.pending).toBe(1);
    clock.flush();
    const tookMs = performance.now() - begun;
    expect(broken).toEqual(Array.from({ length: 1_000 }, (_, index) => (index + 1) * 100));
    expect(most).toBe(1);
    expect(clock.pending).toBe(0);
    // It takes about 150 ms; anything quadratic takes minutes.
    expect(tookMs).toBeLessThan(5_000);
    subscription.unsubscribe();
  });

  it('does not sort 10,000 keys anew at every message', () => {
    let ms = 0;
    for (let round = 0; round < 3; round += 1) {
      const clock = new VirtualClock();
      const source = new Subject<number>();
      const operator = slaTimeout<number, number>(1e9, { scheduler: clock, keyBy: (n) => n });
      const subscription = source.pipe(operator).subscribe();
      for (let n = 0; n < 10_000; n += 1) source.next(n);
      const begun = performance.now();
      for (let n = 0; n < 100_000; n += 1) source.next((n * 7_919) % 10_000);
      ms = performance.now() - begun;
      subscription.unsubscribe();
      if (ms < 1_000) break;
    }
    expect(ms).toBeLessThan(1_000);
  });
});
