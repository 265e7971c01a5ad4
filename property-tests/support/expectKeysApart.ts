import {
  arrivalsOf,
  type ControlScript,
  type FaultScript,
  type ScriptMessage,
} from 'rxjs-reliable/testing';
import { describeLog, expectSameLog } from './describeLog.js';
import { KeyedOracle } from './keyedOracle.js';
import { expectedLog, type Oracle } from './oracle.js';
import {
  reorderOperator,
  type SequenceCase,
  sequenceSettings,
  type SortingCase,
  sortingSettings,
} from './reorderCases.js';
import { expectClean, messagesOf } from './reorderChecks.js';
import { ReorderOracle } from './reorderOracle.js';
import { type MakeOperator, runTimed, type TimedEntry } from './runTimed.js';
import { SortingOracle } from './sortingOracle.js';

/** An operator and its oracle. */
interface Pair {
  /** The sender's first number. */
  readonly start: number;
  /** What the clock shows at first. */
  readonly startMs: number;
  readonly operator: (options: object) => MakeOperator<ScriptMessage>;
  readonly oracle: (key: unknown, log: TimedEntry[]) => Oracle<ScriptMessage>;
}

/** No error ends one key on account of another. */
function withoutErrors<C extends SequenceCase | SortingCase>(drawn: C): C {
  const latePolicy = drawn.latePolicy === 'error' ? 'drop' : drawn.latePolicy;
  const overflowPolicy = drawn.overflowPolicy === 'error' ? 'skip' : drawn.overflowPolicy;
  return { ...drawn, latePolicy, overflowPolicy };
}

/** Throws if any of several keyed sequences fares otherwise than by itself. */
export function expectSequencesApart(
  feeds: readonly FaultScript[],
  drawn: SequenceCase,
  control: ControlScript,
  maxKeys: number,
): void {
  const settings = sequenceSettings(withoutErrors(drawn));
  const pair: Pair = {
    start: drawn.start,
    startMs: 0,
    operator: (options) => reorderOperator(settings.numberOf, { ...settings, ...options }),
    oracle: (key, log) => new ReorderOracle({ ...settings, key }, log),
  };
  expectKeysApart(feeds, pair, control, maxKeys);
}

/** Throws if any of several keyed streams that are sorted fares otherwise than by itself. */
export function expectSortsApart(
  feeds: readonly FaultScript[],
  drawn: SortingCase,
  control: ControlScript,
  maxKeys: number,
): void {
  const settings = sortingSettings(withoutErrors(drawn));
  const pair: Pair = {
    start: 0,
    startMs: drawn.startMs,
    operator: (options) => reorderOperator(settings.orderOf, { ...settings, ...options }),
    oracle: (key, log) => new SortingOracle({ ...settings, key }, log),
  };
  expectKeysApart(feeds, pair, control, maxKeys);
}

/**
 * Sends several feeds through one `reorderBy`, a key each, and throws if any key fares otherwise than by itself. What is
 * due for several keys at one instant may be done in any order, so keys are compared one by one.
 */
function expectKeysApart(
  feeds: readonly FaultScript[],
  { start, startMs, operator, oracle: oracleOf }: Pair,
  control: ControlScript,
  maxKeys: number,
): void {
  const keys = new Map<ScriptMessage, string>();
  const arrivals = feeds
    .flatMap((feed, key) => {
      const own = arrivalsOf(feed, start);
      for (const { message } of own) keys.set(message, `key ${String(key)}`);
      return own;
    })
    .sort((one, other) => one.atMs - other.atMs);
  const keyOf = (message: ScriptMessage): string => keys.get(message) ?? '';
  const script = { arrivals, control, startMs };
  const run = runTimed(operator({ keyBy: keyOf, maxKeys }), script);
  const oracle = new KeyedOracle(keyOf, maxKeys, oracleOf);
  const expected = expectedLog(oracle, script);
  for (const key of new Set([...keys.values(), undefined])) {
    const isOfKey = (entry: TimedEntry): boolean => keyOfEntry(entry, keyOf) === key;
    const linesOf = (log: readonly TimedEntry[]): string[] =>
      describeLog(log.filter(isOfKey), messagesOf(arrivals));
    expectSameLog(linesOf(run.log), linesOf(expected));
  }
  expectClean(run, run.ending === 'unsubscribe' ? oracle.held.length : 0);
}

function keyOfEntry(entry: TimedEntry, keyOf: (message: ScriptMessage) => string): unknown {
  if (entry.kind === 'next') return keyOf(entry.value as ScriptMessage);
  return entry.kind === 'event' ? (entry.event as { readonly key: unknown }).key : undefined;
}
