import type { MonoTypeOperatorFunction } from 'rxjs';
import type { KeyedMachine } from '../src/core/KeyedMachine.js';
import { machinesFor } from '../src/core/KeyedMachines.js';
import type { ReorderByEvent } from '../src/core/ReorderEvent.js';
import { Resequencer, type ResequencerSettings } from '../src/core/Resequencer.js';
import { SortingMachine, type SortingSettings } from '../src/core/SortingMachine.js';
import { OptionReader } from '../src/options.js';
import { operateTimed } from '../src/rx/operateTimed.js';
import { readSequenceOptions } from '../src/sequenceOptions.js';
import type { KeyOptions, SequenceOf, SequenceOptions, TimeOptions } from '../src/types.js';

/** Options that every mode of {@link reorderBy} has. */
export interface ReorderHoldingOptions<T, K> extends TimeOptions {
  /** Longest time any message is held, in ms, 0 or more; `Infinity` for no limit. Default 1_000. */
  readonly maxWaitMs?: number | undefined;
  /** How many messages are held per key, 1 to 2^24. Default 1_024. */
  readonly maxBuffer?: number | undefined;
  /**
   * What happens to one message more: `'skip'` releases past the oldest hole, `'drop-newest'` drops it with an
   * `overflow` event, `'error'` ends the stream with a {@link BufferOverflowError}. Default `'skip'`.
   */
  readonly overflowPolicy?: 'skip' | 'drop-newest' | 'error' | undefined;
  /**
   * What happens to a message behind what was released: `'drop'` drops it, `'emit'` emits it out of order, both with
   * a `late` event; `'error'` ends the stream with a {@link LateMessageError}. Default `'drop'`.
   */
  readonly latePolicy?: 'drop' | 'emit' | 'error' | undefined;
  /** Hears of every message that is not simply released in order. An error it throws ends the stream. */
  readonly onEvent?: ((event: ReorderByEvent<T, K>) => void) | undefined;
}

/** {@link reorderBy} for numbers that count every message. */
export interface ReorderBySequenceOptions<T, K>
  extends SequenceOptions<T, K>, ReorderHoldingOptions<T, K> {
  /** Selects this mode; the default. */
  readonly by?: 'sequence' | undefined;
  /**
   * How long messages are collected before the baseline is fixed at the lowest number, in ms, 0 or more, so that a
   * feed joined amid disorder starts at its beginning; no longer than `maxWaitMs`. Default 0.
   */
  readonly startWaitMs?: number | undefined;
}

/** {@link reorderBy} for numbers that grow but leave legitimate holes, such as Kafka offsets under compaction. */
export interface ReorderBySparseOptions<T, K>
  extends KeyOptions<T, K>, ReorderHoldingOptions<T, K> {
  /** Selects this mode. */
  readonly by: 'sparse';
}

/** {@link reorderBy} for event times. */
export interface ReorderByTimeOptions<T, K> extends KeyOptions<T, K>, ReorderHoldingOptions<T, K> {
  /** Selects this mode. */
  readonly by: 'time';
  /** How far event times may be out of order, in ms, 0 or more: the watermark trails the greatest one by `boundMs + 1`. */
  readonly boundMs: number;
  /**
   * How far ahead of the scheduler's clock an event time is believed, in ms, 0 or more; one farther ahead is `invalid`,
   * so that one wrong clock cannot make everybody late. Default `Infinity`.
   */
  readonly maxSkewMs?: number | undefined;
}

/** Options of {@link reorderBy}, by mode. */
export type ReorderByOptions<T, K = undefined> =
  ReorderBySequenceOptions<T, K> | ReorderBySparseOptions<T, K> | ReorderByTimeOptions<T, K>;

/**
 * Puts messages back in order, holding what comes early within a bound of time and number.
 *
 * Use it where a consumer needs order and can wait a little for it. To learn what is missing, or ask for it again, put
 * {@link sequenceGaps} before it; it passes messages on at once. In-order input costs no timer, no buffer, no delay.
 *
 * - **Emits** a message when everything before it was emitted or given up: in the same call where nothing is missing.
 *   `by: 'sequence'` knows what is missing by counting. `by: 'sparse'` holds each message `maxWaitMs`. `by: 'time'`
 *   emits what is at or below the watermark (greatest event time - `boundMs` - 1), equal times in order of arrival.
 * - **Holds** at most `maxBuffer` messages per key, each at most `maxWaitMs`, and up to `restartAfter - 1` more whose
 *   number is too far away to be believed yet.
 * - **Drops**, each with an event that carries it: duplicates, late messages, overflow, and what has no usable number
 *   or time (`invalid`), according to `latePolicy` and `overflowPolicy`.
 * - **Completes** when the source does, after emitting what is held, in order.
 * - **Errors** when the source or a callback does, or a policy says so; what is held is reported as `discarded`.
 * - **On unsubscribe** forgets everything; no timer is left.
 *
 * Time per message is O(1) for numbers however far displaced, O(log n + displacement) for ranges, sparse numbers and
 * times. Memory is one slot per number between the next one and the farthest held one, at most 64 per message held.
 *
 * @param orderOf - the message's sequence number, range of numbers, or event time in ms.
 * @param options - {@link ReorderByOptions}.
 * @throws {@link OptionError} at once if an option cannot be used.
 *
 * @example
 * ```ts
 * import { from } from 'rxjs';
 * import { reorderBy } from 'rxjs-reliable';
 *
 * from([1, 3, 2, 4]).pipe(reorderBy((n) => n)).subscribe((n) => console.log(n));
 * // => 1
 * // => 2
 * // => 3
 * // => 4
 * ```
 * @see RFC 1982 (serial numbers), RFC 3550 A.1 (when to believe a jump), Flink's forBoundedOutOfOrderness (watermark).
 */
export function reorderBy<T, K = undefined>(
  orderOf: SequenceOf<T>,
  options: ReorderByOptions<T, K> = {},
): MonoTypeOperatorFunction<T> {
  const settings = readOptions(orderOf, options);
  const { keyBy, scheduler, onEvent } = options;
  return operateTimed<T, T>(scheduler, (outlet) => {
    const report = onEvent && outlet.whileOpen(onEvent);
    return machinesFor<T, K, KeyedMachine<T, K>>(
      {
        keyBy,
        maxKeys: settings.maxKeys,
        make: (key) =>
          'startWaitMs' in settings
            ? new Resequencer(settings, key, outlet, report)
            : new SortingMachine(settings, key, outlet, report),
        onEvicted: (key) => report?.({ kind: 'evicted', key }),
      },
      outlet,
    );
  });
}

function readOptions<T, K>(
  orderOf: SequenceOf<T>,
  options: ReorderByOptions<T, K>,
): (ResequencerSettings<T> | SortingSettings<T>) & { readonly maxKeys: number } {
  const reader = new OptionReader('reorderBy', options);
  reader.selector('orderOf', orderOf);
  reader.scheduler();
  reader.callback('onEvent');
  reader.callback('keyBy');
  const maxKeys = reader.count('maxKeys', 10_000, 1);
  const maxWaitMs = reader.duration('maxWaitMs', 1_000);
  const maxBuffer = reader.count('maxBuffer', 1_024, 1);
  const overflowPolicy = reader.choice('overflowPolicy', 'skip', ['skip', 'drop-newest', 'error']);
  const latePolicy = reader.choice('latePolicy', 'drop', ['drop', 'emit', 'error']);
  const by = reader.choice('by', 'sequence', ['sequence', 'sparse', 'time']);
  if (by === 'sequence') {
    return {
      maxKeys,
      maxWaitMs,
      maxBuffer,
      overflowPolicy,
      latePolicy,
      sequence: readSequenceOptions(reader, orderOf, options as SequenceOptions<T, K>),
      startWaitMs: reader.duration('startWaitMs', 0),
    };
  }
  return {
    maxKeys,
    maxWaitMs,
    maxBuffer,
    overflowPolicy,
    latePolicy,
    by,
    orderOf,
    boundMs: by === 'time' ? reader.duration('boundMs', NaN) : Infinity,
    maxSkewMs: by === 'time' ? reader.duration('maxSkewMs', Infinity) : Infinity,
  };
}
