import type { SeededRandom } from './SeededRandom.js';

/**
 * Decides which messages are lost: a Gilbert channel with two states, in one of which everything is lost. With `p` lost
 * in bursts of mean length `L`, good turns bad with `p / ((1 - p) L)` and bad turns good with `1 / L`.
 */
export class BurstLoss {
  /** The shortest mean length of a burst that gives this ratio: good would have to turn bad every time. */
  static leastMeanBurst(ratio: number): number {
    return Math.max(1, ratio / (1 - ratio));
  }

  #isBad: boolean;
  readonly #turnsBad: number;
  readonly #turnsGood: number;

  /** @param meanBurst - default: what independent losses of this ratio have. */
  constructor(
    private readonly random: SeededRandom,
    ratio: number,
    meanBurst: number = 1 / (1 - ratio),
  ) {
    this.#turnsGood = 1 / meanBurst;
    this.#turnsBad = ratio < 1 ? ratio / ((1 - ratio) * meanBurst) : 1;
    this.#isBad = random.chance(ratio);
  }

  /** Whether the next message is lost. */
  loses(): boolean {
    const isLost = this.#isBad;
    const turns = this.random.chance(isLost ? this.#turnsGood : this.#turnsBad);
    if (turns) this.#isBad = !isLost;
    return isLost;
  }
}
