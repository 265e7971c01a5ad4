import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type * as fc from 'fast-check';

/** One line of the report of a hunt: a property was tried, or it noticed the bug. */
export type Sighting =
  | { readonly tried: string }
  | {
      readonly seed: number;
      readonly property: string;
      readonly runs: number;
      /** In the shrunk counterexample. */
      readonly messages: number;
      readonly reason: string;
    };

/** Looks for a bug of the bug bank (`npm run bugs`) with several seeds, each until one property notices it. */
export interface BugHunt {
  /** Looks with one property, by way of `check`, for all seeds that did not notice the bug yet. */
  readonly look: <Args extends unknown[]>(
    property: string,
    runs: number,
    check: (parameters: fc.Parameters<[Args]>) => fc.RunDetails<[Args]>,
  ) => void;
}

/** The hunt that the environment asks for; `undefined` in ordinary runs. */
export const bugHunt: BugHunt | undefined = readHunt();

function readHunt(): BugHunt | undefined {
  const report = process.env['BUG_REPORT'];
  if (report === undefined) return undefined;
  const count = Number(process.env['BUG_SEEDS'] ?? 40);
  const maxRuns = Number(process.env['BUG_RUNS'] ?? 2_000);
  const timeLimit = { interruptAfterTimeLimit: Number(process.env['BUG_TIME_MS'] ?? 30_000) };
  // Property files run one after another: those before this one have written down what they noticed.
  const noticed = existsSync(report) ? readFileSync(report, 'utf8').split('\n') : [];
  const done = new Set(noticed.filter((line) => line !== '').map(seedOf));
  const write = (sighting: Sighting): void => {
    appendFileSync(report, `${JSON.stringify(sighting)}\n`);
  };
  return {
    look(property, runs, check) {
      write({ tried: property });
      for (let ordinal = 1; ordinal <= count; ordinal += 1) {
        const seed = Math.imul(ordinal, 0x9e3779b1);
        if (done.has(seed)) continue;
        const numRuns = Math.min(runs, maxRuns);
        const result = check({ seed, numRuns, ...timeLimit });
        // A search that took too long has noticed nothing.
        if (result.counterexample === null) continue;
        done.add(seed);
        const [args] = result.counterexample;
        const reason = String(result.errorInstance).split('\n').slice(0, 3).join(' ');
        write({ seed, property, runs: result.numRuns, messages: messagesIn(args[0]), reason });
      }
    },
  };
}

function seedOf(line: string): number | undefined {
  const sighting = JSON.parse(line) as Sighting;
  return 'seed' in sighting ? sighting.seed : undefined;
}

/** The first argument of a property is its script, a list of them, or how many messages there are. */
function messagesIn(script: unknown): number {
  if (typeof script === 'number') return script;
  if (!Array.isArray(script)) return NaN;
  const lists = script.filter((part) => Array.isArray(part));
  return lists.length > 0 ? lists.reduce((sum, list) => sum + list.length, 0) : script.length;
}
