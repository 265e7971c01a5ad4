import {
  asapScheduler,
  asyncScheduler,
  queueScheduler,
  type SchedulerAction,
  type Subscription,
} from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeadlineTimer } from '../../../src/rx/DeadlineTimer.js';
import { Rig } from '../../support/deadlineTimerRig.js';
import { ManualScheduler } from '../../support/ManualScheduler.js';

const longest = 2 ** 31 - 1;
const day = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

describe('DeadlineTimer', () => {
  describe('wake-up', () => {
    it('comes exactly at the deadline', () => {
      const r = new Rig();
      r.in(100);
      expect(r.scheduler.delays).toEqual([100]);
      r.scheduler.advance(99);
      expect(r.woken).toEqual([]);
      r.scheduler.advance(1);
      expect(r.woken).toEqual([1_100]);
      expect(r.scheduler.pending.size).toBe(0);
    });

    it('is one at most, set again only for an earlier deadline', () => {
      const r = new Rig();
      r.in(100);
      r.in(200);
      r.in(100);
      expect(r.scheduler.delays).toEqual([100]);
      r.in(50);
      expect(r.scheduler.delays).toEqual([100, 50]);
      expect(r.scheduler.pending.size).toBe(1);
      expect(r.scheduler.mostPending).toBe(1);
    });

    it('that comes before a later deadline is set again for the rest', () => {
      const r = new Rig();
      r.in(100);
      r.scheduler.advance(60);
      r.in(100);
      r.scheduler.advance(40);
      expect(r.woken).toEqual([]);
      expect(r.scheduler.delays).toEqual([100, 60]);
      r.scheduler.advance(59);
      expect(r.woken).toEqual([]);
      r.scheduler.advance(1);
      expect(r.woken).toEqual([1_160]);
      expect(r.scheduler.mostPending).toBe(1);
    });

    it('is none for Infinity, and Infinity removes it', () => {
      const r = new Rig();
      r.timer.enter();
      r.timer.arm(Infinity);
      expect(r.scheduler.delays).toEqual([]);
      r.in(100);
      r.timer.arm(Infinity);
      expect(r.scheduler.pending.size).toBe(0);
      r.in(100);
      expect(r.scheduler.delays).toEqual([100, 100]);
    });

    it('is removed by cancel, and can be set again', () => {
      const r = new Rig();
      r.timer.cancel();
      r.in(100);
      r.timer.cancel();
      r.timer.cancel();
      expect(r.scheduler.pending.size).toBe(0);
      r.in(200);
      r.scheduler.advance(200);
      expect(r.woken).toEqual([1_200]);
    });

    it.each([0, -1, -1_000_000])('for a deadline %i ms ahead comes at once', (ms) => {
      const r = new Rig();
      r.timer.enter();
      r.timer.arm(r.timer.now() + ms);
      expect(r.scheduler.delays).toEqual([0]);
    });

    it('that comes early is believed: its delay is over', () => {
      const r = new Rig();
      r.in(100);
      r.scheduler.clockMs += 99;
      r.scheduler.fire();
      expect(r.woken).toEqual([1_100]);
      r.timer.enter();
      expect(r.timer.now()).toBe(1_100);
    });

    it('that comes late tells the true time', () => {
      const r = new Rig();
      r.in(100);
      r.scheduler.clockMs += 5_000;
      r.scheduler.fire();
      expect(r.woken).toEqual([6_000]);
    });

    it.each([
      [longest, [longest]],
      [longest + 1, [longest, 1]],
      [2 ** 31 + 1, [longest, 2]],
      [30 * day, [longest, 30 * day - longest]],
      [365 * day, [...new Array<number>(14).fill(longest), 365 * day - 14 * longest]],
    ])('%i ms away is made of delays that a timer keeps to', (ms, delays) => {
      const r = new Rig();
      r.in(ms);
      r.scheduler.advance(ms - 1);
      expect(r.woken).toEqual([]);
      r.scheduler.advance(1);
      expect(r.woken).toEqual([1_000 + ms]);
      expect(r.scheduler.delays).toEqual(delays);
      expect(r.scheduler.mostPending).toBe(1);
    });

    it('comes when it should though the clock was set back an hour', () => {
      const r = new Rig(100_000_000);
      r.in(100);
      r.scheduler.advance(50);
      r.scheduler.clockMs -= 3_600_000;
      r.scheduler.advance(50);
      expect(r.woken).toEqual([100_000_100]);
      expect(r.scheduler.pending.size).toBe(0);
      r.scheduler.advance(3_700_000);
      expect(r.woken.length).toBe(1);
    });

    it('comes no later than its full delay after a step back, though entries come between', () => {
      const r = new Rig(100_000_000);
      r.in(100);
      r.scheduler.advance(50);
      r.scheduler.clockMs -= 3_600_000;
      r.entry();
      r.scheduler.advance(50);
      expect(r.woken).toEqual([100_000_100]);
      r.in(100);
      r.scheduler.advance(100);
      expect(r.woken).toEqual([100_000_100, 100_000_200]);
      expect(r.scheduler.mostPending).toBe(1);
    });

    it('comes once, at an entry, after the clock was set ahead', () => {
      const r = new Rig();
      r.in(100);
      r.scheduler.clockMs += 30 * day;
      r.entry();
      expect(r.woken).toEqual([1_000 + 30 * day]);
      expect(r.scheduler.pending.size).toBe(0);
      r.scheduler.advance(1_000);
      expect(r.woken.length).toBe(1);
    });

    it('bears a scheduler that runs at once', () => {
      class Hasty extends ManualScheduler {
        override schedule<S>(
          work: (this: SchedulerAction<S>, state: S) => void,
          delay?: number,
          state?: S,
        ): Subscription {
          const subscription = super.schedule(work, delay, state);
          this.fire();
          return subscription;
        }
      }
      const scheduler = new Hasty();
      const times: number[] = [];
      const timer: DeadlineTimer = new DeadlineTimer(scheduler, () => {
        timer.enter();
        times.push(timer.now());
      });
      timer.enter();
      timer.arm(5);
      timer.enter();
      timer.arm(9);
      expect(times).toEqual([5, 9]);
      timer.arm(Infinity);
      expect(scheduler.pending.size).toBe(0);
    });
  });

  describe('with fake timers', () => {
    it.each([1, 100, longest, 2 ** 31, 30 * day])('wakes exactly after %i ms', (ms) => {
      vi.useFakeTimers();
      const schedule = vi.spyOn(asyncScheduler, 'schedule');
      const start = Date.now();
      const woken: number[] = [];
      const timer: DeadlineTimer = new DeadlineTimer(asyncScheduler, () => {
        timer.enter();
        if (timer.now() >= start + ms) woken.push(Date.now() - start);
        else timer.arm(start + ms);
      });
      timer.enter();
      timer.arm(start + ms);
      vi.advanceTimersByTime(ms - 1);
      expect(woken).toEqual([]);
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(1);
      expect(woken).toEqual([ms]);
      expect(vi.getTimerCount()).toBe(0);
      expect(schedule.mock.calls.every(([, delay = 0]) => delay <= longest)).toBe(true);
      schedule.mockRestore();
    });

    it('leaves no timer behind', () => {
      vi.useFakeTimers();
      const timer = new DeadlineTimer(asyncScheduler, () => undefined);
      timer.enter();
      for (const ms of [500, 400, 300, 600]) timer.arm(Date.now() + ms);
      expect(vi.getTimerCount()).toBe(1);
      timer.cancel();
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  describe('with real timers', () => {
    it.each([
      ['asyncScheduler', asyncScheduler],
      ['queueScheduler', queueScheduler],
      ['asapScheduler', asapScheduler],
    ])('wakes on %s', async (_, scheduler) => {
      const start = scheduler.now();
      const wokenMs = await new Promise<number>((resolve) => {
        const timer: DeadlineTimer = new DeadlineTimer(scheduler, () => {
          timer.enter();
          resolve(timer.now() - start);
        });
        timer.enter();
        timer.arm(start + 20);
      });
      expect(wokenMs).toBeGreaterThanOrEqual(20);
      expect(wokenMs).toBeLessThan(1_000);
    });

    it('does not fire early beyond 2^31 ms', async () => {
      let isWoken = false;
      const timer = new DeadlineTimer(asyncScheduler, () => (isWoken = true));
      timer.enter();
      timer.arm(Date.now() + 40 * day);
      await new Promise((resolve) => setTimeout(resolve, 30));
      timer.cancel();
      expect(isWoken).toBe(false);
    });
  });
});
