import * as fc from 'fast-check';
import { OptionError } from 'rxjs-reliable';
import { arrivalsOf, faultScript, type FaultRecord, type FaultScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';

const isClean = (record: FaultRecord): boolean =>
  !record.drop && record.delayMs === 0 && record.copies.length === 0;
const seqsOf = (script: FaultScript): number[] =>
  arrivalsOf(script).map(({ message }) => message.seq);

/** The longest run of messages lost. */
function longestLoss(script: readonly FaultRecord[]): number {
  let [run, longest] = [0, 0];
  for (const { drop } of script) {
    run = drop ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Bugs that need some trouble to show, each with the fewest messages that show it. */
const bugs: readonly [string, (script: readonly FaultRecord[]) => boolean, number][] = [
  [
    'breaks when two arrive in the wrong order',
    (s) => seqsOf(s).every((n, i, all) => i === 0 || n >= (all[i - 1] ?? 0)),
    2,
  ],
  ['breaks at a repeat', (s) => new Set(seqsOf(s)).size === seqsOf(s).length, 1],
  [
    'breaks at two holes',
    (s) =>
      seqsOf(s).filter((n, i, all) => i > 0 && n > 1 + Math.max(...all.slice(0, i))).length < 2,
    5,
  ],
  ['breaks when the last one is lost', (s) => s.at(-1)?.drop !== true, 1],
];

describe('faultScript', () => {
  it('gives plain JSON in whole ms', () => {
    const arbitrary = faultScript({ faults: ['loss', 'delay', 'duplicate', 'corrupt', 'restart'] });
    fc.assert(
      fc.property(arbitrary, (script) => {
        expect(JSON.parse(JSON.stringify(script))).toEqual(script);
        for (const { gapMs, delayMs, copies } of script) {
          expect([gapMs, delayMs, ...copies].every((ms) => Number.isInteger(ms) && ms >= 0)).toBe(
            true,
          );
        }
      }),
    );
  });

  it('keeps to its constraints', () => {
    const constraints = { maxMessages: 7, maxDelayMs: 90, faults: ['delay', 'straggler'] } as const;
    fc.assert(
      fc.property(faultScript(constraints), (script) => {
        expect(script.length).toBeLessThanOrEqual(7);
        expect(script.every(({ delayMs }) => delayMs <= 90)).toBe(true);
        expect(script.every(({ drop, copies, jump }) => !drop && copies.length + jump === 0)).toBe(
          true,
        );
      }),
    );
    fc.assert(fc.property(faultScript({ faults: [] }), (script) => script.every(isClean)));
  });

  it('gives the same scripts for the same seed', () => {
    const sample = (): FaultRecord[][] => fc.sample(faultScript(), { seed: 3, numRuns: 50 });
    expect(sample()).toEqual(sample());
  });

  it('sometimes gives each kind of trouble', () => {
    const numRuns = 5_000;
    const scripts = fc.sample(faultScript(), { seed: 11, numRuns });
    const share = (predicate: (script: FaultRecord[]) => boolean): number =>
      scripts.filter(predicate).length / numRuns;
    const shares = {
      empty: share((s) => s.length === 0),
      one: share((s) => s.length === 1),
      clean: share((s) => s.length > 0 && s.every(isClean)),
      firstLost: share((s) => s[0]?.drop === true),
      lastLost: share((s) => s.at(-1)?.drop === true),
      twoLostInARow: share((s) => longestLoss(s) >= 2),
      twentyLostInARow: share((s) => longestLoss(s) >= 20),
      everythingLost: share((s) => s.length > 0 && s.every(({ drop }) => drop)),
      atOneInstant: share((s) => s.some(({ gapMs }, i) => i > 0 && gapMs === 0)),
      longSilence: share((s) => s.some(({ gapMs }) => gapMs > 1_000)),
      copyBeforeOriginal: share((s) =>
        s.some(({ copies, delayMs }) => copies.some((ms) => ms < delayMs)),
      ),
      copyOfWhatWasLost: share((s) => s.some(({ copies, drop }) => drop && copies.length > 0)),
      straggler: share((s) => s.some(({ delayMs }) => delayMs > 2_000)),
    };
    for (const [name, value] of Object.entries(shares)) {
      expect(value, name).toBeGreaterThan(0.005);
    }
  });

  it('gives the opt-in kinds only when asked', () => {
    const numRuns = 500;
    const harmless = fc.sample(faultScript(), { seed: 5, numRuns }).flat();
    expect(harmless.some((r) => r.corrupt !== 'none' || r.restart || r.epoch || r.jump > 0)).toBe(
      false,
    );
    const faults = ['corrupt', 'restart', 'jump'] as const;
    const harmful = fc.sample(faultScript({ faults }), { seed: 5, numRuns }).flat();
    expect(new Set(harmful.map(({ corrupt }) => corrupt)).size).toBe(11);
    expect(harmful.some(({ restart, epoch }) => restart && epoch)).toBe(true);
    expect(harmful.some(({ restart, epoch }) => restart && !epoch)).toBe(true);
    expect(new Set(harmful.map(({ jump }) => jump)).size).toBe(9);
  });

  describe.each(bugs)('a property that %s', (_, holds, fewest) => {
    it('fails and shrinks to the few records that matter', () => {
      for (let seed = 1; seed <= 10; seed += 1) {
        const result = fc.check(fc.property(faultScript(), holds), { seed, numRuns: 1_000 });
        expect(result.failed).toBe(true);
        const [script = []] = result.counterexample ?? [];
        expect(script.length).toBeLessThanOrEqual(fewest + 1);
        expect(script.filter((record) => !isClean(record)).length).toBeLessThanOrEqual(fewest);
      }
    });

    it('is found again by its path', () => {
      const property = fc.property(faultScript(), holds);
      const { seed, counterexamplePath, counterexample } = fc.check(property, {
        seed: 1,
        numRuns: 1_000,
      });
      const path = counterexamplePath ?? '';
      const replayed = fc.check(property, { seed, path, endOnFailure: true });
      expect(replayed.counterexample).toEqual(counterexample);
    });
  });

  it('shrinks a script kept from an earlier failure', () => {
    const clean = {
      gapMs: 5,
      drop: false,
      delayMs: 0,
      copies: [],
      corrupt: 'none',
      restart: false,
      epoch: false,
      jump: 0,
    } as const;
    const kept: FaultRecord[] = Array.from({ length: 30 }, () => ({
      ...clean,
      copies: [90_000, 3],
    }));
    const property = fc.property(faultScript({ maxMessages: 3 }), (s) =>
      s.every((r) => r.copies.length < 2),
    );
    const result = fc.check(property, { examples: [[kept]], numRuns: 1 });
    expect(result.counterexample).toEqual([[{ ...clean, gapMs: 0, copies: [0, 0] }]]);
  });

  it.each([
    ['maxMessages', { maxMessages: -1 }],
    ['maxDelayMs', { maxDelayMs: 60_001 }],
    ['faults', { faults: ['rain' as 'loss'] }],
  ])('refuses a bad %s', (option, constraints) => {
    expect(() => faultScript(constraints)).toThrow(OptionError);
    expect(() => faultScript(constraints)).toThrow(`faultScript: option \`${option}\``);
  });
});
