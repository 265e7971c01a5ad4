import { sourceError, type TimedEntry, type TimedScript } from './runTimed.js';

/** What an operator has to do, worked out the slow way: from everything that happened, at every instant anew. */
export interface Oracle<T> {
  /** What has to be heard, so far. */
  readonly log: TimedEntry[];
  /** Messages that are held. */
  readonly held: readonly T[];
  /** When something is due next; `Infinity` if nothing is. */
  dueMs(): number;
  /** Does what is due at `nowMs`. */
  settle(nowMs: number): void;
  /** Handles a message; throws what has to end the stream. */
  take(message: T, nowMs: number): void;
  /** Lets go of everything: the source is complete, or the key was evicted. */
  finish(reason: 'completed' | 'evicted', nowMs: number): void;
  /** Gives account of everything held. */
  discard(nowMs: number): void;
}

/**
 * What {@link runTimed} has to hear from an operator that `oracle` knows, with an exact clock. Writes into `heardBy` how much
 * of it after each message.
 */
export function expectedLog<T>(
  oracle: Oracle<T>,
  { arrivals, control }: TimedScript<T>,
  heardBy: number[] = [],
): TimedEntry[] {
  const { log } = oracle;
  const { end = 'none', endAtMs = 0, unsubscribeAtMs = null } = control ?? {};
  const leaveMs = unsubscribeAtMs ?? Infinity;
  const endMs = end === 'none' ? Infinity : endAtMs;
  const fail = (error: unknown, atMs: number): TimedEntry[] => {
    oracle.discard(atMs);
    log.push({ atMs, kind: 'error', error });
    return log;
  };
  for (const { atMs, message } of arrivals) {
    if (atMs > leaveMs || atMs > endMs) break;
    settleUntil(oracle, atMs);
    try {
      oracle.take(message, atMs);
    } catch (error) {
      return fail(error, atMs);
    }
    heardBy.push(log.length);
  }
  settleUntil(oracle, Math.min(leaveMs, endMs));
  if (endMs > leaveMs || endMs === Infinity) return log;
  if (end === 'error') return fail(sourceError, endMs);
  oracle.finish('completed', endMs);
  log.push({ atMs: endMs, kind: 'complete' });
  return log;
}

/** Does everything that is due until `nowMs`, each at its instant. */
function settleUntil<T>(oracle: Oracle<T>, nowMs: number): void {
  for (;;) {
    const dueMs = oracle.dueMs();
    if (dueMs > nowMs || dueMs === Infinity) return;
    oracle.settle(dueMs);
  }
}
