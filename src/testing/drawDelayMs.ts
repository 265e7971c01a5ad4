import type { Delay } from './Delay.js';
import type { SeededRandom } from './SeededRandom.js';

/** Draws a delay in ms; a constant one is returned as it is. */
export function drawDelayMs(delay: Delay, random: SeededRandom): number {
  if (typeof delay === 'number') return delay;
  const { maxMs = 60_000 } = delay;
  return Math.round(Math.min(Math.max(drawUnboundedMs(delay, random), 0), maxMs));
}

function drawUnboundedMs(delay: Exclude<Delay, number>, random: SeededRandom): number {
  switch (delay.kind) {
    case 'uniform':
      return random.integer(delay.minMs, delay.maxMs);
    case 'exponential':
      return delay.meanMs * random.exponential();
    case 'normal':
      return delay.meanMs + delay.deviationMs * random.normal();
    case 'pareto':
      return delay.minMs * (1 - random.fraction()) ** (-1 / (delay.shape ?? 3));
  }
}
