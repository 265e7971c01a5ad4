import {
  catchError,
  type MonoTypeOperatorFunction,
  type ObservableInput,
  type OperatorFunction,
} from 'rxjs';
import type { Report } from '../src/core/Machine.js';
import { Objective } from '../src/core/Objective.js';
import { SlaBreach } from '../src/core/SlaBreach.js';
import type { SlaBreachEvent, SlaTimeoutEvent } from '../src/core/SlaEvent.js';
import { SlaMonitor, type SlaSettings } from '../src/core/SlaMonitor.js';
import { SlaBreachError } from '../src/errors.js';
import { OptionReader } from '../src/options.js';
import type { Outlet } from '../src/rx/operate.js';
import { operateTimed } from '../src/rx/operateTimed.js';
import type { KeyOptions, TimeOptions } from '../src/types.js';

/** Work that one message begins and another one finishes. */
export interface SlaTransaction<T> {
  /** The transaction a message begins; `undefined` if it begins none. */
  readonly startOf: (message: T) => unknown;
  /** The transaction a message finishes; `undefined` if it finishes none. */
  readonly finishOf: (message: T) => unknown;
  /** How long it may take, in ms, 0 or more; to finish exactly then is too late. */
  readonly withinMs: number;
}

/** What {@link slaTimeout} guarantees, at least one of these. */
export interface SlaLimits<T> {
  /** Time from subscription to the first message, in ms, 0 or more. Default: not watched. */
  readonly firstMs?: number | undefined;
  /**
   * Time between two messages, in ms, 0 or more; counted from subscription if `firstMs` is not given, and with `keyBy`
   * from each key's first message. Default: not watched.
   */
  readonly silenceMs?: number | undefined;
  /** Time from subscription to completion, in ms, 0 or more. Default: not watched. */
  readonly totalMs?: number | undefined;
  /** Time from the event to its message, in ms, 0 or more; needs `eventTimeOf`. Default: not watched. */
  readonly responseMs?: number | undefined;
  /** When the event of a message happened, in ms, by the scheduler's clock. */
  readonly eventTimeOf?: ((message: T) => number) | undefined;
  /** Work that has to be finished in time. Default: not watched. */
  readonly transaction?: SlaTransaction<T> | undefined;
}

/** A share of guarantees that has to be kept over time. */
export interface SlaObjective {
  /** Share to be kept, above 0 and at most 1: 0.99. */
  readonly ratio: number;
  /** Over how long, in ms, 1 or more; slides in steps of a sixtieth. */
  readonly windowMs: number;
}

/** Options of {@link slaTimeout}. */
export interface SlaTimeoutOptions<T, K = undefined> extends KeyOptions<T, K>, TimeOptions {
  /**
   * When a warning is due before a breach: below 1 as a share of each limit, from 1 on in ms since what it counts from.
   * Default: no warnings.
   */
  readonly softMs?: number | undefined;
  /**
   * `'report'` only tells; `'drop'` also drops messages over `responseMs`; `'error'` ends the stream with a
   * {@link SlaBreachError}; `'switch'` goes on with `switchTo`. Default `'report'`.
   */
  readonly breachPolicy?: 'report' | 'drop' | 'error' | 'switch' | undefined;
  /** What takes the place of the source after the first breach, with `breachPolicy: 'switch'`. */
  readonly switchTo?: ((breach: SlaBreachEvent<T, K>) => ObservableInput<T>) | undefined;
  /** Share of guarantees to be kept over a sliding window. Default: not watched. */
  readonly objective?: SlaObjective | undefined;
  /** Whether to emit an {@link SlaBreach} among the messages at each breach. Default false. */
  readonly markers?: boolean | undefined;
  /** Hears of everything found out. An error it throws ends the stream. */
  readonly onEvent?: ((event: SlaTimeoutEvent<T, K>) => void) | undefined;
}

/**
 * Watches guarantees of time, from milliseconds to months, and reports each that is broken without ending the stream.
 *
 * Use it where silence, slowness or unfinished work has to be noticed while the feed goes on. RxJS' `timeout` ends the
 * stream at the first silence; with `breachPolicy: 'error'` or `'switch'` this does the same.
 *
 * - **Emits** every message at once, untouched; and {@link SlaBreach}es with `markers`.
 * - **Holds** no message but those that began open transactions, at most `maxKeys`; at most `maxKeys` keys.
 * - **Drops** nothing, but with `breachPolicy: 'drop'` messages that took `responseMs` or longer.
 * - **Completes** when the source does; what is still open is `abandoned`.
 * - **Errors** when the source or a callback does, or with `breachPolicy: 'error'`.
 * - **On unsubscribe** forgets everything; no timer is left.
 *
 * One timer whatever is watched. A message costs O(1), a transaction O(log open ones), and one clock read.
 * Something that happens exactly at its deadline is too late.
 *
 * @param limits - silence in ms, or {@link SlaLimits}.
 * @param options - {@link SlaTimeoutOptions}.
 * @throws {@link OptionError} at once if an option cannot be used.
 *
 * @example
 * ```ts
 * import { of } from 'rxjs';
 * import { slaTimeout } from 'rxjs-reliable';
 *
 * of({ text: 'slow', sentAt: Date.now() - 1_000 }, { text: 'fast', sentAt: Date.now() })
 *   .pipe(
 *     slaTimeout(
 *       { responseMs: 250, eventTimeOf: (m) => m.sentAt },
 *       { onEvent: (event) => console.log(event.kind) },
 *     ),
 *   )
 *   .subscribe((m) => console.log(m.text));
 * // => breach
 * // => slow
 * // => fast
 * ```
 * @see Celery's soft and hard time limits, Google SRE workbook (burn rate), Pekko's idleTimeout.
 */
export function slaTimeout<T, K = undefined>(
  limits: number | SlaLimits<T>,
  options: SlaTimeoutOptions<T, K> & { readonly markers: true },
): OperatorFunction<T, T | SlaBreach<T, K>>;
export function slaTimeout<T, K = undefined>(
  limits: number | SlaLimits<T>,
  options?: SlaTimeoutOptions<T, K> & { readonly markers?: false | undefined },
): MonoTypeOperatorFunction<T>;
export function slaTimeout<T, K = undefined>(
  limits: number | SlaLimits<T>,
  options: SlaTimeoutOptions<T, K> = {},
): OperatorFunction<T, T | SlaBreach<T, K>> {
  const settings = readSettings(limits, options);
  const { breachPolicy, objective, onEvent, switchTo } = options;
  const watched = operateTimed<T, T | SlaBreach<T, K>, SlaMonitor<T, K>>(
    options.scheduler,
    (outlet: Outlet<T | SlaBreach<T, K>>) => {
      const report: Report<SlaTimeoutEvent<T, K>> = onEvent && outlet.whileOpen(onEvent);
      const monitor: SlaMonitor<T, K> = new SlaMonitor(
        settings,
        outlet,
        report,
        (breach) => {
          meet(breach, options, outlet, monitor);
        },
        objective && new Objective(objective.ratio, objective.windowMs, report),
      );
      return monitor;
    },
    (monitor, _outlet, enter) => {
      enter((now) => {
        monitor.start(now());
      });
    },
  );
  if (breachPolicy !== 'switch' || switchTo === undefined) return watched;
  return (source) =>
    watched(source).pipe(
      catchError((error: unknown) => {
        if (error instanceof Switch) return switchTo(error.breach as SlaBreachEvent<T, K>);
        throw error;
      }),
    );
}

/** Ends the watched stream, and never gets any further. */
class Switch extends Error {
  /** @param breach - the reason. */
  constructor(readonly breach: unknown) {
    super();
  }
}

/** Does what the options say about a breach. */
function meet<T, K>(
  breach: SlaBreachEvent<T, K>,
  { breachPolicy, markers }: SlaTimeoutOptions<T, K>,
  outlet: Outlet<T | SlaBreach<T, K>>,
  monitor: SlaMonitor<T, K>,
): void {
  const { deadlineMs, elapsedMs, key, limit, message, transaction } = breach;
  if (markers === true) {
    outlet.next(new SlaBreach(limit, deadlineMs, elapsedMs, key, transaction, message));
  }
  if (breachPolicy === 'error') {
    throw new SlaBreachError('slaTimeout', limit, deadlineMs, elapsedMs);
  }
  if (breachPolicy !== 'switch' || outlet.closed) return;
  monitor.leave();
  throw new Switch(breach);
}

const untilNever = 'a number of milliseconds, 0 or more';

function readSettings<T, K>(
  limits: number | SlaLimits<T>,
  options: SlaTimeoutOptions<T, K>,
): SlaSettings<T, K> {
  const reader = new OptionReader('slaTimeout', options);
  for (const callback of ['keyBy', 'onEvent', 'switchTo']) reader.callback(callback);
  reader.scheduler();
  reader.flag('markers', false);
  const policy = reader.choice('breachPolicy', 'report', ['report', 'drop', 'error', 'switch']);
  if (policy === 'switch' && options.switchTo === undefined)
    reader.refuse('switchTo', 'a function');
  if (options.objective !== undefined) readObjective(options.objective);
  const soft = reader.number('softMs', Infinity, Number.MIN_VALUE, Infinity, 'a number above 0');
  const { firstMs, silenceMs, totalMs, responseMs, eventTimeOf, transaction } = readLimits(
    typeof limits === 'number' ? { silenceMs: limits } : limits,
  );
  return {
    firstMs,
    silenceMs,
    totalMs,
    responseMs,
    eventTimeOf,
    transaction,
    softOf: (limitMs) => (soft < 1 ? soft * limitMs : soft),
    keyBy: options.keyBy,
    maxKeys: reader.count('maxKeys', 10_000, 1),
    dropsSlow: policy === 'drop',
  };
}

function readLimits<T>(
  limits: SlaLimits<T>,
): Pick<
  SlaSettings<T, never>,
  'firstMs' | 'silenceMs' | 'totalMs' | 'responseMs' | 'eventTimeOf' | 'transaction'
> {
  const reader = new OptionReader('slaTimeout', limits, 'limits');
  const { eventTimeOf, responseMs, transaction } = limits;
  const names = ['firstMs', 'silenceMs', 'totalMs', 'responseMs', 'transaction'] as const;
  if (names.every((name) => limits[name] === undefined)) {
    reader.refuse('silenceMs', `${untilNever}, or another limit`);
  }
  if (responseMs !== undefined) reader.selector('limits.eventTimeOf', eventTimeOf);
  return {
    firstMs: reader.duration('firstMs', Infinity),
    silenceMs: reader.duration('silenceMs', Infinity),
    totalMs: reader.duration('totalMs', Infinity),
    responseMs: reader.duration('responseMs', Infinity),
    eventTimeOf,
    transaction: transaction && readTransaction(transaction),
  };
}

function readTransaction<T>(transaction: SlaTransaction<T>): SlaTransaction<T> {
  const reader = new OptionReader('slaTimeout', transaction, 'limits.transaction');
  reader.selector('limits.transaction.startOf', transaction.startOf);
  reader.selector('limits.transaction.finishOf', transaction.finishOf);
  const { finishOf, startOf } = transaction;
  return { startOf, finishOf, withinMs: reader.duration('withinMs', NaN) };
}

function readObjective(objective: SlaObjective): void {
  const reader = new OptionReader('slaTimeout', objective, 'objective');
  reader.number('ratio', NaN, Number.MIN_VALUE, 1, 'a number above 0, at most 1');
  reader.number('windowMs', NaN, 1, Number.MAX_VALUE, 'a number of milliseconds, 1 or more');
}
