import type { Delay } from './Delay.js';
import { delayAtMs, drawDelayMs } from './drawDelayMs.js';
import type { SeededRandom } from './SeededRandom.js';

/**
 * Draws one delay after the other, each as much like the one before it as `correlation` says: a first-order
 * autoregressive Gaussian process is mapped to the distribution, which therefore stays what it is without correlation.
 */
export class DelaySource {
  #normal: number | undefined;

  /** @param correlation - from 0 to 1, 1 not included. */
  constructor(
    private readonly delay: Delay,
    private readonly correlation: number,
    private readonly random: SeededRandom,
  ) {}

  /** The next delay, in ms. */
  nextMs(): number {
    const { correlation, delay, random } = this;
    if (typeof delay === 'number' || correlation === 0) return drawDelayMs(delay, random);
    const fresh = random.normal();
    const before = this.#normal;
    const kept = correlation * (before ?? 0) + Math.sqrt(1 - correlation ** 2) * fresh;
    this.#normal = before === undefined ? fresh : kept;
    return delayAtMs(delay, this.#normal);
  }
}
