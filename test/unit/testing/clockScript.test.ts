import * as fc from 'fast-check';
import { OptionError } from 'rxjs-reliable';
import { applyClockFault, clockScript, VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

describe('clockScript', () => {
  it('draws every kind within its bounds, as plain JSON', () => {
    const scripts = fc.sample(clockScript(), { seed: 2, numRuns: 2_000 });
    expect(JSON.parse(JSON.stringify(scripts))).toEqual(scripts);
    const most = { back: 3_600_000, ahead: 30 * 86_400_000, freeze: 3_600_000, late: 2_000 };
    for (const [kind, mostMs] of Object.entries(most)) {
      const steps = scripts.flat().flatMap((one) => (one.kind === kind ? [one.byMs] : []));
      expect(Math.min(...steps)).toBe(1);
      expect(Math.max(...steps)).toBeLessThanOrEqual(mostMs);
      expect(Math.max(...steps)).toBeGreaterThan(mostMs / 2);
    }
    expect(new Set(scripts.map(({ length }) => length))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('keeps to its constraints', () => {
    const constraints = { maxFaults: 2, maxMs: 5, faults: ['late', 'back'] } as const;
    fc.assert(
      fc.property(clockScript(constraints), (script) => {
        expect(script.length).toBeLessThanOrEqual(2);
        expect(script.every(({ gapMs, kind }) => gapMs <= 5 && kind !== 'ahead')).toBe(true);
      }),
    );
    expect(fc.sample(clockScript({ faults: [] }), 5)).toEqual(Array(5).fill([]));
  });

  it('shrinks, also a script kept from an earlier failure', () => {
    const kept = [{ gapMs: 9, kind: 'back', byMs: 1e12 } as const];
    const property = fc.property(clockScript(), (script) => script.length === 0);
    const { counterexample } = fc.check(property, { examples: [[[...kept, ...kept]]], numRuns: 1 });
    expect(counterexample).toEqual([[{ gapMs: 0, kind: 'late', byMs: 0 }]]);
  });

  it.each([
    ['maxFaults', { maxFaults: -1 }],
    ['maxMs', { maxMs: NaN }],
    ['faults', { faults: ['rain' as 'late'] }],
  ])('refuses a bad %s', (option, constraints) => {
    expect(() => clockScript(constraints)).toThrow(OptionError);
    expect(() => clockScript(constraints)).toThrow(`clockScript: option \`${option}\``);
  });
});

describe('applyClockFault', () => {
  it('sets the clock, stops the time, or makes timers late', () => {
    const clock = new VirtualClock({ startMs: 1_000 });
    const log: number[] = [];
    const apply = (kind: 'back' | 'ahead' | 'freeze' | 'late', byMs: number): void =>
      applyClockFault(clock, { gapMs: 0, kind, byMs });
    apply('back', 400);
    expect(clock.now()).toBe(600);
    apply('ahead', 5_000);
    expect(clock.now()).toBe(5_600);
    clock.schedule(() => log.push(clock.now()), 10);
    apply('freeze', 30);
    expect([clock.now(), log]).toEqual([5_630, []]);
    apply('late', 100);
    clock.schedule(() => log.push(clock.now()), 0);
    clock.flush();
    expect(log).toEqual([5_710, 5_730]);
  });
});
