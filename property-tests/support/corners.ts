import type { ReorderByEvent } from 'rxjs-reliable';
import { expectThat, valuesOf } from './reorderChecks.js';
import type { TimedRun, TimedScript } from './runTimed.js';
import { fuzzMs } from './seed.js';

/** Every corner that generated streams have to come through now and then, so that the tests do not blind themselves. */
const corners = [
  'empty stream',
  'two arrivals at one instant',
  'arrival on a deadline',
  'end on a deadline',
  'restart of the subscription',
  'unsubscribed while holding',
  'skipped wait',
  'skipped overflow',
  'skipped completed',
  'skipped reset',
  'late dropped',
  'late emitted',
  'duplicate',
  'overflow',
  'reset epoch',
  'reset jump',
  'invalid type',
  'invalid negative',
  'invalid mixed',
  'invalid modulus',
  'invalid ambiguous',
  'invalid jump',
  'discarded error',
  'BufferOverflowError',
  'LateMessageError',
] as const;

/** Counts in how many of the runs of a property each corner was met. */
export class Corners {
  #runs = 0;
  readonly #counts = new Map<string, number>();

  add<T>(script: TimedScript<T>, run: TimedRun<T>): void {
    this.#runs += 1;
    for (const corner of new Set([...inEvents(run), ...inScript(script, run)])) {
      this.#counts.set(corner, (this.#counts.get(corner) ?? 0) + 1);
    }
  }

  /** Throws if a corner was met in fewer than one of 400 runs. */
  expectAll(): void {
    // A search that ends by the clock may have seen too few streams to tell.
    if (fuzzMs !== undefined) return;
    const rare = corners.filter((corner) => (this.#counts.get(corner) ?? 0) * 400 < this.#runs);
    const counts = rare.map((corner) => `${corner}: ${String(this.#counts.get(corner) ?? 0)}`);
    expectThat(rare.length === 0, `rare in ${String(this.#runs)} runs: ${counts.join(', ')}`);
  }
}

function* inEvents<T>({ log }: TimedRun<T>): Generator<string> {
  for (const entry of log) {
    if (entry.kind === 'error') yield entry.error instanceof Error ? entry.error.name : '';
    if (entry.kind !== 'event') continue;
    const event = entry.event as ReorderByEvent<T>;
    if (event.kind === 'late') yield event.passed ? 'late emitted' : 'late dropped';
    else yield 'reason' in event ? `${event.kind} ${event.reason}` : event.kind;
  }
}

function* inScript<T>({ arrivals }: TimedScript<T>, run: TimedRun<T>): Generator<string> {
  const { log, sent, ending, again } = run;
  if (arrivals.length === 0) yield 'empty stream';
  if (again !== undefined) yield 'restart of the subscription';
  const instants = new Set(arrivals.map(({ atMs }) => atMs));
  if (instants.size < arrivals.length) yield 'two arrivals at one instant';
  const endMs = ending === 'unsubscribe' ? NaN : log.at(-1)?.atMs;
  for (const { atMs, ...entry } of log) {
    if (!('event' in entry)) continue;
    const { kind, ...event } = entry.event as ReorderByEvent<T>;
    if (kind !== 'skipped' || !('reason' in event) || event.reason !== 'wait') continue;
    if (instants.has(atMs)) yield 'arrival on a deadline';
    if (atMs === endMs) yield 'end on a deadline';
  }
  if (ending !== 'unsubscribe') return;
  const told = log.filter(
    (entry) => entry.kind === 'event' && 'message' in (entry.event as object),
  );
  if (valuesOf(log).length + told.length < sent.length) yield 'unsubscribed while holding';
}
