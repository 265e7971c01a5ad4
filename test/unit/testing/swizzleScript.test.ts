import * as fc from 'fast-check';
import { OptionError } from 'rxjs-reliable';
import { stoppedUntilMs, swizzleScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

describe('swizzleScript', () => {
  it('stops shards one after another, and starts them in another order', () => {
    const scripts = fc.sample(swizzleScript({ shards: 3, maxMs: 90 }), { seed: 3, numRuns: 500 });
    expect(JSON.parse(JSON.stringify(scripts))).toEqual(scripts);
    for (const script of scripts) {
      expect(new Set(script.map(({ shard }) => shard)).size).toBe(script.length);
      expect(script.every(({ shard }) => shard < 3)).toBe(true);
      expect(script.every(({ gapMs, holdMs }) => Math.max(gapMs, holdMs) <= 90)).toBe(true);
    }
    expect(scripts.some((script) => script.length === 3)).toBe(true);
    expect(scripts.some(([one, other]) => (one?.holdMs ?? 0) > (other?.holdMs ?? 99))).toBe(true);
  });

  it('shrinks to nothing', () => {
    const property = fc.property(swizzleScript(), (script) => script.length < 1);
    expect(fc.check(property).counterexample).toEqual([[{ shard: 0, gapMs: 0, holdMs: 0 }]]);
  });

  it.each([
    ['shards', { shards: 0 }],
    ['maxMs', { maxMs: -1 }],
  ])('refuses a bad %s', (option, constraints) => {
    expect(() => swizzleScript(constraints)).toThrow(OptionError);
    expect(() => swizzleScript(constraints)).toThrow(`swizzleScript: option \`${option}\``);
  });
});

describe('stoppedUntilMs', () => {
  const script = [
    { shard: 2, gapMs: 10, holdMs: 30 },
    { shard: 0, gapMs: 10, holdMs: 5 },
  ];

  it.each([
    [2, 9, 9],
    [2, 10, 50],
    [2, 49, 50],
    [2, 50, 50],
    [0, 19, 19],
    [0, 20, 25],
    [1, 20, 20],
  ])('shard %d at %d ms waits until %d ms', (shard, nowMs, untilMs) => {
    expect(stoppedUntilMs(script, shard, nowMs)).toBe(untilMs);
  });
});
