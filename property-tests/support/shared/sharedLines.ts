import { StreamError } from 'rxjs-reliable';
import { describeLog } from '../describeLog.js';
import type { TimedEntry } from '../runTimed.js';

/** A log as text, in which whatever is no message is told by its fields, after `adjust` has changed them. */
export function sharedLines(
  log: readonly TimedEntry[],
  messages: readonly unknown[],
  adjust: (fields: Record<string, unknown>) => void,
): string[] {
  const known = new Set<unknown>(messages);
  const plain = (entry: TimedEntry): TimedEntry => {
    const tell = (kind: string, from: object): TimedEntry => {
      const event = { ...from, kind };
      adjust(event);
      return { atMs: entry.atMs, kind: 'event', event };
    };
    if (entry.kind === 'event') {
      const event = entry.event as { readonly kind: string };
      return tell(event.kind, event);
    }
    if (entry.kind === 'next' && !known.has(entry.value)) {
      return tell('emitted', entry.value as object);
    }
    return entry.kind === 'error' ? tell(nameOf(entry.error), entry.error as object) : entry;
  };
  return describeLog(log.map(plain), messages);
}

/** Without the text of our own errors, whose numbers their fields have, too. */
function nameOf(error: unknown): string {
  return StreamError.is(error) ? `error ${error.name}` : `error ${String(error)}`;
}
