import * as fc from 'fast-check';
import { OptionError } from 'rxjs-reliable';
import { responderScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

describe('responderScript', () => {
  it('draws every mode within bounds, as plain JSON', () => {
    const scripts = fc.sample(responderScript({ maxDelayMs: 90 }), { seed: 2, numRuns: 1_000 });
    expect(JSON.parse(JSON.stringify(scripts))).toEqual(scripts);
    const records = scripts.flat();
    expect(new Set(records.map(({ mode }) => mode)).size).toBe(12);
    expect(records.every(({ delayMs, stepMs }) => delayMs <= 90 && stepMs <= 20)).toBe(true);
    expect(records.some(({ drop }) => drop)).toBe(true);
    expect(new Set(scripts.map(({ length }) => length))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  });

  it('keeps to its modes', () => {
    const modes = ['stale', 'wrong'] as const;
    const records = fc.sample(responderScript({ modes, maxRecords: 2 }), 200).flat();
    expect(new Set(records.map(({ mode }) => mode))).toEqual(new Set(modes));
  });

  it('shrinks, also a script kept from an earlier failure', () => {
    const kept = [{ mode: 'throw', delayMs: 1e9, stepMs: 4, drop: true } as const];
    const property = fc.property(responderScript(), (script) => script.length === 0);
    const { counterexample } = fc.check(property, { examples: [[kept]], numRuns: 1 });
    expect(counterexample).toEqual([[{ mode: 'sync', delayMs: 0, stepMs: 0, drop: false }]]);
  });

  it.each([
    ['maxRecords', { maxRecords: 0.5 }],
    ['maxDelayMs', { maxDelayMs: 60_001 }],
    ['modes', { modes: ['late' as 'never'] }],
    ['modes', { modes: [] }],
  ])('refuses a bad %s', (option, constraints) => {
    expect(() => responderScript(constraints)).toThrow(OptionError);
    expect(() => responderScript(constraints)).toThrow(`responderScript: option \`${option}\``);
  });
});
