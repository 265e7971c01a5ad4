import type { OperatorFunction, SchedulerLike } from 'rxjs';
import { StreamError } from 'rxjs-reliable';
import type { ScriptMessage } from 'rxjs-reliable/testing';
import {
  runTimed,
  sourceError,
  type TimedMessage,
  type TimedRun,
  type TimedScript,
} from '../runTimed.js';
import { onVirtualTime } from '../VirtualWorker.js';
import type { WatchedClock } from '../WatchedClock.js';
import { eachRun } from './eachRun.js';
import { callbackError, type Fuse, Probe } from './Probe.js';
import type { SharedOptions } from './sharedCase.js';
import { sharedLines } from './sharedLines.js';
import type { SharedSubject } from './SharedSubject.js';

/** How a subject is played, beside its script. */
export interface SharedSettings {
  readonly fuse?: Fuse | undefined;
  /** It is not given a scheduler. */
  readonly isOnDefault?: boolean;
  /** What is done to the operator. */
  readonly adapt?: (
    operator: OperatorFunction<ScriptMessage, unknown>,
  ) => OperatorFunction<ScriptMessage, unknown>;
  /** The messages by which those of the log are called. Default: those that arrive. */
  readonly named?: readonly TimedMessage<ScriptMessage>[];
  /** When the script begins, in ms after the subscription. Default 0. */
  readonly delayMs?: number;
  /** Changes fields of what is told, in the text only. */
  readonly adjust?: (fields: Record<string, unknown>) => void;
}

/** What came of it. */
export interface SharedRun {
  readonly run: TimedRun<ScriptMessage>;
  readonly probe: Probe;
  /** The log of a subscription as text, with times that count from its beginning. */
  readonly linesOf: (run: TimedRun<ScriptMessage>) => string[];
  /** That of the first one. */
  readonly lines: readonly string[];
}

/** Lets a subject live through a script. */
export function playShared(
  subject: SharedSubject,
  options: SharedOptions,
  script: TimedScript<ScriptMessage>,
  settings: SharedSettings = {},
): SharedRun {
  const {
    adapt,
    adjust,
    delayMs = 0,
    fuse,
    isOnDefault = false,
    named = script.arrivals,
  } = settings;
  const known: { probe?: Probe; clock?: WatchedClock } = {};
  const make = (clock: WatchedClock, report: (event: unknown) => void) => {
    const probe = new Probe(clock, isOnDefault ? undefined : clock, report, fuse);
    Object.assign(known, { probe, clock });
    const operator = subject.make(options, probe);
    return adapt === undefined ? operator : adapt(operator);
  };
  const play = (): TimedRun<ScriptMessage> =>
    runTimed<ScriptMessage>(make, {
      ...script,
      onStart: (consumer, clock) => {
        known.probe?.begin(consumer);
        script.onStart?.(consumer, clock);
      },
      onEnd: () => {
        known.probe?.end();
        script.onEnd?.();
      },
    });
  const isVirtual = isOnDefault || subject.hasWorker === true;
  const run = isVirtual ? onVirtualTime(onClockOf(known, isOnDefault), play) : play();
  for (const one of eachRun(run)) expectKnownEnd(one);
  const messages = named.map(({ message }) => message);
  const linesOf = ({ beganMs, log }: TimedRun<ScriptMessage>): string[] => {
    const baseMs = (script.startMs ?? 0) + beganMs + delayMs;
    return sharedLines(log, messages, (fields) => {
      for (const field of subject.clockFields ?? []) {
        const value = fields[field];
        if (typeof value === 'number') fields[field] = value - baseMs;
      }
      adjust?.(fields);
    });
  };
  return { run, probe: known.probe as Probe, linesOf, lines: linesOf(run) };
}

/** Throws what broke a user's function, or the operator: the stream may end with an error for other reasons. */
function expectKnownEnd({ log }: TimedRun<ScriptMessage>): void {
  const end = log.at(-1);
  if (end?.kind !== 'error' || StreamError.is(end.error)) return;
  if (end.error !== sourceError && end.error !== callbackError) throw end.error;
}

/** The clock that is still to be made: the operator's, or the users' own. */
function onClockOf(known: { readonly clock?: WatchedClock }, isOperators: boolean): SchedulerLike {
  const target = (): SchedulerLike => {
    const clock = known.clock as WatchedClock;
    return isOperators ? clock : clock.work;
  };
  return {
    now: () => target().now(),
    schedule: (work: never, delayMs?: number, state?: never) =>
      target().schedule(work, delayMs, state),
  };
}
