import { type MonoTypeOperatorFunction, type ObservableInput, type OperatorFunction } from 'rxjs';
import type { SequenceGapsEvent } from '../src/core/GapEvent.js';
import type { GapMarker } from '../src/core/GapMarker.js';
import { GapQuest, type GapQuestSettings } from '../src/core/GapQuest.js';
import { GapTracker, type GapTrackerSettings } from '../src/core/GapTracker.js';
import {
  KeyedMachines,
  type KeyedMachinesSettings,
  machinesFor,
} from '../src/core/KeyedMachines.js';
import type { NoSuchMessages } from '../src/core/NoSuchMessages.js';
import { OptionReader } from '../src/options.js';
import { isObservableInput } from '../src/rx/isObservableInput.js';
import type { Outlet } from '../src/rx/operate.js';
import { type Enter, operateTimed } from '../src/rx/operateTimed.js';
import { defaultRange, SenderPort } from '../src/rx/SenderPort.js';
import { readSequenceOptions } from '../src/sequenceOptions.js';
import type {
  Gap,
  SequenceNumber,
  SequenceOf,
  SequenceOptions,
  TimeOptions,
} from '../src/types.js';

/** The sender's own high-water mark, for one of several sequences. */
export interface KeyedAnnouncement<K> {
  /** Which sequence. */
  readonly key: K;
  /** The greatest number sent in it. */
  readonly sequence: SequenceNumber;
}

/** How {@link sequenceGaps} spreads its attempts. */
export interface BackoffOptions {
  /** What each interval between two attempts is multiplied by for the next, 1 or more. Default 2. */
  readonly factor?: number | undefined;
  /** Longest interval, in ms, 1 or more. Default 30_000. */
  readonly maxMs?: number | undefined;
  /** How far each interval is varied at random, 0 to 1 (0.2: by up to 20 % either way). Default 0. */
  readonly jitter?: number | undefined;
}

/** How {@link sequenceGaps} gets missing numbers from the sender. */
export interface RecoverOptions<T, K> {
  /**
   * Asks the sender for `gap`, for the `attempt`-th time. The answer may be anything `from` takes: messages, or
   * {@link noSuchMessages} for numbers that never existed. At most as many values are taken as numbers were asked for.
   * An answer that fails, is empty or never ends is just an attempt.
   */
  readonly request: (gap: Gap<K>, attempt: number) => ObservableInput<T | NoSuchMessages>;
  /** How many times a number is asked for, 1 to 1_000. Default 3. */
  readonly maxAttempts?: number | undefined;
  /**
   * Interval from the first attempt to the second, in ms, 1 or more; the next ones grow by `backoff`. None is longer than
   * `backoff.maxMs`, 30 s unless it says so. Default 1_000.
   */
  readonly timeoutMs?: number | undefined;
  /** Time from reporting a gap, which is `toleranceMs` after noticing it, to the first attempt, in ms, 0 or more. Default 0. */
  readonly delayMs?: number | undefined;
  /** How the intervals between attempts grow. */
  readonly backoff?: BackoffOptions | undefined;
  /** How many requests are under way at once, over all keys, 1 to 65_536. Default 8. */
  readonly maxInFlight?: number | undefined;
  /** How many numbers one request asks for, 1 to 2^24; more are asked for in parts. Default 1_024. */
  readonly maxRange?: number | undefined;
  /** How long after it was noticed a gap is worth asking for, in ms, 0 or more. Default `Infinity`. */
  readonly deadlineMs?: number | undefined;
  /**
   * Asks for something that stands for all before it, a snapshot or a key frame, once numbers are lost: nothing up to
   * the number of its first message is missed any more. One at a time per key.
   */
  readonly fallback?: ((lost: Gap<K>) => ObservableInput<T>) | undefined;
}

/** Options of {@link sequenceGaps}. */
export interface SequenceGapsOptions<T, K = undefined> extends SequenceOptions<T, K>, TimeOptions {
  /** How long a hole may be mere disorder before it is a gap, in ms, 0 or more. Default 0. */
  readonly toleranceMs?: number | undefined;
  /** How many gaps are open per key, 1 to 2^24, with `recover` 2 at least; the oldest one more is given up. Default 1_024. */
  readonly maxGaps?: number | undefined;
  /** The sender's own high-water mark (heartbeat), so that the loss of its last messages is found, too. */
  readonly announced?: ObservableInput<SequenceNumber | KeyedAnnouncement<K>> | undefined;
  /** How missing numbers are asked for. Default: they are only reported. */
  readonly recover?: RecoverOptions<T, K> | undefined;
  /** Whether messages whose numbers were all seen before are passed on. Default `'pass'`. */
  readonly duplicatePolicy?: 'pass' | 'drop' | undefined;
  /** Whether numbers given up end the stream with a {@link GapUnrecoveredError}. Default `'report'`. */
  readonly lostPolicy?: 'report' | 'error' | undefined;
  /** Emit a {@link GapMarker} among the messages where a gap is detected, or where it is given up. Default: none. */
  readonly markers?: 'detected' | 'lost' | undefined;
  /** Hears of everything found out. An error it throws ends the stream. */
  readonly onEvent?: ((event: SequenceGapsEvent<T, K>) => void) | undefined;
}

/**
 * Passes every message on at once, finds what is missing between them, and asks the sender for it.
 *
 * Use it where messages are numbered and a loss has to be known or mended; put {@link reorderBy} after it if order
 * matters, since answers to requests come out of order. Without numbers, {@link dedupeWithin} still drops repeats.
 *
 * - **Emits** every message in order of arrival, in the same call; answers to requests when they come; and
 *   {@link GapMarker}s with `markers`.
 * - **Holds** no message, only intervals of missing numbers: at most `maxGaps` per key.
 * - **Drops** the second of an answer and its original, and with `duplicatePolicy: 'drop'` all repeats, each with an event.
 * - **Completes** when the source does, after reporting the gaps still open as `lost`; requests are cancelled.
 * - **Errors** when the source, `announced` or a callback does, or with `lostPolicy: 'error'`. A request that fails does not.
 * - **On unsubscribe** cancels all requests; no timer is left.
 *
 * A message in order costs O(1) and no clock read; one that opens or closes a gap O(log `maxGaps`). A jump of any
 * length costs one interval. Numbers below the oldest open gap count as seen, but for those given up.
 *
 * @param sequenceOf - the message's sequence number, or the range of numbers it covers.
 * @param options - {@link SequenceGapsOptions}.
 * @throws {@link OptionError} at once if an option cannot be used.
 *
 * @example
 * ```ts
 * import { from, of } from 'rxjs';
 * import { sequenceGaps } from 'rxjs-reliable';
 *
 * from([1, 2, 5])
 *   .pipe(
 *     sequenceGaps((n) => n, {
 *       recover: { request: ({ first, last }) => of(first as number, last as number) },
 *       onEvent: (event) => console.log(event.kind),
 *     }),
 *   )
 *   .subscribe((n) => console.log(n));
 * // => 1
 * // => 2
 * // => gap
 * // => request
 * // => 5
 * // => filled
 * // => 3
 * // => filled
 * // => 4
 * ```
 * @see FIX ResendRequest and GapFill, Aeron's LossDetector, RFC 4585 (NACK), RFC 3550 A.1 (when to believe a jump).
 */
export function sequenceGaps<T, K = undefined>(
  sequenceOf: SequenceOf<T>,
  options: SequenceGapsOptions<T, K> & { readonly markers: 'detected' | 'lost' },
): OperatorFunction<T, T | GapMarker<K>>;
export function sequenceGaps<T, K = undefined>(
  sequenceOf: SequenceOf<T>,
  options?: SequenceGapsOptions<T, K> & { readonly markers?: undefined },
): MonoTypeOperatorFunction<T>;
export function sequenceGaps<T, K = undefined>(
  sequenceOf: SequenceOf<T>,
  options: SequenceGapsOptions<T, K> = {},
): OperatorFunction<T, T | GapMarker<K>> {
  const settings = readOptions(sequenceOf, options);
  const questSettings =
    options.recover === undefined ? undefined : readRecoverOptions(options.recover);
  const { announced, keyBy, onEvent, recover, scheduler } = options;
  const settingsFor = (outlet: Outlet<T | GapMarker<K>>, enter: Enter): TrackersSettings<T, K> => {
    const report = onEvent && outlet.whileOpen(onEvent);
    const quest =
      questSettings &&
      recover &&
      new GapQuest<T, K>(questSettings, new SenderPort(recover, outlet, enter, report));
    const stream = { settings, emitter: outlet, report, quest };
    return {
      keyBy,
      maxKeys: settings.maxKeys,
      make: (key, moved) => new GapTracker(stream, key, moved),
      onEvicted: (key) => report?.({ kind: 'evicted', key }),
      onFinish:
        quest &&
        ((now) => {
          quest.serve(now);
        }),
    };
  };
  if (announced === undefined) {
    return operateTimed(scheduler, (outlet, enter) =>
      machinesFor(settingsFor(outlet, enter), outlet),
    );
  }
  return operateTimed(
    scheduler,
    (outlet, enter) => new KeyedMachines(settingsFor(outlet, enter), outlet),
    (trackers, outlet, enter) => {
      outlet.listen(() => announced, {
        next: hearAnnouncements(trackers, enter, keyBy !== undefined),
        complete: () => undefined,
      });
    },
  );
}

/** Hands what the sender announces to the tracker it is about. */
function hearAnnouncements<T, K>(
  trackers: KeyedMachines<T, K, GapTracker<T, K>>,
  enter: Enter,
  hasKeys: boolean,
): (mark: unknown) => void {
  const announce = (key: K, sequence: unknown): void => {
    enter((now) => {
      const tracker = trackers.of(key);
      tracker.announce(sequence, now);
      trackers.update(tracker);
    });
  };
  return (mark) => {
    if (!hasKeys) announce(undefined as K, mark);
    else if (isKeyed<K>(mark)) announce(mark.key, mark.sequence);
    else announce(undefined as K, undefined);
  };
}

type TrackersSettings<T, K> = KeyedMachinesSettings<T, K, GapTracker<T, K>>;

function isKeyed<K>(mark: unknown): mark is KeyedAnnouncement<K> {
  return typeof mark === 'object' && mark !== null && 'key' in mark;
}

function readOptions<T, K>(
  sequenceOf: SequenceOf<T>,
  options: SequenceGapsOptions<T, K>,
): GapTrackerSettings<T> & { readonly maxKeys: number } {
  const reader = new OptionReader('sequenceGaps', options);
  reader.selector('sequenceOf', sequenceOf);
  reader.scheduler();
  reader.callback('onEvent');
  reader.callback('keyBy');
  const { announced, markers } = options;
  if (announced !== undefined && !isObservableInput(announced)) {
    reader.refuse('announced', 'an Observable, or what `from` takes');
  }
  if (markers !== undefined) reader.choice('markers', markers, ['detected', 'lost']);
  return {
    sequence: readSequenceOptions(reader, sequenceOf, options),
    maxKeys: reader.count('maxKeys', 10_000, 1),
    toleranceMs: reader.duration('toleranceMs', 0),
    maxGaps: reader.count('maxGaps', 1_024, 1),
    duplicatePolicy: reader.choice('duplicatePolicy', 'pass', ['pass', 'drop']),
    lostPolicy: reader.choice('lostPolicy', 'report', ['report', 'error']),
    markers,
  };
}

function readRecoverOptions<T, K>(recover: RecoverOptions<T, K>): GapQuestSettings {
  const reader = new OptionReader('sequenceGaps', recover, 'recover');
  reader.selector('recover.request', recover.request);
  reader.callback('fallback');
  const backoff = new OptionReader(
    'sequenceGaps',
    recover.backoff === undefined ? {} : recover.backoff,
    'recover.backoff',
  );
  return {
    maxAttempts: reader.count('maxAttempts', 3, 1, 1_000),
    timeoutMs: reader.number(
      'timeoutMs',
      1_000,
      1,
      Infinity,
      'a number of milliseconds, 1 or more',
    ),
    delayMs: reader.duration('delayMs', 0),
    deadlineMs: reader.duration('deadlineMs', Infinity),
    maxInFlight: reader.count('maxInFlight', 8, 1, 65_536),
    maxRange: reader.count('maxRange', defaultRange, 1),
    hasFallback: recover.fallback !== undefined,
    backoff: {
      factor: backoff.number('factor', 2, 1, Number.MAX_VALUE, 'a number, 1 or more'),
      maxMs: backoff.number('maxMs', 30_000, 1, Infinity, 'a number of milliseconds, 1 or more'),
      jitter: backoff.number('jitter', 0, 0, 1, 'a number from 0 to 1'),
    },
  };
}
