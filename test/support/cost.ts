/** What a message may cost, whatever is in it. */
export const longestMs = 1;
export const largestBytes = 1_024;

/**
 * What a message may cost where there is room for so many keys: a `Map` moves them all when it grows (decision 41). On a
 * quiet machine it is a quarter of this.
 */
export function longestGrowthMs(maxKeys: number): number {
  return maxKeys > 10_000 ? 24 : 4;
}

/** A play of so many steps, begun anew for each time that it is timed. */
export interface Play {
  readonly step: (index: number) => void;
  /** What is done after a step, and not timed. */
  readonly between?: (index: number) => void;
}

/** What a step costs costs the same each time; the garbage collector and the neighbours come at other steps. */
const mostPlays = 8;

/**
 * How long the longest of `count` steps takes, in ms, where each step has the best of its times in several plays; in no more
 * of them than it takes to come down to `enoughMs`.
 */
export function longestStepMs(count: number, begin: () => Play, enoughMs = longestMs): number {
  const best = new Float64Array(count).fill(Infinity);
  let longest = Infinity;
  for (let plays = 0; plays < mostPlays && longest > enoughMs; plays += 1) {
    timeInto(best, begin());
    longest = best.reduce((most, ms) => Math.max(most, ms), 0);
  }
  return longest;
}

function timeInto(best: Float64Array, { step, between }: Play): void {
  for (const [index, bestMs] of best.entries()) {
    const start = performance.now();
    step(index);
    best[index] = Math.min(bestMs, performance.now() - start);
    between?.(index);
  }
}

/** Bytes on the heap, without garbage. */
export function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
