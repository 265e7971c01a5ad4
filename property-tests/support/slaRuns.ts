/** slaTimeout run over scripts, and what it said. */
import { isDeepStrictEqual } from 'node:util';
import { defer, from, NEVER, type SchedulerLike } from 'rxjs';
import { isSlaBreach, SlaBreachError, slaTimeout, type SlaTimeoutEvent } from 'rxjs-reliable';
import { expect } from 'vitest';
import { runRepeatably, type TimedEntry, type TimedRun, type TimedScript } from './runTimed.js';
import type { SlaMessage, SlaRules } from './slaOracle.js';

export type Event = SlaTimeoutEvent<SlaMessage, number>;
type Script = TimedScript<SlaMessage>;

function makeOperator(rules: SlaRules) {
  const { breachPolicy, keyed, markers, objective, spare } = rules;
  return (scheduler: SchedulerLike, report: (event: unknown) => void) =>
    (source: Parameters<ReturnType<typeof slaTimeout<SlaMessage>>>[0]) =>
      defer(() => {
        const baseMs = scheduler.now();
        const limits = {
          firstMs: rules.firstMs ?? undefined,
          silenceMs: rules.silenceMs ?? undefined,
          totalMs: rules.totalMs ?? undefined,
          responseMs: rules.responseMs ?? undefined,
          eventTimeOf: ({ timeMs }: SlaMessage) => timeMs + baseMs,
          transaction:
            rules.withinMs === null
              ? undefined
              : {
                  startOf: ({ starts }: SlaMessage) => starts ?? undefined,
                  finishOf: ({ finishes }: SlaMessage) => finishes ?? undefined,
                  withinMs: rules.withinMs,
                },
        };
        const options = {
          ...(keyed ? { keyBy: ({ key }: SlaMessage): number => key } : {}),
          maxKeys: rules.maxKeys,
          softMs: rules.softMs ?? undefined,
          breachPolicy,
          switchTo: () => (spare === null ? NEVER : from(spare as unknown as SlaMessage[])),
          objective: objective ?? undefined,
          scheduler,
          onEvent: (event: Event) => report(since(event, baseMs)),
        };
        return markers
          ? source.pipe(slaTimeout<SlaMessage, number>(limits, { ...options, markers: true }))
          : source.pipe(slaTimeout<SlaMessage, number>(limits, options));
      });
}

/** An event whose times count from the subscription. */
function since(event: Event, baseMs: number): object {
  return 'deadlineMs' in event ? { ...event, deadlineMs: event.deadlineMs - baseMs } : event;
}

export function run(rules: SlaRules, script: Script): TimedRun<SlaMessage> {
  return runRepeatably<SlaMessage>(makeOperator(rules), script);
}

/** A log that can be compared: markers and errors as what they say, by the clock of the subscription. */
export function plainLog({ log, beganMs }: TimedRun<SlaMessage>, startMs: number): TimedEntry[] {
  const baseMs = startMs + beganMs;
  return log.map((entry) => {
    if (entry.kind === 'next' && isSlaBreach(entry.value)) {
      const { deadlineMs, elapsedMs, key, limit, message, transaction } = entry.value;
      const fields = { limit, deadlineMs: deadlineMs - baseMs, elapsedMs, key };
      return { ...entry, value: { marker: true, ...fields, transaction, message } };
    }
    if (entry.kind === 'error' && entry.error instanceof SlaBreachError) {
      const { deadlineMs, elapsedMs, limit } = entry.error;
      return { ...entry, error: { limit, deadlineMs: deadlineMs - baseMs, elapsedMs } };
    }
    return entry;
  });
}

export function expectEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

export const eventsOf = (log: readonly TimedEntry[]): Event[] =>
  log.flatMap((one) => (one.kind === 'event' ? [one.event as Event] : []));

/** Messages by reference and how it ended, with times. */
export const streamOf = (log: readonly TimedEntry[]): TimedEntry[] =>
  log.filter(({ kind }) => kind !== 'event');

export function expectNothingLeft({
  clock,
  isSourceObserved,
  timersLeft,
}: TimedRun<SlaMessage>): void {
  expect([timersLeft, isSourceObserved, clock.pending]).toEqual([0, false, 0]);
  expect(clock.maxPending).toBeLessThanOrEqual(1);
}

export const isMark = (entry: object): boolean => 'value' in entry && isSlaBreach(entry.value);

/** Which guarantees were broken, by what they were about and since when. */
export function breachesOf(log: readonly TimedEntry[], by: number): string[] {
  return eventsOf(log).flatMap((event) => {
    if (event.kind !== 'breach') return [];
    const { deadlineMs, key, limit, message, transaction } = event;
    return [JSON.stringify([limit, deadlineMs - by, key, transaction, message?.id])];
  });
}
