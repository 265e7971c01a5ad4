import { describe, expect, it } from 'vitest';
import { RatioWindow } from '../../../src/structures/RatioWindow.js';

describe('RatioWindow', () => {
  it('is good and still while it is empty', () => {
    const window = new RatioWindow(600);
    expect(window.ratio).toBe(1);
    expect(window.slidesAtMs).toBe(Infinity);
  });

  it('is the share of good outcomes', () => {
    const window = new RatioWindow(600);
    for (const isGood of [true, false, true, true]) window.add(isGood, 5);
    expect(window.ratio).toBe(0.75);
  });

  it('slides by a sixtieth at a time', () => {
    const window = new RatioWindow(600);
    window.add(true, 25);
    expect(window.slidesAtMs).toBe(30);
    window.slide(30);
    expect(window.slidesAtMs).toBe(40);
  });

  it('forgets an outcome no later than the window is long, and no more than a sixtieth earlier', () => {
    const window = new RatioWindow(600);
    window.add(false, 29);
    window.add(true, 30);
    window.slide(619);
    expect(window.ratio).toBe(0.5);
    window.slide(620);
    expect(window.ratio).toBe(1);
    window.slide(630);
    expect(window.slidesAtMs).toBe(Infinity);
  });

  it('slides on where good and bad are equally many', () => {
    const window = new RatioWindow(600);
    window.add(true, 5);
    window.add(false, 5);
    expect(window.slidesAtMs).toBe(10);
  });

  it.each([true, false])('forgets all of several outcomes of one moment (good: %s)', (isGood) => {
    const window = new RatioWindow(600);
    for (let count = 0; count < 3; count += 1) window.add(isGood, 5);
    window.slide(595);
    window.slide(605);
    expect([window.ratio, window.slidesAtMs]).toEqual([1, Infinity]);
  });

  it('forgets all at once after a long time', () => {
    const window = new RatioWindow(600);
    for (let nowMs = 0; nowMs < 600; nowMs += 10) window.add(false, nowMs);
    window.slide(1e12);
    expect([window.ratio, window.slidesAtMs]).toEqual([1, Infinity]);
  });

  it.each([0, -1_205, -3, 1.8e12])(
    'is what a list of all outcomes says, from %s ms on',
    (startMs) => {
      const window = new RatioWindow(600);
      const all: { readonly isGood: boolean; readonly part: number }[] = [];
      let nowMs = startMs;
      for (let step = 0; step < 2_000; step += 1) {
        nowMs += (step * 7_919) % 23;
        const [isGood, part] = [step % 3 > 0, Math.floor(nowMs / 10)];
        window.add(isGood, nowMs);
        all.push({ isGood, part });
        const counted = all.filter((one) => one.part > part - 60);
        expect(window.ratio).toBe(counted.filter((one) => one.isGood).length / counted.length);
      }
    },
  );

  it.each([1, 7, 100, 1e9 + 7])('slides on at each step of a window of %s ms', (windowMs) => {
    for (const startMs of [0, -77.7, 1.8e12]) {
      const window = new RatioWindow(windowMs);
      window.add(false, startMs);
      let slides = 0;
      for (; window.slidesAtMs < Infinity && slides < 100; slides += 1) {
        window.slide(window.slidesAtMs);
      }
      expect(slides).toBeLessThanOrEqual(61);
    }
  });
});
