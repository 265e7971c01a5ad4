import { asyncScheduler, defer, type Observable, type OperatorFunction } from 'rxjs';
import { type Answer, attachAnswers, failedWorkOf } from '../../core/Answer.js';
import type { DeadLetterEvent, MergeShardsEvent } from '../../core/MergeEvent.js';
import type { Parcel } from '../../core/Parcel.js';
import { channelOf, isShard } from '../../core/channelOf.js';
import type { ShardChannel } from '../../core/ShardChannel.js';
import type { ShardByEvent } from '../../core/ShardEvent.js';
import { ShardError } from '../../errors.js';
import { mergeShards, shardBy } from '../../index.js';
import { OptionReader } from '../../options.js';
import { operate, type Outlet } from '../../rx/operate.js';
import { parcelsOf } from '../../rx/parcelsOf.js';
import type { Shard, TimeOptions } from '../../types.js';
import type { CodecOptions } from './Codec.js';
import type { WorkerListener } from './connect.js';
import { connectPacked } from './connectPacked.js';
import { FlushTimer } from './FlushTimer.js';
import { readCodecs } from './readCodecs.js';
import { type DeskSettings, WorkerDesk } from './WorkerDesk.js';
import type { WorkerLike } from './WorkerLike.js';

/** What {@link inWorker} tells about messages that no worker has done. */
export type InWorkerEvent<T, R> = ShardByEvent<T> | MergeShardsEvent<T, R>;

/** Options of {@link inWorker}. */
export interface InWorkerOptions<T, R = unknown> extends TimeOptions, CodecOptions<T, R> {
  /** How many messages are sent together, 1 to 2^24. Default 64. */
  readonly maxBatch?: number | undefined;
  /**
   * How long a message waits for others to be sent with, in ms, 0 to 60_000; and a result that came asynchronously.
   * Default 0: till the end of the turn.
   */
  readonly maxWaitMs?: number | undefined;
  /**
   * How many messages the worker may have that its pipeline has not begun, 1 to 2^24; others wait in their shard, where
   * `pending` counts them and `maxPending` bounds them. Default 256.
   */
  readonly maxInFlight?: number | undefined;
  /**
   * What becomes of the messages that a worker had when it crashed or exited: `'dead-letter'` gives them up, each with an
   * event; `'resend'` hands them to the worker that takes its place, if `mergeShards` restarts the shard. Default
   * `'dead-letter'`.
   */
  readonly crashPolicy?: 'dead-letter' | 'resend' | undefined;
  /** What of a message is handed over instead of copied, such as the buffers of typed arrays. Default: nothing. */
  readonly transfer?: ((message: T) => readonly object[]) | undefined;
  /**
   * Hears of dead letters where {@link mergeShards} cannot: for a source that is no shard, or with steps behind. An error
   * it throws ends the stream.
   */
  readonly onEvent?: ((event: InWorkerEvent<T, R>) => void) | undefined;
}

/**
 * Runs a pipeline in a worker: a thread of Node, or a Web Worker. N shards in N workers use N cores.
 *
 * Use it for work that keeps a core busy for microseconds or more per message: messages and results are copied from
 * thread to thread (docs/WORKERS.md says where that pays). For work that waits, `eachMessage` is enough.
 *
 * - **Emits** the results of the pipeline that the worker exposes with {@link exposePipeline}, as they come.
 * - **Holds** `maxBatch` messages for a moment; more of them wait in their shard.
 * - **Drops** a message that cannot be cloned, or whose result cannot, and what a worker had when it crashed: each is a
 *   `dead-letter`, with the reason.
 * - **Completes** when the worker's pipeline does; the worker is terminated.
 * - **Errors** with what the pipeline failed with, or with a {@link WorkerError} when the worker crashed or exited. Behind
 *   `mergeShards`, `onShardError: 'restart'` spawns another worker.
 * - **On unsubscribe** terminates the worker in the same turn.
 *
 * Behind {@link mergeShards} use it bare, `mergeShards((shard) => shard.pipe(inWorker(spawn)))`, with all steps in the
 * worker: then it is known which results belong to which message, and `order: 'source'` is exact. A source that is no
 * shard is taken as a single one of 10_000 messages at most, with `overflowPolicy: 'error'`.
 *
 * A worker that hangs, or whose file never calls {@link exposePipeline}, is silent: watch it with `slaTimeout`.
 *
 * @param spawn - makes the worker; called once per subscription. The worker is terminated at the end, so make a new one.
 * @param options - {@link InWorkerOptions}.
 * @throws `OptionError` at once if an option cannot be used.
 *
 * @example
 * ```ts
 * import { map, range } from 'rxjs';
 * import { mergeShards, shardBy } from 'rxjs-reliable';
 * import { exposePipeline, inWorker } from 'rxjs-reliable/worker';
 *
 * // In an application: () => new Worker(new URL('./square.js', import.meta.url), { type: 'module' }),
 * // and the call of exposePipeline in square.js.
 * const spawn = () => {
 *   const { port1, port2 } = new MessageChannel();
 *   exposePipeline<number, number>((source$) => source$.pipe(map((n) => n * n)), { port: port2 });
 *   return Object.assign(port1, { terminate: () => port1.close() });
 * };
 *
 * range(0, 3)
 *   .pipe(
 *     shardBy('least-busy', { shards: 2 }),
 *     mergeShards<number, number>((shard) => shard.pipe(inWorker(spawn)), { order: 'source' }),
 *   )
 *   .subscribe((n) => console.log(n));
 * // => 0
 * // => 1
 * // => 4
 * ```
 * @see observable-webworker's fromWorkerPool, Node's documentation of `worker_threads`.
 */
export function inWorker<T, R>(
  spawn: () => WorkerLike,
  options: InWorkerOptions<T, R> = {},
): OperatorFunction<T, R> {
  const settings = readOptions(spawn, options);
  const { onEvent, scheduler } = options;
  const answers = (channel: ShardChannel<T>, size: number): Observable<Answer<T, R>> =>
    defer(() => {
      const timers = scheduler ?? asyncScheduler;
      return new Visit<T, R>(spawn, settings, options, channel, size, timers).answers();
    });
  const onShard = (shard: Shard<T>): Observable<R> => {
    const channel = channelOf<T>(shard, 'inWorker');
    const exact = answers(channel, shard.size);
    const plain = exact.pipe(
      operate<Answer<T, R>, R>((outlet) =>
        bare(outlet, channel, onEvent && outlet.whileOpen(onEvent)),
      ),
    );
    return attachAnswers(plain, exact);
  };
  return (source) =>
    isShard(source) ? onShard(source as Shard<T>) : alone(source, onShard, onEvent);
}

/** A stream that is no shard is the only one of its kind. */
function alone<T, R>(
  source: Observable<T>,
  onShard: (shard: Shard<T>) => Observable<R>,
  onEvent: ((event: InWorkerEvent<T, R>) => void) | undefined,
): Observable<R> {
  return defer(() => {
    let broken: unknown;
    // What an asynchronous `onEvent` returns is passed on, so that its failing is heard of.
    const note = (event: InWorkerEvent<T, R>): unknown => {
      if (event.kind === 'shard-error') broken = event.error;
      return onEvent?.(event);
    };
    return source.pipe(
      shardBy<T>('round-robin', { shards: 1, onEvent }),
      mergeShards<T, R>(onShard, { onEvent: note }),
      operate<R, R>((outlet) => ({
        next: (result) => {
          outlet.next(result);
        },
        // The source may fail with a ShardError, too, which is not ours to open.
        error: (error) => {
          const isOurs = error instanceof ShardError && error.cause === broken;
          outlet.fail(isOurs ? broken : error);
        },
      })),
    );
  });
}

/** Emits the results alone. */
function bare<T, R>(
  outlet: Outlet<R>,
  channel: ShardChannel<T>,
  report: ((event: DeadLetterEvent<T>) => void) | undefined,
) {
  return {
    next: ({ parcel, value, isResult, failure }: Answer<T, R>) => {
      if (isResult) outlet.next(value as R);
      if (failure === undefined) return;
      const { message } = parcel;
      const about = { shard: channel.index, key: undefined, passed: false } as const;
      report?.({ kind: 'dead-letter', message, error: failure.error, ...about });
      channel.drop(parcel);
    },
    error: (error: unknown) => {
      const failed = failedWorkOf(error);
      outlet.fail(failed === undefined ? error : failed.error);
    },
  };
}

/** One worker, from its spawning to its end. */
class Visit<T, R> {
  constructor(
    private readonly spawn: () => WorkerLike,
    private readonly settings: DeskSettings<T>,
    private readonly codecs: CodecOptions<T, R>,
    private readonly channel: ShardChannel<T>,
    private readonly size: number,
    private readonly scheduler: NonNullable<TimeOptions['scheduler']>,
  ) {}

  answers(): Observable<Answer<T, R>> {
    const opened: { desk?: WorkerDesk<T, R> } = {};
    const room = {
      get isFree() {
        return opened.desk?.isFree === true;
      },
      taken: () => {
        opened.desk?.taken();
      },
    };
    return parcelsOf<T, Parcel<T>>(this.channel, room).pipe(
      operate<Parcel<T>, Answer<T, R>>((outlet) => {
        const desk = this.#open(outlet);
        opened.desk = desk;
        return {
          next: (parcel) => {
            desk.push(parcel);
          },
          complete: () => {
            desk.end();
          },
        };
      }),
    );
  }

  #open(outlet: Outlet<Answer<T, R>>): WorkerDesk<T, R> {
    const { channel, codecs, settings } = this;
    const timer = new FlushTimer(
      () => {
        outlet.enter(() => {
          desk.flush();
        });
      },
      settings.maxWaitMs,
      this.scheduler,
    );
    const whenOpen = (work: () => void): void => {
      if (!outlet.closed) outlet.enter(work);
    };
    const listener: WorkerListener = {
      message: (message) => {
        whenOpen(() => {
          desk.receive(message);
        });
      },
      crash: (error) => {
        whenOpen(() => {
          desk.crash(error);
        });
      },
    };
    const link = connectPacked(this.spawn(), listener, codecs);
    outlet.onTeardown(() => {
      timer.cancel();
      link.terminate();
    });
    const desk = new WorkerDesk<T, R>(settings, { index: channel.index, size: this.size }, link, {
      answer: (answer) => {
        if (!outlet.closed) outlet.next(answer);
      },
      fail: (failed) => {
        outlet.fail(failed);
      },
      complete: () => {
        outlet.complete();
      },
      drain: () => {
        if (!outlet.closed) channel.drain();
      },
      wait: () => {
        timer.arm();
      },
    });
    return desk;
  }
}

function readOptions<T, R>(
  spawn: () => WorkerLike,
  options: InWorkerOptions<T, R>,
): DeskSettings<T> {
  const reader = new OptionReader('inWorker', options);
  reader.selector('spawn', spawn);
  reader.scheduler();
  reader.callback('onEvent');
  reader.callback('transfer');
  readCodecs(reader, options);
  return {
    maxBatch: reader.count('maxBatch', 64, 1),
    maxInFlight: reader.count('maxInFlight', 256, 1),
    maxWaitMs: reader.number(
      'maxWaitMs',
      0,
      0,
      60_000,
      'a number of milliseconds from 0 to 60_000',
    ),
    crashPolicy: reader.choice('crashPolicy', 'dead-letter', ['dead-letter', 'resend']),
    transfer: options.transfer,
  };
}
