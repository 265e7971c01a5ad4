import { ShardError } from '../errors.js';
import { type Answer, answersOf, FailedWork, failedWorkOf } from './Answer.js';
import type { Now, Report } from './Machine.js';
import type { MergeShardsEvent } from './MergeEvent.js';
import { noTime } from './noTime.js';
import type { Parcel } from './Parcel.js';
import type { ResultOrder } from './ResultOrder.js';
import type { ShardChannel } from './ShardChannel.js';
import type { Turn } from './Turn.js';

/** What a pipeline's output goes to. */
export interface PipelineInlet {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** What runs pipelines. */
export interface PipelineHost {
  readonly closed: boolean;
  /** Subscribes what `make` makes; its failing is an error of the pipeline. */
  listen(make: () => unknown, inlet: PipelineInlet): void;
  /** Lets what `work` subscribes be handled at once. */
  interlude(work: () => void): void;
  /** Runs `work` when the entry being handled has ended. */
  enter(work: () => void): void;
  /** Runs `work` within this entry, settling first what is due; `undefined` where nothing ever is. */
  readonly settle: ((work: (now: Now) => void) => void) | undefined;
  fail(error: unknown): void;
}

/** What all runs of one merge share. */
export interface RunSettings<T, R> {
  readonly order: ResultOrder<R>;
  readonly host: PipelineHost;
  readonly report: Report<MergeShardsEvent<T, R>>;
  readonly onShardError: 'fail' | 'drop' | 'restart';
  readonly maxRestarts: number;
  /** Hears that nothing more will come of a shard. */
  readonly onOver: () => void;
}

/** The pipeline of one shard: which message each result belongs to, and what happens when it fails. */
export class ShardRun<T, R> implements PipelineInlet {
  /** Its results are answers that say whose they are. */
  #isExact = false;
  #restarts = 0;
  #isOver = false;
  /** That of the message that had a result last. */
  #lastTurn: Turn | undefined;

  constructor(
    private readonly settings: RunSettings<T, R>,
    private readonly channel: ShardChannel<T>,
    private readonly make: () => unknown,
  ) {}

  start(): void {
    const { channel, settings } = this;
    const { order, host } = settings;
    if (channel.tracker !== undefined) {
      throw new TypeError(`mergeShards: shard ${String(channel.index)} is merged already`);
    }
    for (const parcel of channel.parcels()) order.accepted?.(parcel);
    channel.tracker = {
      line: order,
      accepted: (parcel) => order.accepted?.(parcel),
      dropped: (parcel) => {
        host.enter(() => {
          this.#finishTurn(parcel);
        });
      },
    };
    host.interlude(() => {
      this.#open();
    });
  }

  next(value: unknown): void {
    // The other way is a method of its own: a closure over `value` in here costs an object, whether it is made or not.
    if (this.settings.host.settle === undefined) this.#take(value, noTime);
    else this.#takeTimed(value);
  }

  error(thrown: unknown): void {
    this.#settle((now) => {
      this.#fail(thrown, now);
    });
  }

  complete(): void {
    this.#settle((now) => {
      const { channel, settings } = this;
      // Answers say what is done; of a plain pipeline it is unknown.
      const isLeft = this.#isExact && channel.oldestInFlight !== undefined;
      const isEarly = !channel.isDrained || isLeft;
      settings.report?.({ kind: 'shard-complete', shard: channel.index, isEarly, key: undefined });
      if (isEarly) this.#drop(now);
      else this.#end(now);
    });
  }

  /** Gives account of what is not done. */
  discard(): void {
    if (!this.#isOver) this.channel.discard();
  }

  /** Nobody listens any more. */
  leave(): void {
    this.#isOver = true;
    this.channel.leave();
  }

  #settle(work: (now: Now) => void): void {
    const { settle } = this.settings.host;
    if (settle === undefined) work(noTime);
    else settle(work);
  }

  /** Makes the pipeline; messages come when it has made all its subscriptions. */
  #open(): void {
    const { channel } = this;
    channel.hold();
    this.settings.host.listen(() => {
      const output = this.make();
      const answers = answersOf(output);
      this.#isExact = answers !== undefined;
      return answers ?? output;
    }, this);
    channel.release();
  }

  #takeTimed(value: unknown): void {
    this.#settle((now) => {
      this.#take(value, now);
    });
  }

  #take(value: unknown, now: Now): void {
    if (this.#isOver) return;
    if (this.#isExact) {
      this.#takeAnswer(value as Answer<T, R>, now);
      return;
    }
    const { channel, settings } = this;
    const parcel = channel.answer();
    if (parcel !== undefined) this.#lastTurn = parcel.turn;
    const turn = this.#lastTurn;
    settings.order.result(value as R, channel.index, turn, now);
    if (parcel !== undefined && turn !== undefined) settings.order.finish?.(turn);
  }

  #takeAnswer(answer: Answer<T, R>, now: Now): void {
    const { parcel, value, isResult, isEnd, failure } = answer;
    const { channel, settings } = this;
    if (isResult) settings.order.result(value as R, channel.index, parcel.turn, now);
    if (!isEnd) return;
    if (failure === undefined) channel.finish(parcel);
    else this.#bury(parcel, failure.error);
    this.#finishTurn(parcel);
  }

  #finishTurn({ turn }: Parcel<T>): void {
    if (turn !== undefined) this.settings.order.finish?.(turn);
  }

  #fail(thrown: unknown, now: Now): void {
    const { channel, settings } = this;
    const { host, report, onShardError, maxRestarts } = settings;
    const { poison, error } = this.#blame(thrown);
    const isSpent = onShardError === 'restart' && this.#restarts >= maxRestarts;
    const action = isSpent ? 'drop' : onShardError;
    report?.({ kind: 'shard-error', shard: channel.index, error, action, key: undefined });
    for (const parcel of poison) this.#bury(parcel, error);
    if (action === 'fail') {
      host.fail(new ShardError('mergeShards', channel.index, error));
      return;
    }
    for (const parcel of poison) this.#finishTurn(parcel);
    if (host.closed) return;
    if (action === 'drop') this.#drop(now);
    else this.#restart();
  }

  /** Whom to blame for a failure: where the pipeline does not say it, the oldest message it has. */
  #blame(thrown: unknown): FailedWork<T> {
    const failed = failedWorkOf(thrown);
    if (failed !== undefined) return failed as FailedWork<T>;
    const oldest = this.channel.oldestInFlight;
    return new FailedWork(oldest === undefined ? [] : [oldest], thrown);
  }

  /** The message is not tried again. */
  #bury(poison: Parcel<T>, error: unknown): void {
    const { channel, settings } = this;
    if (!channel.finish(poison)) return;
    if (poison.turn !== undefined) settings.order.failed?.(poison.turn);
    settings.report?.({
      kind: 'dead-letter',
      message: poison.message,
      error,
      shard: channel.index,
      key: undefined,
      passed: false,
    });
  }

  #restart(): void {
    const { channel, settings } = this;
    const { order, host, report } = settings;
    this.#restarts += 1;
    report?.({
      kind: 'shard-restart',
      shard: channel.index,
      restarts: this.#restarts,
      key: undefined,
    });
    if (host.closed) return;
    for (const { turn } of channel.parcels()) {
      if (turn !== undefined) order.restart?.(turn);
    }
    channel.rewind();
    this.#open();
  }

  /** The shard takes no more messages; those it has are orphaned. */
  #drop(now: Now): void {
    const { channel } = this;
    const parcels = [...channel.parcels()];
    channel.tracker = undefined;
    channel.close();
    this.#over(parcels, now);
  }

  /** The shard and its pipeline have completed: what had no result of its own is done all the same. */
  #end(now: Now): void {
    const { channel } = this;
    const parcels = [...channel.parcels()];
    for (const parcel of parcels) channel.finish(parcel);
    this.#over(parcels, now);
  }

  #over(parcels: readonly Parcel<T>[], now: Now): void {
    const { channel, settings } = this;
    this.#isOver = true;
    for (const parcel of parcels) this.#finishTurn(parcel);
    settings.order.close(channel.index, now);
    settings.onOver();
  }
}
