import { afterEach, describe, expect, it, vi } from 'vitest';
import { monotonicScheduler } from '../../../src/rx/monotonicScheduler.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('monotonicScheduler', () => {
  it('tells the time since 1970, in ms', () => {
    expect(Math.abs(monotonicScheduler.now() - Date.now())).toBeLessThan(60_000);
  });

  it('never goes back, whatever the system clock is set to', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const times: number[] = [];
    for (const system of [0, 2_000_000_000_000, 1_000, 1.7e12]) {
      vi.setSystemTime(system);
      times.push(monotonicScheduler.now());
    }
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(10_000);
  });

  it('passes at the rate of real time', async () => {
    const start = monotonicScheduler.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const passed = monotonicScheduler.now() - start;
    expect(passed).toBeGreaterThan(15);
    expect(passed).toBeLessThan(2_000);
  });

  it('schedules as asyncScheduler does, state and repetition included', () => {
    vi.useFakeTimers();
    const states: unknown[] = [];
    const subscription = monotonicScheduler.schedule<number>(
      function (state) {
        states.push(state);
        if (state < 3) this.schedule(state + 1, 10);
      },
      10,
      1,
    );
    vi.advanceTimersByTime(9);
    expect(states).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(states).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(states).toEqual([1, 2, 3]);
    expect(vi.getTimerCount()).toBe(0);
    subscription.unsubscribe();
  });

  it('cancels', () => {
    vi.useFakeTimers();
    const work = vi.fn();
    monotonicScheduler.schedule(work, 10).unsubscribe();
    vi.advanceTimersByTime(100);
    expect(work).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
