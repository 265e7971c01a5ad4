import { DelaySource } from './DelaySource.js';
import { drawDelayMs } from './drawDelayMs.js';
import type { LinkSettings } from './LinkSettings.js';
import { SeededRandom } from './SeededRandom.js';

/** Decides how long each message takes. Times are ms since subscription. */
export class LinkRoute {
  // One generator for each fault, so that one can be changed without changing what the others do.
  readonly #delays: DelaySource;
  readonly #jumps: SeededRandom;
  readonly #straggling: SeededRandom;
  readonly #clogs: SeededRandom;
  #count = 0;
  /** Until when nothing that is sent comes through. */
  #cloggedMs = -Infinity;
  /** When the next of what was held comes through. */
  #freeMs = -Infinity;

  constructor(private readonly settings: LinkSettings) {
    const { delay, delayCorrelation, seed } = settings;
    this.#delays = new DelaySource(delay, delayCorrelation, new SeededRandom(seed, 2));
    this.#jumps = new SeededRandom(seed, 4);
    this.#straggling = new SeededRandom(seed, 5);
    this.#clogs = new SeededRandom(seed, 6);
  }

  /** How long the next message takes if nothing is clogged, in ms. */
  nextMs(sentMs: number): number {
    const { reorder, stragglers } = this.settings;
    this.#count += 1;
    const delayMs = this.#delays.nextMs();
    const straggles = this.#straggling.chance(stragglers.ratio);
    const stragglingMs = drawDelayMs(stragglers.delay, this.#straggling);
    const jumps = this.#jumps.chance(reorder.ratio) && this.#count % reorder.every === 0;
    this.#clog(sentMs);
    if (straggles) return stragglingMs;
    return jumps ? 0 : delayMs;
  }

  /** When something sent at `sentMs` arrives that would take `delayMs`. */
  arrivalMs(sentMs: number, delayMs: number): number {
    if (sentMs >= this.#freeMs) return sentMs + delayMs;
    const atMs = Math.max(sentMs + delayMs, this.#freeMs);
    this.#freeMs += this.settings.clog.spacingMs;
    return atMs;
  }

  /** Begins a time in which nothing comes through, unless it is one already. */
  #clog(sentMs: number): void {
    const { clog } = this.settings;
    const begins = this.#clogs.chance(clog.ratio);
    const lengthMs = drawDelayMs(clog.delay, this.#clogs);
    if (!begins || sentMs < this.#cloggedMs) return;
    this.#cloggedMs = sentMs + lengthMs;
    this.#freeMs = Math.max(this.#freeMs, this.#cloggedMs);
  }
}
