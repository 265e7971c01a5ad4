import { Parcel } from './Parcel.js';
import { ParcelList } from './ParcelList.js';
import { type Receiver, ReceiverList } from './ReceiverList.js';
import { closedLoad, type KeyLoad } from './ShardRouter.js';

/** Who says when messages are done; without one they are done when they are handed over. */
export interface Tracker<T> {
  /** While it is clear, a message that is answered as it is handed over need not be told of. */
  readonly line: { readonly isClear: boolean };
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
  /** The message being handed over, as long as it is the only one not done, and nobody asks for it: it is not listed. */
  #passing: Parcel<T> | undefined;
  /** What messages pass in that are answered at once: to make one for each would cost as much as all the rest. */
  #spare: Parcel<T> | undefined;
  readonly #receivers = new ReceiverList<T>();
  /** Messages not done, oldest first; those from `#waiting` on are not handed over. */
  readonly #listed = new ParcelList<T>();
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
    if (this.#isClosed) return 0;
    return (this.loads[this.index] ?? 0) + (this.#passing === undefined ? 0 : 1);
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
    this.#listPassing();
    const { oldest } = this.#listed;
    return oldest?.isHanded === true ? oldest : undefined;
  }

  /** The messages that are not done, oldest first. */
  parcels(): Iterable<Parcel<T>> {
    this.#listPassing();
    return this.#listed;
  }

  /**
   * Hands a message over at once if nothing is before it: the same as to accept it, but for what that costs where it is
   * answered at once. Returns whether it did.
   */
  pass(ticket: number, message: T, key: unknown, keyLoad: KeyLoad | undefined): boolean {
    const receiver = this.#receivers.plain;
    const { tracker } = this;
    if (
      receiver === undefined ||
      this.#listed.oldest !== undefined ||
      this.#isDraining ||
      this.#isHeld ||
      tracker?.line.isClear === false
    ) {
      return false;
    }
    const parcel = (this.#spare ??= new Parcel<T>(ticket, message, key, keyLoad));
    parcel.ticket = ticket;
    parcel.message = message;
    parcel.key = key;
    parcel.keyLoad = keyLoad;
    this.#passing = parcel;
    this.#isDraining = true;
    try {
      receiver.take(message, parcel);
    } finally {
      this.#isDraining = false;
    }
    if (tracker !== undefined) this.#listPassing();
    else if (this.#spare !== parcel) this.drop(parcel);
    else this.#answerPassing(parcel);
    if (this.#waiting !== undefined || this.#end !== undefined) this.drain();
    return true;
  }

  accept(parcel: Parcel<T>): void {
    this.#listPassing();
    this.#listed.add(parcel);
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
    this.#listed.remove(parcel);
    this.#count(-1);
    release(parcel);
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
    const passing = this.#passing;
    if (passing !== undefined) return this.#answerPassing(passing);
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
    this.#receivers.add(receiver);
    this.drain();
    return () => {
      this.#receivers.remove(receiver);
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
        parcel !== undefined && this.#receivers.areReady;
        parcel = this.#waiting
      ) {
        this.#waiting = parcel.newer;
        parcel.isHanded = true;
        this.#hand(parcel);
      }
    } finally {
      this.#isDraining = false;
    }
    if (this.#end !== undefined && this.#waiting === undefined) this.#receivers.end(this.#end);
  }

  /** Everything not done is handed over again, in order. */
  rewind(): void {
    for (const parcel of this.parcels()) parcel.isHanded = false;
    this.#answered = -1;
    this.#waiting = this.#listed.oldest;
  }

  /** Takes no more messages; reports those that are not done as orphaned. */
  close(): void {
    const parcels = [...this.parcels()];
    for (const parcel of parcels) this.finish(parcel);
    this.#refuse();
    for (const parcel of parcels) this.report('orphaned', parcel, this.index);
    for (const parcel of parcels) this.tracker?.dropped(parcel);
  }

  /** Gives account of what is not done: an error ended the stream. */
  discard(): void {
    const parcels = [...this.parcels()];
    // What is sent from within a report is orphaned, and has an event too.
    this.#refuse();
    for (const parcel of parcels) {
      // Who heard of another one may have had it answered, or its shard closed.
      if (this.finish(parcel)) this.report('discarded', parcel, this.index);
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
    // Nor is what is on its way accepted any more, if whoever left did so while it was routed.
    this.#refuse();
    this.#receivers.clear();
  }

  /** The source has failed: forgets everything, and tells the receivers. */
  fail(error: unknown): void {
    if (this.#end !== undefined) return;
    for (const parcel of [...this.parcels()]) this.finish(parcel);
    this.#end = { error };
    this.#receivers.end(this.#end);
  }

  #hand(parcel: Parcel<T>): void {
    const isTracked = this.tracker !== undefined;
    this.#handing = parcel;
    this.#receivers.take(parcel.message, parcel);
    this.#handing = undefined;
    if (!isTracked) this.drop(parcel);
  }

  /** Lists what is passing, if anything is. */
  #listPassing(): void {
    const parcel = this.#passing;
    if (parcel === undefined) return;
    this.#passing = undefined;
    this.#spare = undefined;
    parcel.isHanded = true;
    this.#listed.add(parcel);
    this.#count(1);
    this.tracker?.accepted(parcel);
  }

  /** What is passing is done. */
  #answerPassing(parcel: Parcel<T>): Parcel<T> {
    this.#passing = undefined;
    // The spare one is kept; the message must not be.
    parcel.message = undefined as T;
    release(parcel);
    return parcel;
  }

  /** Takes no messages from now on. */
  #refuse(): void {
    this.#isClosed = true;
    this.loads[this.index] = closedLoad;
  }

  #count(change: number): void {
    // That of a closed one stays infinite.
    this.loads[this.index] = (this.loads[this.index] ?? 0) + change;
  }
}

/** Its key has one message less in flight. */
function release({ keyLoad }: Parcel<unknown>): void {
  if (keyLoad !== undefined && --keyLoad.count === 0) keyLoad.release();
}
