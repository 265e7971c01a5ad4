import type { Delay } from './Delay.js';
import type { SeededRandom } from './SeededRandom.js';

/** Draws a delay in ms; a constant one is returned as it is. */
export function drawDelayMs(delay: Delay, random: SeededRandom): number {
  return typeof delay === 'number' ? delay : boundedMs(delay, drawUnboundedMs(delay, random));
}

/** The delay in ms that is as far up its distribution as `normal` is up the standard normal one. */
export function delayAtMs(delay: Delay, normal: number): number {
  return typeof delay === 'number' ? delay : boundedMs(delay, unboundedAtMs(delay, normal));
}

function boundedMs({ maxMs = 60_000 }: Exclude<Delay, number>, ms: number): number {
  return Math.round(Math.min(Math.max(ms, 0), maxMs));
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
    case 'paretonormal':
      return unboundedAtMs(delay, random.normal());
  }
}

function unboundedAtMs(delay: Exclude<Delay, number>, normal: number): number {
  const above = shareAbove(normal);
  switch (delay.kind) {
    case 'uniform':
      return Math.floor(delay.minMs + (1 - above) * (delay.maxMs - delay.minMs + 1));
    case 'exponential':
      return -delay.meanMs * Math.log(above);
    case 'normal':
      return delay.meanMs + delay.deviationMs * normal;
    case 'pareto':
      return delay.minMs * above ** (-1 / (delay.shape ?? 3));
    case 'paretonormal': {
      // netem's table: the Pareto part has shape 3, mean 0 and is scaled by 4/3.
      const pareto = (4 / 3) * (above ** (-1 / 3) - 1.5);
      return delay.meanMs + delay.deviationMs * (0.25 * normal + 0.75 * pareto);
    }
  }
}

/** The share of the standard normal distribution above `normal` (Abramowitz and Stegun 26.2.17), never 0. */
function shareAbove(normal: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(normal));
  const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const series = terms.reduceRight((sum, term) => (sum + term) * t, 0);
  const tail = (Math.exp(-(normal ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return Math.max(normal < 0 ? 1 - tail : tail, Number.MIN_VALUE);
}
