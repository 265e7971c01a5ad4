import type { SlaLimit, SlaTimeoutEvent } from 'rxjs-reliable';
import type { Message } from './message.js';
import type { LimitReport, SlaReport } from './processes.js';

interface Breaches {
  readonly breaches: number;
  /** How long the last one took, as far as is known. */
  readonly lastMs: number;
  readonly worstMs: number;
}

const unbroken: Breaches = { breaches: 0, lastMs: 0, worstMs: 0 };

/** Counts what is said about the guarantees of the feed. */
export class SlaTally {
  breaches = 0;
  warnings = 0;
  recovered = 0;
  objectivesMissed = 0;
  #isObjectiveMet = true;
  #messages = 0;
  #slow = 0;
  readonly #limits = new Map<SlaLimit, Breaches>([
    ['silence', unbroken],
    ['response', unbroken],
  ]);

  get report(): SlaReport {
    return {
      limits: [...this.#limits].map(([limit, { breaches, worstMs }]): LimitReport => ({
        limit,
        breaches,
        worstMs,
      })),
      inTime: this.#messages === 0 ? 1 : 1 - this.#slow / this.#messages,
      isObjectiveMet: this.#isObjectiveMet,
    };
  }

  readonly countMessage = (): void => {
    this.#messages++;
  };

  readonly onEvent = (event: SlaTimeoutEvent<Message>): void => {
    if (event.kind === 'warning') this.warnings++;
    if (event.kind === 'breach') this.#breach(event.limit, event.elapsedMs);
    if (event.kind === 'recovered') this.#recover(event.limit, event.lateByMs);
    if (event.kind === 'objective-missed') this.objectivesMissed++;
    if (event.kind === 'objective-missed' || event.kind === 'objective-met') {
      this.#isObjectiveMet = event.kind === 'objective-met';
    }
  };

  #breach(limit: SlaLimit, elapsedMs: number): void {
    const { breaches, worstMs } = this.#limits.get(limit) ?? unbroken;
    this.breaches++;
    if (limit === 'response') this.#slow++;
    this.#limits.set(limit, {
      breaches: breaches + 1,
      lastMs: elapsedMs,
      worstMs: Math.max(worstMs, elapsedMs),
    });
  }

  /** Only now it is known how long the last breach took. */
  #recover(limit: SlaLimit, lateByMs: number): void {
    this.recovered++;
    const of = this.#limits.get(limit) ?? unbroken;
    this.#limits.set(limit, { ...of, worstMs: Math.max(of.worstMs, of.lastMs + lateByMs) });
  }
}
