import { asyncScheduler, type ObservableInput, of } from 'rxjs';
import { noTime } from '../../core/noTime.js';
import { Parcel } from '../../core/Parcel.js';
import { channelProperty } from '../../core/channelOf.js';
import { ShardChannel } from '../../core/ShardChannel.js';
import { ShardMerge } from '../../core/ShardMerge.js';
import { ShardError } from '../../errors.js';
import { OptionReader } from '../../options.js';
import { operate } from '../../rx/operate.js';
import { pipelineHost } from '../../rx/pipelineHost.js';
import { shardOf } from '../../rx/shardOf.js';
import type { Shard } from '../../types.js';
import { AnswerSheet } from './AnswerSheet.js';
import type { CodecOptions } from './Codec.js';
import { connectPackedPort } from './connectPacked.js';
import { FlushTimer } from './FlushTimer.js';
import { type FromWorker, protocol, type Start } from './messages.js';
import { ownPort } from './ownPort.js';
import { packError } from './PackedError.js';
import { readCodecs } from './readCodecs.js';
import type { WorkerPort } from './WorkerLike.js';

/** Options of {@link exposePipeline}. */
export interface ExposePipelineOptions<R, T = never> extends CodecOptions<T, R> {
  /** What of a result is handed over instead of copied, such as the buffers of typed arrays. Default: nothing. */
  readonly transfer?: ((result: R) => readonly object[]) | undefined;
  /** Where messages come from. Default: whoever made this worker. */
  readonly port?: WorkerPort | undefined;
}

/** A pipeline that a worker runs. Its source says which of how many shards it is. */
export type WorkerPipeline<T, R> = (source: Shard<T>) => ObservableInput<R>;

/**
 * Runs a pipeline in a worker, for {@link inWorker} on the other side. Call it once, in the file that the worker runs.
 *
 * - **Emits** results back in batches: when a batch of messages is worked off, `maxBatch` results are there, or the first
 *   of them has waited for 5 ms; `maxWaitMs` if they come asynchronously.
 * - **Holds** messages that the pipeline is not ready for, as `eachMessage` says.
 * - **Drops** a result that cannot be cloned; its message is a dead letter on the other side.
 * - **Completes** when the other side does and the pipeline has, or when the pipeline does.
 * - **Errors** cross with name, message, stack, cause, and those own properties that are plain values.
 * - **On unsubscribe** on the other side the worker is terminated: no finalizer of the pipeline runs.
 *
 * With a plain pipeline, each result means that the oldest message taken up is done, and that the pipeline has swallowed
 * those before a message which it answered at once. With `eachMessage` it is exact.
 *
 * @param pipeline - {@link WorkerPipeline}.
 * @param options - {@link ExposePipelineOptions}.
 * @throws `OptionError` if an option cannot be used, and a TypeError where there is no other side.
 *
 * @example
 * ```ts
 * import { map } from 'rxjs';
 * import { exposePipeline } from 'rxjs-reliable/worker';
 *
 * const { port1, port2 } = new MessageChannel(); // in a worker, leave `port` out
 * exposePipeline<number, number>((source$) => source$.pipe(map((n) => n * n)), { port: port1 });
 * port2.on('message', ({ kind }) => {
 *   console.log(kind);
 *   port2.close();
 * });
 * // => ready
 * ```
 * @see The Worker of HTML's living standard, `worker_threads` of Node.
 */
export function exposePipeline<T, R>(
  pipeline: WorkerPipeline<T, R>,
  options: ExposePipelineOptions<R, T> = {},
): void {
  const reader = new OptionReader('exposePipeline', options);
  reader.selector('pipeline', pipeline);
  reader.callback('transfer');
  readCodecs(reader, options);
  const port = options.port ?? ownPort();
  let stage: Stage<T, R> | undefined;
  const post = connectPackedPort(
    port,
    (message) => {
      if (message.kind === 'start') stage = new Stage(pipeline, message, post, options.transfer);
      else if (message.kind === 'messages') stage?.take(message.values as readonly T[]);
      else if ((message.kind as string) === 'complete') stage?.end();
    },
    (cause) => {
      const error = new TypeError('exposePipeline: messages could not be read', { cause });
      post({ kind: 'failure', error: packError(error), poison: [] }, []);
    },
    options,
  );
  post({ kind: 'ready', protocol }, []);
}

/** A result waits no longer than this for others to be worked out; to wake the other thread costs more than to copy. */
const longestWaitMs = 5;

/** The pipeline under way. */
class Stage<T, R> {
  readonly #channel: ShardChannel<T>;
  readonly #sheet: AnswerSheet<R>;
  readonly #timer: FlushTimer;
  /** Number of the next message. */
  #next = 0;
  /** When the oldest value on the sheet was noticed; NaN if there is none. */
  #filledMs = NaN;
  /** Messages are being handed over: what comes of them is sent afterwards. */
  #isBusy = false;

  constructor(
    pipeline: WorkerPipeline<T, R>,
    private readonly start: Start,
    private readonly post: (message: FromWorker, transfer: readonly object[]) => void,
    transferOf: ((result: R) => readonly object[]) | undefined,
  ) {
    const { index, size, maxWaitMs } = start;
    const loads = Array.from({ length: size }, () => 0);
    this.#channel = new ShardChannel<T>(index, loads, (_, { turn }) => {
      // What the pipeline leaves undone must not be said to be done.
      if (turn !== undefined) turn.isOver = true;
    });
    this.#timer = new FlushTimer(this.#flush, maxWaitMs, asyncScheduler);
    this.#sheet = new AnswerSheet<R>(
      post,
      transferOf,
      () => this.#channel.nextTicket ?? this.#next,
      () => {
        if (!this.#isBusy) this.#timer.arm();
      },
    );
    this.#run(pipeline);
  }

  take(messages: readonly T[]): void {
    this.#isBusy = true;
    for (const message of messages) {
      this.#handOver(message);
      if (this.#isDue()) this.#flush();
    }
    this.#isBusy = false;
    while (this.#channel.letGo());
    this.#flush();
  }

  end(): void {
    this.#channel.complete();
  }

  #handOver(message: T): void {
    const number = this.#next++;
    this.#sheet.pass(number);
    if (this.#channel.pass(number, message, undefined, undefined)) return;
    this.#channel.accept(new Parcel(number, message, undefined, undefined));
  }

  #run(pipeline: WorkerPipeline<T, R>): void {
    const channel = this.#channel;
    const sheet = this.#sheet;
    const inlet = operate<Shard<T>, R>((outlet) => {
      const settings = { pipeline, onShardError: 'fail', maxRestarts: 0 } as const;
      const host = pipelineHost(outlet, undefined);
      const merge = new ShardMerge<T, R>(settings, sheet, host, undefined);
      return {
        next: (shard) => {
          merge.push(shard, noTime);
        },
        complete: () => {
          merge.end();
        },
      };
    });
    of(shardOf(channel, this.start.size, channelProperty(channel)))
      .pipe(inlet)
      .subscribe({
        error: (error: unknown) => {
          this.#flush();
          const thrown = error instanceof ShardError ? error.cause : error;
          this.post({ kind: 'failure', error: packError(thrown), poison: sheet.poison }, []);
        },
        complete: () => {
          this.#flush();
          this.post({ kind: 'complete' }, []);
        },
      });
  }

  /** Results are not kept waiting for long while others are worked out. */
  #isDue(): boolean {
    const { size } = this.#sheet;
    if (size === 0) return false;
    if (size >= this.start.maxBatch) return true;
    const nowMs = Date.now();
    if (Number.isNaN(this.#filledMs)) this.#filledMs = nowMs;
    return nowMs - this.#filledMs >= longestWaitMs;
  }

  readonly #flush = (): void => {
    this.#timer.cancel();
    this.#filledMs = NaN;
    this.#sheet.flush();
  };
}
