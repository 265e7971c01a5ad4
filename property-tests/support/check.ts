import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterAll } from 'vitest';
import { bugHunt } from './bugHunt.js';
import { effort, fuzzMs, fuzzUntilMs, seed } from './seed.js';

/** A case that failed once, kept for ever in `property-tests/regressions/<file>.json`, which holds a list of them. */
interface Regression {
  readonly property: string;
  readonly args: readonly unknown[];
  /** What was wrong. */
  readonly note?: string;
}

/** One file of regressions, and the means to check properties beside it. */
export interface Checker {
  /** The properties that were checked so far. */
  readonly names: ReadonlySet<string>;
  /** The properties that have stored cases. */
  readonly stored: readonly string[];
  /**
   * Checks that `predicate` throws for none of `runs` generated cases, after the stored ones. Everything drawn has to be
   * plain JSON, so that a failing case can be stored.
   */
  readonly check: <Args extends unknown[]>(
    property: string,
    runs: number,
    arbitraries: { [I in keyof Args]: fc.Arbitrary<Args[I]> },
    predicate: (...args: Args) => void,
  ) => void;
  /** The same where the predicate has to wait for promises. It is no part of a bug hunt, which cannot wait. */
  readonly checkAsync: <Args extends unknown[]>(
    property: string,
    runs: number,
    arbitraries: { [I in keyof Args]: fc.Arbitrary<Args[I]> },
    predicate: (...args: Args) => Promise<void>,
  ) => Promise<void>;
}

/** Reads `property-tests/regressions/<operator>.json`. */
export function checkerOf(operator: string): Checker {
  const file = fileURLToPath(new URL(`../regressions/${operator}.json`, import.meta.url));
  const regressions = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Regression[])
    : [];
  const names = new Set<string>();
  const examplesOf = <Args extends unknown[]>(property: string): [Args][] => {
    names.add(property);
    return regressions
      .filter((one) => one.property === property)
      .map(({ args }): [Args] => [args as Args]);
  };
  const judge = <Args>(property: string, result: fc.RunDetails<[Args]>): void => {
    streams += result.numRuns;
    properties += 1;
    // A search whose time is over before its first stream has found nothing.
    const isOver = fuzzMs !== undefined && result.counterexample === null;
    if (result.failed && !isOver) throw new Error(describe(property, basename(file), result));
  };
  return {
    names,
    stored: regressions.map(({ property }) => property),
    check<Args extends unknown[]>(
      property: string,
      runs: number,
      arbitraries: { [I in keyof Args]: fc.Arbitrary<Args[I]> },
      predicate: (...args: Args) => void,
    ): void {
      const examples = examplesOf<Args>(property);
      const tested = fc.property(fc.tuple<Args>(...arbitraries), (args) => {
        predicate(...args);
      });
      if (bugHunt !== undefined) {
        // Without stored cases: what counts is what the generators find.
        bugHunt.add(property, runs, (parameters) => fc.check(tested, parameters));
        return;
      }
      judge(property, fc.check(tested, { ...limitsOf(runs), seed, examples }));
    },
    async checkAsync<Args extends unknown[]>(
      property: string,
      runs: number,
      arbitraries: { [I in keyof Args]: fc.Arbitrary<Args[I]> },
      predicate: (...args: Args) => Promise<void>,
    ): Promise<void> {
      const examples = examplesOf<Args>(property);
      if (bugHunt !== undefined) return;
      const tested = fc.asyncProperty(fc.tuple<Args>(...arbitraries), (args) => predicate(...args));
      judge(property, await fc.check(tested, { ...limitsOf(runs), seed, examples }));
    },
  };
}

let streams = 0;
let properties = 0;

/** Where `npm test` counts up what all files did. */
const account = process.env['STREAMS_FILE'];

afterAll(() => {
  console.log(`Property tests: ${streams} streams in ${properties} properties`);
  if (account !== undefined)
    appendFileSync(account, `${JSON.stringify({ streams, properties })}\n`);
});

/** When to stop: after so many streams, or, where `npm run fuzz` says so, after a time. */
function limitsOf(runs: number) {
  if (fuzzMs !== undefined) {
    // Those that are checked for each operator share the time.
    const shareMs = fuzzMs * Math.min(runs / 1_000, 1);
    const leftMs = Math.max(Math.min(shareMs, fuzzUntilMs - Date.now()), 1);
    return { numRuns: 2 ** 31 - 1, interruptAfterTimeLimit: leftMs, markInterruptAsFailure: false };
  }
  return {
    numRuns: Math.ceil(runs * effort),
    // Shrinking a long stream can take for ever, and a test that never yields cannot be timed out.
    interruptAfterTimeLimit: 300_000 * effort,
    markInterruptAsFailure: true,
  };
}

function describe<Args>(property: string, file: string, result: fc.RunDetails<[Args]>): string {
  const [args] = result.counterexample ?? [];
  const thrown = result.errorInstance;
  const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return [
    `"${property}" fails after ${String(result.numRuns)} streams and ${String(result.numShrinks)} shrinks.`,
    `Again: SEED=${String(result.seed)} (path ${String(result.counterexamplePath)}, fast-check ${fc.__version}, node ${process.version})`,
    `Once and for all: add this line to the list in property-tests/regressions/${file}`,
    JSON.stringify({ property, args }),
    reason,
  ].join('\n');
}
