import type { TimedMessage } from './runTimed.js';

/** What arrives within 50 ms, all at the end of them. */
export function batchesOf<T>(arrivals: readonly TimedMessage<T>[]): TimedMessage<readonly T[]>[] {
  const roundUp = (atMs: number): number => Math.ceil(atMs / 50) * 50;
  const instants = new Set(arrivals.map(({ atMs }) => roundUp(atMs)));
  return [...instants].map((instant) => ({
    atMs: instant,
    message: arrivals.flatMap(({ atMs, message }) => (roundUp(atMs) === instant ? [message] : [])),
  }));
}
