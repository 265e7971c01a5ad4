import type { Parcel } from './Parcel.js';
import { closedLoad } from './ShardRouter.js';

/** Who takes a shard's messages. */
export interface Receiver<T> {
  /** It can take one now. Whoever was not calls `drain` when it is. */
  readonly isReady: boolean;
  take(message: T, parcel: Parcel<T>): void;
  complete(): void;
  error(error: unknown): void;
}

/** Who says when messages are done; without one they are done when they are handed over. */
export interface Tracker<T> {
  accepted(parcel: Parcel<T>): void;
  /** The message was dropped: nothing will come of it. */
  dropped(parcel: Parcel<T>): void;
}

/** Tells of a message that will not be answered. */
export type ReportParcel<T> = (
  kind: 'overflow' | 'orphaned' | 'discarded',
  parcel: Parcel<T>,
  shard: number,
) => void;

/** One shard: the messages it has accepted, which of them it has handed over, and to whom. */
export class ShardChannel<T> {
  tracker: Tracker<T> | undefined = undefined;
  /** The ticket of a message that a plain pipeline answered at once: what it was handed before is answered or swallowed. */
  #answered = -1;
  /** The message being handed over. */
  #handing: Parcel<T> | undefined;
  #receivers: readonly Receiver<T>[] = [];
  /** Messages not done, oldest first; those from `#waiting` on are not handed over. */
  #oldest: Parcel<T> | undefined;
  #newest: Parcel<T> | undefined;
  #waiting: Parcel<T> | undefined;
  #isDraining = false;
  #isHeld = false;
  #isClosed = false;
  /** The source has ended; with an error if there is one. */
  #end: { readonly error?: unknown } | undefined;

  constructor(
    readonly index: number,
    /** Everybody's loads; it writes its own. */
    private readonly loads: number[],
    private readonly report: ReportParcel<T>,
  ) {}

  /** How many messages are accepted and not done. */
  get pending(): number {
    return this.#isClosed ? 0 : (this.loads[this.index] ?? 0);
  }

  /** It takes no messages any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The source has completed and everything is handed over. */
  get isDrained(): boolean {
    return this.#end !== undefined && this.#waiting === undefined;
  }

  /** The ticket of the message that is handed over next; `undefined` if none waits. */
  get nextTicket(): number | undefined {
    return this.#waiting?.ticket;
  }

  /** The oldest message a pipeline has. */
  get oldestInFlight(): Parcel<T> | undefined {
    return this.#oldest?.isHanded === true ? this.#oldest : undefined;
  }

  /** The messages that are not done, oldest first. */
  *parcels(): Generator<Parcel<T>> {
    for (let parcel = this.#oldest; parcel !== undefined; parcel = parcel.newer) yield parcel;
  }

  accept(parcel: Parcel<T>): void {
    parcel.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = parcel;
    else this.#newest.newer = parcel;
    this.#newest = parcel;
    this.#waiting ??= parcel;
    this.#count(1);
    this.tracker?.accepted(parcel);
    this.drain();
  }

  /** Takes a message off the list; returns whether it was on it. */
  finish(parcel: Parcel<T>): boolean {
    if (parcel.isOver) return false;
    parcel.isOver = true;
    if (parcel === this.#waiting) this.#waiting = parcel.newer;
    if (parcel.older === undefined) this.#oldest = parcel.newer;
    else parcel.older.newer = parcel.newer;
    if (parcel.newer === undefined) this.#newest = parcel.older;
    else parcel.newer.older = parcel.older;
    // Else the garbage collector finds the newer ones alive, by way of one that it has found old.
    parcel.older = undefined;
    parcel.newer = undefined;
    this.#count(-1);
    const { keyLoad } = parcel;
    if (keyLoad !== undefined && --keyLoad.count === 0) keyLoad.release();
    return true;
  }

  /** Drops the oldest message that is not handed over, with a report; returns whether there was one. */
  dropOldest(): boolean {
    const parcel = this.#waiting;
    if (parcel === undefined) return false;
    this.finish(parcel);
    this.report('overflow', parcel, this.index);
    this.tracker?.dropped(parcel);
    return true;
  }

  /** Takes off the list a message that will not be answered. */
  drop(parcel: Parcel<T>): void {
    if (this.finish(parcel)) this.tracker?.dropped(parcel);
  }

  /** A plain pipeline had a result, now; returns the message in flight whose it is taken to be. */
  answer(): Parcel<T> | undefined {
    this.#answered = this.#handing?.ticket ?? this.#answered;
    const parcel = this.oldestInFlight;
    if (parcel !== undefined) this.finish(parcel);
    return parcel;
  }

  /** Takes the oldest message for done if its pipeline must have swallowed it; returns whether there is room now. */
  letGo(): boolean {
    const parcel = this.oldestInFlight;
    if (parcel === undefined || parcel.ticket >= this.#answered) return false;
    this.drop(parcel);
    return true;
  }

  /** Adds a receiver, who is given what waits; returns how to remove it. */
  subscribe(receiver: Receiver<T>): () => void {
    this.#receivers = [...this.#receivers, receiver];
    this.drain();
    return () => {
      this.#receivers = this.#receivers.filter((one) => one !== receiver);
    };
  }

  /** Hands nothing over until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.drain();
  }

  /** Hands over what waits, as long as somebody takes it. */
  drain(): void {
    if (this.#isDraining || this.#isHeld) return;
    this.#isDraining = true;
    try {
      for (
        let parcel = this.#waiting;
        parcel !== undefined && this.#isReady();
        parcel = this.#waiting
      ) {
        this.#waiting = parcel.newer;
        parcel.isHanded = true;
        this.#hand(parcel);
      }
    } finally {
      this.#isDraining = false;
    }
    if (this.isDrained) this.#endReceivers();
  }

  /** Everything not done is handed over again, in order. */
  rewind(): void {
    for (const parcel of this.parcels()) parcel.isHanded = false;
    this.#answered = -1;
    this.#waiting = this.#oldest;
  }

  /** Takes no more messages; reports those that are not done as orphaned. */
  close(): void {
    const parcels = [...this.parcels()];
    for (const parcel of parcels) this.finish(parcel);
    this.#isClosed = true;
    this.loads[this.index] = closedLoad;
    for (const parcel of parcels) this.report('orphaned', parcel, this.index);
    for (const parcel of parcels) this.tracker?.dropped(parcel);
  }

  /** Gives account of what is not done: an error ended the stream. */
  discard(): void {
    for (const parcel of [...this.parcels()]) {
      this.finish(parcel);
      this.report('discarded', parcel, this.index);
    }
  }

  /** Nobody tracks it any longer: what was handed over counts as done. */
  leave(): void {
    this.tracker = undefined;
    for (const parcel of [...this.parcels()]) {
      if (parcel.isHanded) this.finish(parcel);
    }
  }

  /** The source has completed: receivers hear of it when everything is handed over. */
  complete(): void {
    this.#end = {};
    this.drain();
  }

  /** Nothing more comes from the source: forgets everything, unless it has completed. */
  stop(): void {
    if (this.#end !== undefined) return;
    for (const parcel of [...this.parcels()]) this.finish(parcel);
    this.#receivers = [];
  }

  /** The source has failed: forgets everything, and tells the receivers. */
  fail(error: unknown): void {
    if (this.#end !== undefined) return;
    for (const parcel of [...this.parcels()]) this.finish(parcel);
    this.#end = { error };
    this.#endReceivers();
  }

  #isReady(): boolean {
    const { length } = this.#receivers;
    if (length === 1) return this.#receivers[0]?.isReady === true;
    return length > 0 && this.#receivers.every((receiver) => receiver.isReady);
  }

  #hand(parcel: Parcel<T>): void {
    const isTracked = this.tracker !== undefined;
    this.#handing = parcel;
    for (const receiver of this.#receivers) receiver.take(parcel.message, parcel);
    this.#handing = undefined;
    if (!isTracked) this.finish(parcel);
  }

  #endReceivers(): void {
    const receivers = this.#receivers;
    this.#receivers = [];
    const end = this.#end ?? {};
    for (const receiver of receivers) {
      if ('error' in end) receiver.error(end.error);
      else receiver.complete();
    }
  }

  #count(change: number): void {
    // That of a closed one stays infinite.
    this.loads[this.index] = (this.loads[this.index] ?? 0) + change;
  }
}

/** Leads from a shard to its channel, also in another copy of this package. */
const channelKey = /* @__PURE__ */ Symbol.for('rxjs-reliable/shard');

/** What a shard carries to lead to its channel. */
export function channelProperty<T>(channel: ShardChannel<T>): PropertyDescriptorMap {
  return { [channelKey]: { value: channel } };
}

/** Whether there is a channel behind something. */
export function isShard(stream: object): boolean {
  return channelKey in stream;
}

/** The channel behind a shard. */
export function channelOf<T>(shard: object, operator: string): ShardChannel<T> {
  const channel = (shard as { readonly [channelKey]?: ShardChannel<T> })[channelKey];
  if (channel === undefined)
    throw new TypeError(`${operator}: what it was given is no shard of shardBy`);
  return channel;
}
