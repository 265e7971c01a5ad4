/** Streams and windows for dedupeWithin, and what it makes of them. */
import * as fc from 'fast-check';
import {
  dedupeWithin,
  type DedupeWindowOptions,
  type DedupeWithinEvent,
  type DedupeWithinOptions,
  type SequenceNumber,
} from 'rxjs-reliable';
import { arrivalsOf, faultScript, type FaultScript } from 'rxjs-reliable/testing';
import { calmFaults } from './calmFaults.js';
import { valuesOf } from './reorderChecks.js';
import { runTimed, type TimedMessage, type TimedRun } from './runTimed.js';

/** A message whose key, event time and number are plain numbers. */
export interface Message {
  readonly id: string;
  readonly key: number;
  readonly timeMs: number;
  readonly seq: number;
}
type Window = DedupeWindowOptions<Message>;

export const feed = faultScript({ maxDelayMs: 500, faults: [...calmFaults] });
export const keyCount = fc.integer({ min: 1, max: 20 });
export const eventTimeOf = ({ timeMs }: Message): number => timeMs;
export const sequenceOf = ({ seq }: Message): SequenceNumber => seq;
export const keyBy = ({ key }: Message): number => key;

export const timeWindow = fc.record({
  kind: fc.constant('time' as const),
  ms: fc.integer({ min: 1, max: 300 }),
  refresh: fc.boolean(),
});
export const countWindow = fc.record({
  kind: fc.constant('count' as const),
  count: fc.integer({ min: 1, max: 20 }),
});
const watermarkWindow = fc.record({
  kind: fc.constant('watermark' as const),
  delayMs: fc.integer({ min: 1, max: 300 }),
  latePolicy: fc.constantFrom('drop' as const, 'emit' as const),
});
export const sequenceWindow = fc.record({
  kind: fc.constant('sequence' as const),
  size: fc.integer({ min: 1, max: 70 }),
  maxJump: fc.constantFrom<number>(5, 60, 65_536),
  latePolicy: fc.constantFrom('drop' as const, 'emit' as const),
});
export const keyWindow = fc.oneof(timeWindow, countWindow, watermarkWindow);
export type Drawn = typeof keyWindow extends fc.Arbitrary<infer W> ? W : never;
type DrawnSequence = typeof sequenceWindow extends fc.Arbitrary<infer W> ? W : never;

export const windowOf = (drawn: Drawn | DrawnSequence): Window =>
  drawn.kind === 'watermark'
    ? { ...drawn, eventTimeOf }
    : drawn.kind === 'sequence'
      ? { ...drawn, sequenceOf }
      : drawn;

export function messagesIn(script: FaultScript, keys: number, first = 0): TimedMessage<Message>[] {
  return arrivalsOf(script, first).map(({ atMs, message: { copy, index, seq, sentAtMs } }) => ({
    atMs,
    message: { id: `${index}.${copy}`, key: index % keys, timeMs: sentAtMs, seq },
  }));
}

export function run<T, K>(
  window: DedupeWindowOptions<T>,
  arrivals: readonly TimedMessage<T>[],
  options: DedupeWithinOptions<T, K> = {},
): TimedRun<T> {
  return runTimed<T>(
    (scheduler, onEvent) => dedupeWithin<T, K>(window, { ...options, scheduler, onEvent }),
    { arrivals, control: undefined },
  );
}

/** What was heard, with keys, ids and numbers read as `labels` says. */
export function linesOf<T extends object>(
  { log }: TimedRun<T>,
  idOf: (message: T) => unknown,
  keyOf: (key: unknown) => unknown = (key) => key,
): string[] {
  return log.map((entry) => {
    if (entry.kind === 'next') return `${entry.atMs}: ${String(idOf(entry.value as T))}`;
    if (entry.kind !== 'event') return `${entry.atMs}: ${entry.kind}`;
    const event = entry.event as DedupeWithinEvent<T, unknown>;
    const id = 'message' in event ? idOf(event.message) : '';
    const behind = 'behind' in event ? Number(event.behind) : '';
    const rest = { ...event, message: id, behind, key: keyOf(event.key) };
    return `${entry.atMs}: ${JSON.stringify(rest)}`;
  });
}
export const idOf = ({ id }: { readonly id: string }): string => id;
export const idsOf = (log: TimedRun<{ readonly id: string }>['log']): string[] =>
  valuesOf(log).map((value) => (value as Message).id);

/** Twenty keys of every kind; each is told from all others, but for two ways to write the same number. */
export const exotic: readonly ((isOdd: boolean) => unknown)[] = [
  (isOdd) => (isOdd ? 0 : -0),
  (isOdd) => (isOdd ? NaN : Number('nothing')),
  ...[1, 1.5, -1, 2 ** 31, 2 ** 53, Infinity, '1', '', '__proto__', 'constructor'].map(
    (key) => () => key,
  ),
  ...[1n, 2n ** 80n, null, undefined, true, Symbol.iterator, Symbol('1'), Object.freeze({})].map(
    (key) => () => key,
  ),
];
