import type { SequenceNumber } from 'rxjs-reliable';
import type { TimedEntry } from './runTimed.js';

/** How to read the numbers in events as others. */
export interface Relabelling<T> {
  /** The first number of a gap. */
  first(first: bigint): bigint;
  /** The last number of a gap. */
  last(last: bigint): bigint;
  /** How far a message is behind. */
  behind(behind: bigint, message: T): bigint;
}

/** A log in which the numbers in events are replaced, so that it can be compared with one of other numbers. */
export function relabel<T>(log: readonly TimedEntry[], relabelling: Relabelling<T>): TimedEntry[] {
  return log.map((entry) => {
    if (entry.kind !== 'event') return entry;
    return { ...entry, event: relabelEvent(entry.event as NumberedEvent<T>, relabelling) };
  });
}

interface NumberedEvent<T> {
  readonly kind: string;
  readonly message: T;
  readonly first: SequenceNumber;
  readonly last: SequenceNumber;
  readonly count: SequenceNumber;
  readonly behind: SequenceNumber;
}

function relabelEvent<T>(event: NumberedEvent<T>, relabelling: Relabelling<T>): object {
  if (event.kind === 'late') {
    const behind = Number(relabelling.behind(BigInt(event.behind), event.message));
    return { ...event, behind };
  }
  if (event.kind !== 'skipped') return event;
  if (BigInt(event.last) - BigInt(event.first) + 1n !== BigInt(event.count)) return event;
  const first = relabelling.first(BigInt(event.first));
  const last = relabelling.last(BigInt(event.last));
  return { ...event, first: Number(first), last: Number(last), count: Number(last - first) + 1 };
}
