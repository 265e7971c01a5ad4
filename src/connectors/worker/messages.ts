import type { PackedError } from './PackedError.js';

/** Changes whenever the two ends would no longer understand each other. */
export const protocol = 'rxjs-reliable/worker/2';

/** Owner of a result beyond those of a message: it comes before all of them, or when its message is done. */
export const extra = -1;

/** Begins a worker's pipeline. */
export interface Start {
  readonly kind: 'start';
  /** Index of its shard, and how many there are. */
  readonly index: number;
  readonly size: number;
  readonly maxBatch: number;
  readonly maxWaitMs: number;
}

/** Messages, numbered on from those before. */
export interface Messages {
  readonly kind: 'messages';
  readonly values: readonly unknown[];
}

/** What a worker is sent. */
export type ToWorker = Start | Messages | { readonly kind: 'complete' };

/** What came of messages. */
export interface Answers {
  readonly kind: 'answers';
  /** How many messages the pipeline has taken up by now. */
  readonly taken: number;
  readonly values: readonly unknown[];
  /** Number of the message of each value, or {@link extra}; `undefined` if they belong to the messages from `first` on, one and the last of each. */
  readonly owners: readonly number[] | undefined;
  readonly first: number;
  /** Messages of which nothing more will come. */
  readonly ended: readonly number[];
  /** Messages that are given up, with the reason; {@link extra} if it was no message's result. */
  readonly buried: readonly (readonly [number: number, error: PackedError])[];
}

/** The pipeline has failed. */
export interface Failure {
  readonly kind: 'failure';
  readonly error: PackedError;
  /** The messages to blame. */
  readonly poison: readonly number[];
}

/** What a worker sends. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly protocol: string }
  | Answers
  | Failure
  | { readonly kind: 'complete' };
