/** That every kind of trouble does what it says, and comes up often enough to be met. */
import * as fc from 'fast-check';
import { arrivalsOf, faultScript, type FaultKind, type FaultRecord } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

const numRuns = 2_000;
const sample = (faults: readonly FaultKind[], maxDelayMs = 10_000): FaultRecord[][] =>
  fc.sample(fc.noBias(faultScript({ faults, maxDelayMs })), { seed: 21, numRuns });
const share = (
  scripts: readonly FaultRecord[][],
  has: (script: readonly FaultRecord[]) => boolean,
): number => scripts.filter(has).length / scripts.length;

/** The places of the originals in the order of arrival. */
const orderOf = (script: readonly FaultRecord[]): number[] =>
  arrivalsOf(script).flatMap(({ message: { copy, index } }) => (copy === 0 ? [index] : []));
const isDisordered = (script: readonly FaultRecord[]): boolean =>
  orderOf(script).some((index, place, all) => index < (all[place - 1] ?? -1));
const delaysOf = (script: readonly FaultRecord[]): number[] => script.map((one) => one.delayMs);

describe('faultScript', () => {
  it('aims at the first message, the last one, and others, copies included', () => {
    const scripts = sample(['target', 'duplicate']).filter(({ length }) => length > 2);
    expect(share(scripts, (s) => s[0]?.drop === true)).toBeGreaterThan(0.1);
    expect(share(scripts, (s) => s.at(-1)?.drop === true)).toBeGreaterThan(0.1);
    expect(share(scripts, (s) => s.slice(1, -1).some(({ drop }) => drop))).toBeGreaterThan(0.1);
    expect(scripts.flat().some(({ copies, drop }) => drop && copies.length > 0)).toBe(false);
    expect(share(scripts, (s) => s.every(({ drop }) => !drop))).toBeGreaterThan(0.4);
  });

  it('loses what a queue has no room for', () => {
    const scripts = sample(['queue', 'burst', 'delay']);
    expect(share(scripts, (s) => s.some(({ drop }) => drop))).toBeGreaterThan(0.05);
  });

  it('reorders though there is no other delay', () => {
    const scripts = sample(['reorder']);
    expect(share(scripts, isDisordered)).toBeGreaterThan(0.3);
  });

  it('clogs: many arrive at one instant, or one by one, in order', () => {
    const scripts = sample(['clog']);
    const arrivals = scripts.map((script) => arrivalsOf(script).map(({ atMs }) => atMs));
    const isHeld = (script: readonly FaultRecord[]): boolean =>
      delaysOf(script).filter((ms) => ms > 0).length > 2;
    expect(share(scripts, isHeld)).toBeGreaterThan(0.1);
    expect(arrivals.some((times) => new Set(times).size < times.length - 5)).toBe(true);
    expect(scripts.some((s) => isHeld(s) && !isDisordered(s))).toBe(true);
  });

  it('heals in the second half', () => {
    const scripts = sample(['loss', 'delay', 'duplicate', 'heal']).filter((s) => s.length > 20);
    const isWell = ({ copies, delayMs, drop }: FaultRecord): boolean =>
      !drop && delayMs === 0 && copies.length === 0;
    const healed = share(scripts, (s) => s.slice(-3).every(isWell) && !s.every(isWell));
    expect(healed).toBeGreaterThan(0.3);
  });

  it('makes numbers wrap, event times wrong, and reading throw, only when asked', () => {
    const scripts = sample(['wrap', 'skew', 'hostile']);
    const wraps = (script: readonly FaultRecord[]): boolean =>
      script.every(({ corrupt }) => corrupt === 'none') &&
      arrivalsOf(script).some(
        ({ message }, i, all) => message.seq < (all[i - 1]?.message.seq ?? 0),
      );
    expect(share(scripts, wraps)).toBeGreaterThan(0.1);
    expect(share(scripts, (s) => s.some(({ corrupt }) => corrupt === 'throws'))).toBeGreaterThan(
      0.3,
    );
    const skews = scripts.flat().map(({ skewMs = 0 }) => skewMs);
    expect(skews.some((ms) => ms < -1_800_000) && skews.some((ms) => ms > 1_800_000)).toBe(true);
    expect(skews.every((ms) => Math.abs(ms) <= 3_600_000)).toBe(true);
    expect(new Set(scripts.flat().map(({ producer }) => producer)).size).toBe(6);
    const plain = fc.sample(faultScript(), { seed: 2, numRuns }).flat();
    expect(plain.every((record) => Object.keys(record).length === 8)).toBe(true);
  });

  it('keeps the longest delay, whatever the kinds', () => {
    const faults = ['delay', 'straggler', 'reorder', 'clog', 'duplicate'] as const;
    const delays = sample(faults, 50)
      .flat()
      .flatMap(({ copies, delayMs }) => [delayMs, ...copies]);
    expect(delays.filter((delayMs) => delayMs > 50)).toEqual([]);
  });

  it('shrinks all of it to nothing', () => {
    const faults = ['wrap', 'skew', 'loss', 'reorder', 'clog'] as const;
    const property = fc.property(faultScript({ faults }), (script) => script.length < 2);
    const [script = []] = fc.check(property, { seed: 9 }).counterexample ?? [];
    const clean = { gapMs: 0, drop: false, delayMs: 0, copies: [], corrupt: 'none' };
    expect(script).toEqual(Array(2).fill({ ...clean, restart: false, epoch: false, jump: 0 }));
  });
});
