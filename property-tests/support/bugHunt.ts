import { appendFileSync } from 'node:fs';
import type * as fc from 'fast-check';
import type { Sighting } from '../../scripts/bugTable.mjs';

/** Runs a property with this seed and so many streams at most; what it noticed, if anything. */
type Look = (seed: number, numRuns: number) => Sighting | undefined;

/** Looks for a bug of the bug bank (`npm run bugs`) with several seeds, each until one property notices it. */
export interface BugHunt {
  /** Has one property look, by way of `check`, once all are known. */
  readonly add: <Args extends unknown[]>(
    property: string,
    runs: number,
    check: (parameters: fc.Parameters<[Args]>) => fc.RunDetails<[Args]>,
  ) => void;
  /** At the end of each property file: after the last one, all properties look. */
  readonly endFile: () => void;
}

/** The hunt that the environment asks for; `undefined` in ordinary runs. */
export const bugHunt: BugHunt | undefined = readHunt();

function readHunt(): BugHunt | undefined {
  const report = process.env['BUG_REPORT'];
  if (report === undefined) return undefined;
  const maxRuns = Number(process.env['BUG_RUNS'] ?? 2_000);
  const timeLimit = { interruptAfterTimeLimit: Number(process.env['BUG_TIME_MS'] ?? 240_000) };
  const looks: Look[] = [];
  let filesLeft = Number(process.env['BUG_FILES']);
  return {
    add(property, most, check) {
      looks.push((seed, wanted) => {
        const numRuns = Math.min(wanted, most, maxRuns);
        const result = check({ seed, numRuns, ...timeLimit });
        // A search that took too long has noticed nothing.
        if (result.counterexample === null) return undefined;
        const reason = String(result.errorInstance).split('\n').slice(0, 3).join(' ');
        const [example] = result.counterexample;
        const messages = messagesIn(example[0]);
        return { seed, property, runs: result.numRuns, messages, reason, example };
      });
    },
    endFile() {
      filesLeft -= 1;
      if (filesLeft > 0) return;
      const write = (sighting: Sighting): void => {
        appendFileSync(report, `${JSON.stringify(sighting)}\n`);
      };
      write({ properties: looks.length });
      hunt(looks, maxRuns, write);
    },
  };
}

/** Writes for each seed who noticed the bug first; stops once too many seeds missed it to be good enough. */
function hunt(looks: readonly Look[], maxRuns: number, write: (sighting: Sighting) => void): void {
  const count = Number(process.env['BUG_SEEDS'] ?? 40);
  let missesLeft = Number(process.env['BUG_MISSES'] ?? count);
  // Who noticed it last most likely notices it again.
  let best: Look | undefined;
  for (let ordinal = 1; ordinal <= count && missesLeft >= 0; ordinal += 1) {
    const seed = Math.imul(ordinal, 0x9e3779b1);
    const again = best?.(seed, maxRuns);
    const others = looks.filter((look) => look !== best);
    const [sighting, look] = again ? [again, best] : firstSighting(others, seed, maxRuns);
    write(sighting ?? { missed: seed });
    if (sighting === undefined) missesLeft -= 1;
    else best = look;
  }
}

/** Asks all with ever more streams: most bugs need but a few. */
function firstSighting(
  looks: readonly Look[],
  seed: number,
  maxRuns: number,
): readonly [Sighting, Look] | readonly [] {
  for (const runs of [40, 300, maxRuns]) {
    for (const look of looks) {
      const sighting = look(seed, runs);
      if (sighting !== undefined) return [sighting, look];
    }
  }
  return [];
}

/** The first argument of a property is its script, a list of them, or how many messages there are. */
function messagesIn(script: unknown): number {
  if (typeof script === 'number') return script;
  if (!Array.isArray(script)) return NaN;
  const lists = script.filter((part) => Array.isArray(part));
  return lists.length > 0 ? lists.reduce((sum, list) => sum + list.length, 0) : script.length;
}
