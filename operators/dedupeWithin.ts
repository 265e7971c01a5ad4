import type { MonoTypeOperatorFunction } from 'rxjs';
import { CountWindow } from '../src/core/CountWindow.js';
import type { DedupeWithinEvent } from '../src/core/DedupeEvent.js';
import type { DedupeSettings } from '../src/core/DedupeWindow.js';
import { machinesFor } from '../src/core/KeyedMachines.js';
import type { Emitter, Machine, Report } from '../src/core/Machine.js';
import { SequenceWindow, type SequenceWindowSettings } from '../src/core/SequenceWindow.js';
import { TimeWindow } from '../src/core/TimeWindow.js';
import { WatermarkWindow } from '../src/core/WatermarkWindow.js';
import { OptionReader } from '../src/options.js';
import { operateTimed } from '../src/rx/operateTimed.js';
import { readSequenceOptions } from '../src/sequenceOptions.js';
import type { SequenceNumber, SequenceOf, TimeOptions } from '../src/types.js';

/** Each key is remembered for a time. */
export interface DedupeTimeWindow {
  /** Selects this window. */
  readonly kind: 'time';
  /** How long, in ms, 0 or more; a repeat exactly that long after passes. */
  readonly ms: number;
  /** Whether each repeat begins the time anew. Default false: it counts from the first. */
  readonly refresh?: boolean | undefined;
}

/** The last distinct keys are remembered, first in first out. */
export interface DedupeCountWindow {
  /** Selects this window. */
  readonly kind: 'count';
  /** How many, 1 to 2^24. */
  readonly count: number;
}

/** Each key is remembered until the watermark, which trails the greatest event time by `delayMs`, is `delayMs` past it. */
export interface DedupeWatermarkWindow<T> {
  /** Selects this window. */
  readonly kind: 'watermark';
  /** When the event happened, in ms; any finite number. */
  readonly eventTimeOf: (message: T) => number;
  /** How far event times may be out of order, in ms, 0 or more; a message exactly that far behind is late. */
  readonly delayMs: number;
  /** How far ahead of the scheduler's clock an event time is believed, in ms, 0 or more. Default `Infinity`. */
  readonly maxSkewMs?: number | undefined;
  /** What happens to a message at or behind the watermark. Default `'drop'`. */
  readonly latePolicy?: 'drop' | 'emit' | 'error' | undefined;
}

/** The last numbers of a sender are remembered, one bit each: exact, and of fixed size. With `keyBy`, for each key. */
export interface DedupeSequenceWindow<T> {
  /** Selects this window. */
  readonly kind: 'sequence';
  /** How many numbers up to the greatest one, 1 to 2^24. */
  readonly size: number;
  /** The message's number, or the range of numbers it covers; it repeats if all of them were seen. */
  readonly sequenceOf: SequenceOf<T>;
  /** Numbers wrap to 0 at this value, 3 or more. Default: they never wrap. */
  readonly modulus?: SequenceNumber | undefined;
  /** What happens to a message below the window: whether it repeats cannot be told. Default `'drop'`. */
  readonly latePolicy?: 'drop' | 'emit' | 'error' | undefined;
  /** How far ahead a number is believed, 1 to 2^53-1; farther ahead it is `invalid`. Default 65_536. */
  readonly maxJump?: number | undefined;
  /** The sender's incarnation: a change empties the window. Numbers that begin anew without one are late. Default: none. */
  readonly epochOf?: ((message: T) => unknown) | undefined;
  /** How many numbers too far ahead must follow each other to be taken for a restart, 1 to 1_024. Default 5. */
  readonly restartAfter?: number | undefined;
}

/** What {@link dedupeWithin} remembers. */
export type DedupeWindowOptions<T> =
  DedupeTimeWindow | DedupeCountWindow | DedupeWatermarkWindow<T> | DedupeSequenceWindow<T>;

/** Options of {@link dedupeWithin}. */
export interface DedupeWithinOptions<T, K = T> extends TimeOptions {
  /** What two messages have in common if one repeats the other; compared as in a `Map`. Default: the message itself. With `kind: 'sequence'` it tells senders apart; default: there is one, and the key of events is `undefined`. */
  readonly keyBy?: ((message: T) => K) | undefined;
  /** How many keys are remembered, unless `count` says so, 1 to 2^24; the oldest one more is forgotten with an `evicted` event. Default 100_000. */
  readonly maxKeys?: number | undefined;
  /** Whether repeats are dropped or only reported. Default `'drop'`. */
  readonly repeatPolicy?: 'drop' | 'pass' | undefined;
  /** Hears of every message that does not simply pass, and of keys forgotten early. An error it throws ends the stream. */
  readonly onEvent?: ((event: DedupeWithinEvent<T, K>) => void) | undefined;
}

/**
 * Drops messages whose key was seen before within a window of time, count, event time or sequence numbers.
 *
 * Use it where a feed repeats itself: at-least-once delivery, reconnects, redundant lines. Unlike `distinct` it forgets,
 * so it can run for ever. Where messages are numbered, `kind: 'sequence'` is the cheapest, and exact.
 *
 * - **Emits** the first message of each key at once, in order of arrival.
 * - **Holds** no message; keys, at most `maxKeys` or `count` of them, or `size` bits per sender.
 * - **Drops** repeats, each with a `duplicate` event that says when the first was seen; late and invalid messages,
 *   each with an event. Never a message whose key is new, except the far strays of `kind: 'sequence'`.
 * - **Completes** and **errors** when the source does; errors also when a callback throws or `latePolicy` says so.
 * - **On unsubscribe** forgets everything. There is no timer: what is past its time is cleared away as messages come.
 *
 * O(1) per message (`watermark`: O(log keys)); memory is the keys remembered. Keys that are numbers or bigints are hashed
 * with a secret, so that crafted ones cannot slow it down.
 *
 * @param window - a time in ms, or one of {@link DedupeWindowOptions}.
 * @param options - {@link DedupeWithinOptions}.
 * @throws {@link OptionError} at once if an option cannot be used.
 *
 * @example
 * ```ts
 * import { from } from 'rxjs';
 * import { dedupeWithin } from 'rxjs-reliable';
 *
 * from([{ id: 'a' }, { id: 'b' }, { id: 'a' }])
 *   .pipe(dedupeWithin(60_000, { keyBy: (m) => m.id }))
 *   .subscribe((m) => console.log(m.id));
 * // => a
 * // => b
 * ```
 * @see Spark's dropDuplicatesWithinWatermark (watermark), RFC 6479 (sequence), NATS' Nats-Msg-Id window (time).
 */
export function dedupeWithin<T, K = T>(
  window: number | DedupeWindowOptions<T>,
  options: DedupeWithinOptions<T, K> = {},
): MonoTypeOperatorFunction<T> {
  const make = readWindow(window, options);
  const { onEvent, scheduler } = options;
  return operateTimed<T, T>(scheduler, (outlet) =>
    make(outlet, onEvent && outlet.whileOpen(onEvent)),
  );
}

/** Makes the window of one subscription. */
type WindowMaker<T, K> = (
  emitter: Emitter<T>,
  report: Report<DedupeWithinEvent<T, K>>,
) => Machine<T>;

function readWindow<T, K>(
  window: number | DedupeWindowOptions<T>,
  options: DedupeWithinOptions<T, K>,
): WindowMaker<T, K> {
  const shared = readOptions(options);
  const { keyBy, maxKeys, repeatPolicy } = shared;
  const windowOptions = typeof window === 'number' ? { kind: 'time', ms: window } : window;
  const reader = new OptionReader('dedupeWithin', windowOptions, 'window');
  const kind = reader.choice('kind', '' as 'time', ['time', 'count', 'watermark', 'sequence']);
  switch (kind) {
    case 'time': {
      const ms = reader.duration('ms', NaN);
      const refresh = reader.flag('refresh', false);
      const settings = { keyBy, maxKeys, repeatPolicy, ms, refresh };
      return (emitter, report) => new TimeWindow(settings, emitter, report);
    }
    case 'count': {
      const count = reader.count('count', 0, 1);
      const settings = { keyBy, maxKeys, repeatPolicy, count };
      return (emitter, report) => new CountWindow(settings, emitter, report);
    }
    case 'watermark':
      return readWatermarkWindow(windowOptions as DedupeWatermarkWindow<T>, reader, shared);
    case 'sequence':
      return readSequenceWindow(windowOptions as DedupeSequenceWindow<T>, reader, options);
  }
}

function readOptions<T, K>(options: DedupeWithinOptions<T, K>): DedupeSettings<T, K> {
  const reader = new OptionReader('dedupeWithin', options);
  reader.scheduler();
  reader.callback('onEvent');
  reader.callback('keyBy');
  return {
    keyBy: options.keyBy ?? ((message) => message as unknown as K),
    maxKeys: reader.count('maxKeys', 100_000, 1),
    repeatPolicy: reader.choice('repeatPolicy', 'drop', ['drop', 'pass']),
  };
}

function readLatePolicy(reader: OptionReader): 'drop' | 'emit' | 'error' {
  return reader.choice('latePolicy', 'drop', ['drop', 'emit', 'error']);
}

function readWatermarkWindow<T, K>(
  { eventTimeOf }: DedupeWatermarkWindow<T>,
  reader: OptionReader,
  { keyBy, maxKeys, repeatPolicy }: DedupeSettings<T, K>,
): WindowMaker<T, K> {
  reader.selector('window.eventTimeOf', eventTimeOf);
  const settings = {
    keyBy,
    maxKeys,
    repeatPolicy,
    eventTimeOf,
    delayMs: reader.duration('delayMs', NaN),
    maxSkewMs: reader.duration('maxSkewMs', Infinity),
    latePolicy: readLatePolicy(reader),
  };
  return (emitter, report) => new WatermarkWindow(settings, emitter, report);
}

function readSequenceWindow<T, K>(
  window: DedupeSequenceWindow<T>,
  reader: OptionReader,
  options: DedupeWithinOptions<T, K>,
): WindowMaker<T, K> {
  reader.selector('window.sequenceOf', window.sequenceOf);
  const { maxKeys, repeatPolicy } = readOptions(options);
  const size = reader.count('size', 0, 1);
  const { sequenceOf } = window;
  const settings: SequenceWindowSettings<T> = {
    sequence: readSequenceOptions(reader, sequenceOf, window, size - 1),
    size,
    repeatPolicy,
    latePolicy: readLatePolicy(reader),
  };
  return (emitter, report) =>
    machinesFor<T, K, SequenceWindow<T, K>>(
      {
        keyBy: options.keyBy,
        maxKeys,
        make: (key) => new SequenceWindow(settings, key, emitter, report),
        onEvicted: (key) => report?.({ kind: 'evicted', key, first: undefined }),
      },
      emitter,
    );
}
