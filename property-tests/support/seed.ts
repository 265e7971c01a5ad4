import { execFileSync } from 'node:child_process';

/** Where there is no git, as in an unpacked archive. */
const fallback = 0x5eed;

function readSeed(): { readonly seed: number; readonly origin: string } {
  const wanted = process.env['SEED'];
  if (wanted === 'random') {
    return { seed: Math.floor(Math.random() * 2 ** 32) | 0, origin: 'drawn at random' };
  }
  if (wanted !== undefined && /^-?\d+$/.test(wanted)) {
    return { seed: Number(wanted) | 0, origin: 'as SEED says' };
  }
  const commit = readCommit();
  if (commit === undefined) return { seed: fallback, origin: 'there is no git commit' };
  return { seed: Number.parseInt(commit.slice(0, 8), 16) | 0, origin: `commit ${commit}` };
}

function readCommit(): string | undefined {
  try {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return /^[0-9a-f]{8,}$/.test(commit) ? commit : undefined;
  } catch {
    return undefined;
  }
}

const read = readSeed();

/**
 * What all generated streams follow from: the first 32 bits of the commit, so that every commit looks elsewhere and can
 * be looked at again. The environment variable SEED says otherwise: a number, or `random`.
 */
export const seed: number = read.seed;

/** How many times the usual number of streams are run; the environment variable RUNS, default 1. */
export const effort: number = Math.max(Number(process.env['RUNS'] ?? 1) || 1, 0.01);

/** How long each property is searched, whatever its number of streams; undefined where that number counts. */
export const fuzzMs: number | undefined =
  Number(process.env['FUZZ_SECONDS'] ?? 0) * 1_000 || undefined;

/** When a search has to end, in ms since 1970. */
export const fuzzUntilMs: number = Number(process.env['FUZZ_UNTIL_MS'] ?? NaN) || Infinity;

console.log(`Property tests: SEED=${String(seed)} (${read.origin})`);
