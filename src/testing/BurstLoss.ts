import type { SeededRandom } from './SeededRandom.js';

/** What a {@link BurstLoss} loses, as shares from 0 to 1. */
export interface BurstLossRatios {
  /** Of all messages, in the long run; from `good` to `bad`. */
  readonly ratio: number;
  /** Mean length of the bad times, in messages. Default: what independent losses of this ratio have. */
  readonly meanBurst?: number | undefined;
  /** Of the messages in good times. Default 0. */
  readonly good?: number | undefined;
  /** Of the messages in bad times. Default 1. */
  readonly bad?: number | undefined;
}

/**
 * Decides which messages are lost: a Gilbert-Elliott channel. With a share `p` of bad times of mean length `L`, good
 * turns bad with `p / ((1 - p) L)` and bad turns good with `1 / L`.
 */
export class BurstLoss {
  /** The share of bad times with which that much is lost. */
  static badShare({ ratio, good = 0, bad = 1 }: BurstLossRatios): number {
    return bad > good ? Math.min(Math.max((ratio - good) / (bad - good), 0), 1) : 1;
  }

  /** The shortest mean length of bad times that gives this share of them: good would have to turn bad every time. */
  static leastMeanBurst(share: number): number {
    return Math.max(1, share / (1 - share));
  }

  #isBad: boolean;
  readonly #turnsBad: number;
  readonly #turnsGood: number;
  readonly #lossGood: number;
  readonly #lossBad: number;

  constructor(
    private readonly random: SeededRandom,
    ratios: BurstLossRatios,
  ) {
    const share = BurstLoss.badShare(ratios);
    const { good = 0, bad = 1, meanBurst = 1 / (1 - share) } = ratios;
    this.#lossGood = good;
    this.#lossBad = bad;
    this.#turnsGood = 1 / meanBurst;
    this.#turnsBad = share < 1 ? share / ((1 - share) * meanBurst) : 1;
    this.#isBad = random.chance(share);
  }

  /** Whether the next message is lost. */
  loses(): boolean {
    const isBad = this.#isBad;
    const turns = this.random.chance(isBad ? this.#turnsGood : this.#turnsBad);
    if (turns) this.#isBad = !isBad;
    const loss = isBad ? this.#lossBad : this.#lossGood;
    // What is certain takes no chance: a plain Gilbert channel draws one number a message.
    return loss === 1 || (loss > 0 && this.random.chance(loss));
  }
}
