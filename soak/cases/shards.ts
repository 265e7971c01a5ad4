import { Observable, type ObservableInput, pipe } from 'rxjs';
import {
  eachMessage,
  mergeShards,
  type MergeShardsEvent,
  shardBy,
  type ShardByEvent,
} from 'rxjs-reliable';
import type { VirtualClock } from 'rxjs-reliable/testing';
import { fractionAt } from '../fractionAt.js';
import { type Message, nameOf, Oracle } from '../Oracle.js';
import type { SoakCase } from '../SoakCase.js';

/** One of the results of a message. */
interface Result {
  readonly message: Message;
  /** Which of them, from 0 on. */
  readonly part: number;
}

type Event = ShardByEvent<Message, number> | MergeShardsEvent<Message, Result>;

const keys = 97;
/** Work takes up to 1.5 s, and eight messages are worked on at once. */
const longestMs = 60_000;

/** A message whose results have not all come. */
interface Awaited {
  readonly message: Message;
  readonly sinceMs: number;
  readonly results: number;
}

/** Who came in, in that order, and has not come out. */
class ShardsOracle extends Oracle<Event, Result> {
  readonly #awaited = new Map<number, Awaited>();
  #arrived = 0;
  /** The oldest that is awaited, by order of arrival. */
  #head = 0;
  /** The part of the oldest's results that is next. */
  #part = 0;
  #emitted = 0;

  constructor(
    around: ConstructorParameters<typeof Oracle>[0],
    private readonly resultsOf: (message: Message) => number,
  ) {
    super(around);
  }

  override before(message: Message): void {
    super.before(message);
    const results = this.resultsOf(message);
    this.#awaited.set(this.#arrived, { message, sinceMs: this.nowMs, results });
    this.#arrived += 1;
    // It may leave at once, or later: that is told by the order.
    this.outcomes = 1;
  }

  override after(message: Message): void {
    super.after(message);
    const oldest = this.#oldest();
    const isInTime = oldest === undefined || oldest.sinceMs + longestMs > this.nowMs;
    this.expect(isInTime, () => `${nameOf(oldest?.message)} has no result`);
  }

  emitted({ message, part }: Result): void {
    const oldest = this.#oldest();
    this.expect(
      oldest?.message === message && part === this.#part,
      () => `result ${part} of ${nameOf(message)} came before that of ${nameOf(oldest?.message)}`,
    );
    this.#part += 1;
    this.#emitted += 1;
  }

  heard(event: Event): void {
    if (event.kind === 'shard-complete' && !event.isEarly) return;
    this.expect(false, () => `an event '${event.kind}'`);
  }

  finish(): string {
    const oldest = this.#oldest();
    this.expect(oldest === undefined, () => `${nameOf(oldest?.message)} has no result in the end`);
    return `${this.#arrived} worked on, ${this.#emitted} results in order`;
  }

  /** The oldest message that has results to come. */
  #oldest(): Awaited | undefined {
    for (;;) {
      const awaited = this.#awaited.get(this.#head);
      if (awaited === undefined || this.#part < awaited.results) return awaited;
      this.#awaited.delete(this.#head);
      this.#head += 1;
      this.#part = 0;
    }
  }
}

/** No result, one, or two; at once, or after a while. */
function worker(clock: VirtualClock, seed: number, resultsOf: (message: Message) => number) {
  return (message: Message): ObservableInput<Result> => {
    const results = Array.from({ length: resultsOf(message) }, (_, part) => ({ message, part }));
    const luck = fractionAt(seed + 2, message.seq);
    if (luck < 0.3) return results;
    return new Observable((subscriber) =>
      clock.schedule(
        () => {
          for (const result of results) subscriber.next(result);
          subscriber.complete();
        },
        Math.floor(luck * 1_500),
      ),
    );
  };
}

/** Four shards, two messages at a time in each, and the results in the order of their messages. */
export const shards: SoakCase<Event, Result> = {
  name: 'shardBy+mergeShards',
  make: (setup) => {
    const { clock: scheduler, seed } = setup;
    const resultsOf = ({ seq }: Message): number => {
      const luck = fractionAt(seed + 1, seq);
      return luck < 0.1 ? 0 : luck < 0.9 ? 1 : 2;
    };
    const oracle = new ShardsOracle(setup, resultsOf);
    const onEvent = setup.relay<Event>((event) => oracle.heard(event));
    const work = worker(scheduler, seed, resultsOf);
    const keyBy = ({ seq }: Message): number => seq % keys;
    return {
      oracle,
      operator: pipe(
        shardBy<Message, number>(keyBy, { shards: 4, onEvent }),
        mergeShards<Message, Result>(eachMessage(work, { concurrency: 2 }), {
          order: 'source',
          onEvent,
          scheduler,
        }),
      ),
    };
  },
};
