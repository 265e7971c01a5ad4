import { RatioWindow } from '../structures/RatioWindow.js';
import type { Report } from './Machine.js';
import type { SlaTimeoutEvent } from './SlaEvent.js';

/** Watches which share of the guarantees was kept within a sliding window. */
export class Objective<T, K> {
  readonly #outcomes: RatioWindow;
  #isMet = true;

  constructor(
    private readonly ratio: number,
    windowMs: number,
    private readonly report: Report<SlaTimeoutEvent<T, K>>,
  ) {
    this.#outcomes = new RatioWindow(windowMs);
  }

  get deadlineMs(): number {
    return this.#outcomes.slidesAtMs;
  }

  /** Counts a guarantee that was kept or broken. */
  judge(isKept: boolean, nowMs: number): void {
    this.#outcomes.add(isKept, nowMs);
    this.#compare();
  }

  /** Forgets what is too old. */
  slide(nowMs: number): void {
    this.#outcomes.slide(nowMs);
    this.#compare();
  }

  #compare(): void {
    const { ratio } = this.#outcomes;
    const isMet = ratio >= this.ratio;
    if (isMet === this.#isMet) return;
    this.#isMet = isMet;
    const burnRate = ratio === 1 ? 0 : (1 - ratio) / (1 - this.ratio);
    const kind = isMet ? 'objective-met' : 'objective-missed';
    this.report?.({ kind, key: undefined as K, ratio, burnRate });
  }
}
