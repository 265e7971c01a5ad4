import { describe, expect, it } from 'vitest';
import { DeadlineTimer } from '../../../src/rx/DeadlineTimer.js';
import { Rig } from '../../support/deadlineTimerRig.js';
import { ManualScheduler } from '../../support/ManualScheduler.js';

describe('DeadlineTimer', () => {
  it('is armed from the first deadline until none is left, fired or not', () => {
    const r = new Rig();
    expect(r.timer.isArmed).toBe(false);
    r.timer.arm(1_010);
    expect(r.timer.isArmed).toBe(true);
    r.timer.arm(Infinity);
    expect(r.timer.isArmed).toBe(false);
    r.timer.arm(1_010);
    r.timer.cancel();
    expect(r.timer.isArmed).toBe(false);
  });

  it('may be due from its wake-up on, until another one is set', () => {
    const r = new Rig();
    r.timer.arm(1_010);
    const isDueAt = (clockMs: number): boolean => {
      r.scheduler.clockMs = clockMs;
      r.timer.enter();
      return r.timer.isDue();
    };
    expect([1_000, 1_009, 1_010, 1_011].map(isDueAt)).toEqual([false, false, true, true]);
    r.timer.arm(1_005);
    expect(isDueAt(1_012)).toBe(true);
    r.timer.arm(Infinity);
    expect(isDueAt(1_013)).toBe(false);
  });

  it('may be due when it has fired, whatever the clock says', () => {
    const scheduler = new ManualScheduler(1_000);
    const seen: boolean[] = [];
    const timer = new DeadlineTimer(scheduler, () => {
      timer.enter();
      seen.push(timer.isDue());
    });
    timer.arm(1_010);
    scheduler.clockMs = 900;
    scheduler.fire();
    expect(seen).toEqual([true]);
  });

  it('is set again for the same deadline after it came too early', () => {
    const r = new Rig();
    const timer = new DeadlineTimer(r.scheduler, () => {
      timer.enter();
      timer.arm(5_000);
    });
    timer.arm(5_000);
    r.scheduler.fire();
    expect(r.scheduler.pending.size).toBe(1);
  });

  describe('time', () => {
    it('is read at most once an entry, and only if asked for', () => {
      const r = new Rig();
      r.timer.enter();
      r.timer.enter();
      expect(r.scheduler.reads).toBe(0);
      expect(r.timer.now()).toBe(1_000);
      r.scheduler.clockMs = 1_005;
      expect(r.timer.now()).toBe(1_000);
      r.timer.arm(1_500);
      expect(r.scheduler.reads).toBe(1);
      r.timer.enter();
      expect(r.timer.now()).toBe(1_005);
      expect(r.scheduler.reads).toBe(2);
    });

    it('is read for an entry that only sets the timer', () => {
      const r = new Rig();
      r.timer.enter();
      r.timer.arm(1_500);
      expect(r.scheduler.reads).toBe(1);
      r.timer.enter();
      r.timer.arm(1_500);
      r.timer.arm(1_600);
      r.timer.arm(Infinity);
      expect(r.scheduler.reads).toBe(1);
    });

    it('never runs backwards, and goes on from a clock that was set back', () => {
      const r = new Rig(10_000);
      const read = (clockMs: number): number => {
        r.scheduler.clockMs = clockMs;
        r.timer.enter();
        return r.timer.now();
      };
      expect([10_000, 10_050, 6_000, 6_010, 5_000, 5_100, 20_000].map(read)).toEqual([
        10_000, 10_050, 10_050, 10_060, 10_060, 10_160, 25_060,
      ]);
    });

    it('can be negative, and 0', () => {
      for (const clockMs of [-500, 0]) {
        const r = new Rig(clockMs);
        r.timer.enter();
        expect(r.timer.now()).toBe(clockMs);
        expect(r.timer.now()).toBe(clockMs);
        expect(r.scheduler.reads).toBe(1);
      }
    });
  });
});
