import type { SlaLimits, SlaObjective } from 'rxjs-reliable';
import type { Message } from './message.js';
import type { Settings } from './settings.js';

/** What the receiver guarantees about the repaired feed. */
export const guarantees = ({
  breachMs,
  ratePerSecond,
}: Pick<Settings, 'breachMs' | 'ratePerSecond'>): SlaLimits<Message> => ({
  firstMs: 5_000, // the other processes have yet to start
  silenceMs: 400 + 3_000 / ratePerSecond,
  responseMs: breachMs,
  eventTimeOf: (message) => message.sentAtMs,
});

/** The share of guarantees that has to be kept. */
export const objective: SlaObjective = { ratio: 0.99, windowMs: 1_000 };
