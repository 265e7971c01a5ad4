import type { AccountEvent } from 'rxjs-reliable/testing';
import type { TimedEntry, TimedRun } from '../runTimed.js';

/** How many messages an operator held when it had taken each of them: what had come in, and neither out nor been dropped. */
export function heldAfterEach<T>(
  { heardBy, log, sent }: TimedRun<T>,
  isDropped: (event: AccountEvent) => boolean,
): number[] {
  const known = new Set<unknown>(sent);
  const settles = (entry: TimedEntry | undefined): boolean => {
    if (entry?.kind === 'next') return known.has(entry.value);
    if (entry?.kind !== 'event') return false;
    const event = entry.event as AccountEvent;
    return known.has(event.message) && (event.passed === false || isDropped(event));
  };
  let [place, held] = [0, 0];
  return heardBy.map((heard) => {
    held += 1;
    for (; place < heard; place += 1) held -= settles(log[place]) ? 1 : 0;
    return held;
  });
}
