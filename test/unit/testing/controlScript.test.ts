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

  it('refuses a bad maxMs', () => {
    expect(() => controlScript({ maxMs: 1.5 })).toThrow(OptionError);
  });
});
