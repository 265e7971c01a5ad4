import * as fc from 'fast-check';
import { OptionError } from 'rxjs-reliable';
import { controlScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

describe('controlScript', () => {
  it('draws every way to end, in whole ms within bounds, as plain JSON', () => {
    const scripts = fc.sample(controlScript({ maxMs: 100 }), { seed: 2, numRuns: 1_000 });
    expect(new Set(scripts.map(({ end }) => end))).toEqual(new Set(['complete', 'error', 'none']));
    expect(new Set(scripts.map(({ resubscribe }) => resubscribe)).size).toBe(2);
    expect(
      scripts.filter(({ unsubscribeAtMs }) => unsubscribeAtMs === null).length,
    ).toBeGreaterThan(300);
    expect(
      scripts.filter(({ unsubscribeAtMs }) => unsubscribeAtMs !== null).length,
    ).toBeGreaterThan(300);
    for (const script of scripts) {
      for (const ms of [script.endAtMs, script.unsubscribeAtMs ?? 0]) {
        expect(Number.isInteger(ms) && ms >= 0 && ms <= 100).toBe(true);
      }
      expect(JSON.parse(JSON.stringify(script))).toEqual(script);
    }
  });

  it('shrinks to a run that completes at once', () => {
    const { counterexample } = fc.check(
      fc.property(controlScript(), () => false),
      { seed: 4 },
    );
    expect(counterexample).toEqual([
      { end: 'complete', endAtMs: 0, unsubscribeAtMs: null, resubscribe: false },
    ]);
  });

  it('draws what else may happen if asked, each absent half of the time', () => {
    const controls = ['leave', 'reentrant', 'slow', 'heal'] as const;
    const numRuns = 2_000;
    const scripts = fc.sample(controlScript({ controls }), { seed: 3, numRuns });
    const share = (has: (script: (typeof scripts)[number]) => boolean): number =>
      scripts.filter(has).length / numRuns;
    const shares = [
      share(({ leaveAt }) => typeof leaveAt === 'number'),
      share(({ reentrantAt = [] }) => reentrantAt.length > 0),
      share(({ busyMs = [] }) => busyMs.length > 0),
      share(({ healPercent }) => typeof healPercent === 'number'),
    ];
    for (const one of shares) expect(Math.abs(one - 0.5)).toBeLessThan(0.05);
    const heals = scripts.map(({ healPercent }) => healPercent ?? 50);
    expect([Math.min(...heals), Math.max(...heals)]).toEqual([50, 100]);
    expect(JSON.parse(JSON.stringify(scripts))).toEqual(scripts);
    const { counterexample } = fc.check(
      fc.property(controlScript({ controls }), () => false),
      { seed: 4 },
    );
    expect(counterexample).toMatchObject([
      { leaveAt: null, reentrantAt: [], busyMs: [], healPercent: null },
    ]);
  });

  it.each([['rain' as 'heal'], 'heal' as never])('refuses the controls %s', (controls) => {
    expect(() => controlScript({ controls: controls as never })).toThrow(
      'controlScript: option `controls`',
    );
  });

  it('refuses a bad maxMs', () => {
    expect(() => controlScript({ maxMs: 1.5 })).toThrow(OptionError);
  });
});
