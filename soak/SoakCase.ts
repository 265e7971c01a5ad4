import type { OperatorFunction } from 'rxjs';
import type { LinkFaults } from 'rxjs-reliable/testing';
import type { Message, Oracle, Surroundings } from './Oracle.js';

/** What a case is given. */
export interface SoakSetup extends Surroundings {
  readonly seed: number;
  /** Puts itself between an operator and whoever hears its events. */
  readonly relay: <E>(hear: (event: E) => void) => (event: E) => void;
}

/** An operator, and who watches it. */
export interface Soaked<E, R> {
  readonly operator: OperatorFunction<Message, R>;
  readonly oracle: Oracle<E, R>;
}

/** One operator that is soaked. */
export interface SoakCase<E, R = Message> {
  readonly name: string;
  /** What is different from {@link commonFaults}. */
  readonly faults?: LinkFaults;
  readonly make: (setup: SoakSetup) => Soaked<E, R>;
}

const hourMs = 3_600_000;

/** Bursts of losses, repeats, disorder of some ten places, five minutes without a message, and two resets a day. */
export const commonFaults: LinkFaults = {
  loss: { ratio: 0.02, meanBurst: 3 },
  duplicate: 0.03,
  delay: { kind: 'uniform', minMs: 0, maxMs: 3_000 },
  blackout: { fromMs: hourMs, toMs: hourMs + 300_000 },
  resets: Array.from({ length: 80 }, (_, index) => (index * 12 + 0.5) * hourMs),
};
