const windowMs = 1_000;

/** How fast a counter grows, over the last second. */
export class RateMeter {
  readonly #samples = [{ atMs: 0, count: 0 }];

  perSecond(count: number, atMs: number): number {
    this.#samples.push({ atMs, count });
    while (this.#samples.length > 2 && (this.#samples[1]?.atMs ?? atMs) <= atMs - windowMs) {
      this.#samples.shift();
    }
    const [oldest] = this.#samples;
    if (oldest === undefined || oldest.atMs === atMs) return 0;
    return ((count - oldest.count) * 1_000) / (atMs - oldest.atMs);
  }
}
