import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import { clogged, displaced, queued, type Transit } from '../../../src/testing/transits.js';

/** Messages sent at these times. */
const sent = (timesMs: readonly number[], delayMs = 0): Transit[] =>
  timesMs.map((sentMs) => ({ sentMs, delayMs, isLost: false }));
const steady = (count: number, gapMs: number): Transit[] =>
  sent(Array.from({ length: count }, (_, index) => index * gapMs));

/** The places of messages in the order of arrival. */
function orderOf(transits: readonly Transit[]): number[] {
  const atMs = transits.map(({ delayMs, sentMs }) => sentMs + delayMs);
  return [...atMs.keys()].sort((one, other) => (atMs[one] ?? 0) - (atMs[other] ?? 0));
}
const random = (): SeededRandom => new SeededRandom(5);
const delaysOf = (transits: readonly Transit[]): number[] => transits.map((one) => one.delayMs);

describe('displaced', () => {
  it.each([0, 5, 300])('swaps neighbours %d ms apart', (gapMs) => {
    const transits = displaced(steady(9, gapMs), { way: 'swap', size: 4 }, random());
    expect(orderOf(transits)).toEqual([1, 0, 2, 3, 5, 4, 6, 7, 8]);
  });

  it.each([0, 5, 300])('reverses blocks %d ms apart', (gapMs) => {
    const transits = displaced(steady(7, gapMs), { way: 'reverse', size: 3 }, random());
    expect(orderOf(transits)).toEqual([2, 1, 0, 5, 4, 3, 6]);
  });

  it.each([0, 5, 300])('moves none further than asked, %d ms apart', (gapMs) => {
    const order = orderOf(displaced(steady(500, gapMs), { way: 'displace', size: 3 }, random()));
    const moved = order.map((index, place) => Math.abs(index - place));
    expect(Math.max(...moved)).toBe(3);
  });

  it('lets every n-th overtake', () => {
    const transits = displaced(steady(6, 5), { way: 'jump', size: 3 }, random());
    expect(delaysOf(transits)).toEqual([30, 30, 0, 30, 30, 0]);
    expect(orderOf(transits)).toEqual([2, 5, 0, 1, 3, 4]);
  });
});

describe('clogged', () => {
  it('holds what is sent meanwhile, and lets it go in order', () => {
    const clog = { percent: 100, meanMs: 40, spacingMs: 3 };
    const transits = clogged(steady(200, 5), clog, random());
    expect(orderOf(transits)).toEqual([...transits.keys()]);
    const times = transits.map(({ delayMs, sentMs }) => sentMs + delayMs);
    expect(times.every((ms, index) => index === 0 || ms >= (times[index - 1] ?? 0))).toBe(true);
    expect(delaysOf(transits).filter((ms) => ms > 0).length).toBeGreaterThan(150);
  });

  it('lets all go at one instant without spacing', () => {
    const transits = clogged(steady(5, 0), { percent: 100, meanMs: 40, spacingMs: 0 }, random());
    expect(new Set(delaysOf(transits)).size).toBe(1);
  });

  it('does nothing if it never clogs', () => {
    const transits = steady(50, 5);
    expect(clogged(transits, { percent: 0, meanMs: 40, spacingMs: 3 }, random())).toEqual(transits);
  });
});

describe('queued', () => {
  const lostOf = (transits: readonly Transit[]): number[] =>
    [...transits.keys()].filter((index) => transits[index]?.isLost);

  it('loses the newest when full, and has room again later', () => {
    const transits = sent([0, 0, 0, 9, 10, 10, 10], 10);
    const lost = lostOf(queued(transits, { capacity: 2, isRandom: false }, random()));
    expect(lost).toEqual([2, 3, 6]);
  });

  it('loses any one when full', () => {
    const transits = sent(Array<number>(500).fill(0), 10);
    const lost = lostOf(queued(transits, { capacity: 9, isRandom: true }, random()));
    expect(lost.length).toBe(491);
    expect(lost[0]).toBeLessThan(9);
    expect(lost).not.toContain(Math.max(...[...transits.keys()].filter((i) => !lost.includes(i))));
  });

  it('has room for what was lost before', () => {
    const transits = sent([0, 0, 0], 10).map((one, index) => ({ ...one, isLost: index === 0 }));
    expect(lostOf(queued(transits, { capacity: 2, isRandom: false }, random()))).toEqual([0]);
  });
});
