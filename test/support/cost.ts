/** What a message may cost, whatever is in it. */
export const longestMs = 1;
export const largestBytes = 1_024;

/** How long each call took, in ms, in ascending order. */
export class Durations {
  readonly #sorted: Float64Array;

  constructor(durations: Float64Array) {
    this.#sorted = durations.sort();
  }

  get median(): number {
    return this.#quantile(0.5);
  }

  /** Longer than 99 of 100: what is left out is the garbage collector and the neighbours on a busy machine. */
  get worst(): number {
    return this.#quantile(0.99);
  }

  #quantile(share: number): number {
    return this.#sorted[Math.floor((this.#sorted.length - 1) * share)] ?? NaN;
  }
}

/** Times `count` calls of `step`, without what is done `between` them. */
export function timeEach(
  count: number,
  step: (index: number) => void,
  between: (index: number) => void = () => undefined,
): Durations {
  const durations = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    step(index);
    durations[index] = performance.now() - start;
    between(index);
  }
  return new Durations(durations);
}

/** Bytes on the heap, without garbage. */
export function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
