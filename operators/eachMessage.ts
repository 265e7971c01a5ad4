import { Observable, type ObservableInput } from 'rxjs';
import { type Answer, attachAnswers, FailedWork, failedWorkOf } from '../src/core/Answer.js';
import type { Parcel } from '../src/core/Parcel.js';
import { channelOf } from '../src/core/channelOf.js';
import type { ShardChannel } from '../src/core/ShardChannel.js';
import { OptionReader } from '../src/options.js';
import { isThenable } from '../src/rx/isThenable.js';
import { operate, type Inlet, type Outlet } from '../src/rx/operate.js';
import { parcelsOf, type Room } from '../src/rx/parcelsOf.js';
import type { Shard } from '../src/types.js';

/** Options of {@link eachMessage}. */
export interface EachMessageOptions {
  /** How many messages of one shard are worked on at once, 1 to 2^24, or `Infinity`. Default 1. */
  readonly concurrency?: number | undefined;
}

/** Work on one message: any number of results, now or later. */
export type MessageWork<T, R> = (message: T) => ObservableInput<R>;

/**
 * Makes a pipeline for {@link mergeShards} that works on each message by itself and knows which results are whose.
 *
 * Use it where a message has other than exactly one result, where several are worked on at once, or where it matters
 * which message made a pipeline fail. Compared with `concatMap` or `mergeMap`, messages not begun wait in their shard,
 * where `maxPending` bounds them and a failing pipeline does not lose them.
 *
 * - **Emits** what the work emits, at once.
 * - **Holds** nothing: it takes a message when it begins it.
 * - **Drops** nothing.
 * - **Completes** when its shard has completed and all work is done. A message is done when its work completes.
 * - **Errors** when work does, or throws; all other work of the shard is cancelled.
 * - **On unsubscribe** cancels all work.
 *
 * Further steps belong into `work`; behind the pipeline they hide whose results they are from {@link mergeShards}.
 *
 * @param work - makes the results of a message.
 * @param options - {@link EachMessageOptions}.
 * @throws {@link OptionError} at once if an option cannot be used.
 *
 * @example
 * ```ts
 * import { from, of } from 'rxjs';
 * import { eachMessage, mergeShards, shardBy } from 'rxjs-reliable';
 *
 * from([0, 1, 2])
 *   .pipe(
 *     shardBy('round-robin', { shards: 2 }),
 *     mergeShards(
 *       eachMessage((n: number) => (n === 1 ? [] : of(n, n * 10)), { concurrency: 4 }),
 *       { order: 'source' },
 *     ),
 *   )
 *   .subscribe((n) => console.log(n));
 * // => 0
 * // => 0
 * // => 2
 * // => 20
 * ```
 */
export function eachMessage<T, R>(
  work: MessageWork<T, R>,
  options: EachMessageOptions = {},
): (shard: Shard<T>) => Observable<R> {
  const reader = new OptionReader('eachMessage', options);
  reader.selector('work', work);
  const concurrency =
    options.concurrency === Infinity ? Infinity : reader.count('concurrency', 1, 1);
  return (shard) => {
    const answers = answer(channelOf<T>(shard, 'eachMessage'), work, concurrency);
    return attachAnswers(answers.pipe(operate<Answer<T, R>, R>(bare)), answers);
  };
}

/** Emits the results alone. */
function bare<T, R>(outlet: Outlet<R>): Inlet<Answer<T, R>> {
  return {
    next: ({ value, isResult }) => {
      if (isResult) outlet.next(value as R);
    },
    error: (error) => {
      const failed = failedWorkOf(error);
      outlet.fail(failed === undefined ? error : failed.error);
    },
  };
}

/** Works on the messages of a shard, and says whose every result is. */
function answer<T, R>(
  channel: ShardChannel<T>,
  work: MessageWork<T, R>,
  concurrency: number,
): Observable<Answer<T, R>> {
  return new Observable((destination) => {
    const load = new Load(concurrency);
    return parcelsOf<T, Parcel<T>>(channel, load)
      .pipe(operate<Parcel<T>, Answer<T, R>>((outlet) => new Desk(outlet, channel, work, load)))
      .subscribe(destination);
  });
}

/** How many messages are being worked on. */
class Load implements Room {
  active = 0;

  constructor(private readonly concurrency: number) {}

  get isFree(): boolean {
    return this.active < this.concurrency;
  }

  taken(): void {
    this.active += 1;
  }
}

class Desk<T, R> implements Inlet<Parcel<T>> {
  #isSourceDone = false;

  constructor(
    private readonly outlet: Outlet<Answer<T, R>>,
    private readonly channel: ShardChannel<T>,
    private readonly work: MessageWork<T, R>,
    private readonly load: Load,
  ) {}

  next(parcel: Parcel<T>): void {
    this.outlet.interlude(() => {
      this.#begin(parcel);
    });
  }

  complete(): void {
    this.#isSourceDone = true;
    if (this.load.active === 0) this.outlet.complete();
  }

  #begin(parcel: Parcel<T>): void {
    const { outlet } = this;
    let results: ObservableInput<R>;
    try {
      results = this.work(parcel.message);
      // What has to wait is copied: the work may use its array again.
      if (outlet.busy && Array.isArray(results)) results = (results as readonly R[]).slice();
    } catch (error) {
      outlet.enter(() => {
        this.#fail(parcel, error);
      });
      return;
    }
    // Nothing to subscribe, and nobody who could interrupt: a subscription would cost more than all the rest.
    if (Array.isArray(results)) {
      const values: readonly R[] = results;
      outlet.enter(() => {
        try {
          this.#answerAll(parcel, values);
        } catch (error) {
          // A getter of the array threw.
          this.#fail(parcel, error);
        }
      });
    } else {
      this.#listen(parcel, results);
    }
  }

  #listen(parcel: Parcel<T>, results: ObservableInput<R>): void {
    const { outlet } = this;
    if (outlet.closed) {
      // The work itself made its consumer leave: nobody would hear of a promise that is rejected.
      if (isThenable(results)) results.then(undefined, () => undefined);
      return;
    }
    outlet.listen<R>(() => results, {
      next: (value) => {
        outlet.next({ parcel, value, isResult: true, isEnd: false });
      },
      error: (error) => {
        this.#fail(parcel, error);
      },
      complete: () => {
        this.#finish(parcel);
      },
    });
  }

  #fail(parcel: Parcel<T>, error: unknown): void {
    this.outlet.fail(new FailedWork([parcel], error));
  }

  #answerAll(parcel: Parcel<T>, values: readonly R[]): void {
    const { outlet } = this;
    const last = values.length - 1;
    for (let index = 0; index < last; index += 1) {
      if (outlet.closed) return;
      outlet.next({ parcel, value: values[index], isResult: true, isEnd: false });
    }
    if (outlet.closed) return;
    if (last < 0) {
      this.#finish(parcel);
    } else {
      outlet.next({ parcel, value: values[last], isResult: true, isEnd: true });
      this.#release();
    }
  }

  #finish(parcel: Parcel<T>): void {
    this.outlet.next({ parcel, value: undefined, isResult: false, isEnd: true });
    this.#release();
  }

  /** A message is done. */
  #release(): void {
    this.load.active -= 1;
    if (this.#isSourceDone && this.load.active === 0) this.outlet.complete();
    else this.channel.drain();
  }
}
