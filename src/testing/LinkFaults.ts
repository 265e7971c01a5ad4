import type { Delay } from './Delay.js';

/** Losses that come in bursts (a Gilbert-Elliott channel that loses everything while it is bad). */
export interface LinkBurstLoss {
  /** Share of the messages lost in the long run, 0 to 1. */
  readonly ratio: number;
  /** Mean number of messages lost in a row, at least 1 and at least `ratio / (1 - ratio)`. Default: independent losses. */
  readonly meanBurst?: number | undefined;
}

/** Repeats of messages that were not lost. */
export interface LinkDuplicates {
  /** Share of the messages that are repeated, 0 to 1. */
  readonly ratio: number;
  /** How often such a message is repeated, 1 to 100. Default 1. */
  readonly copies?: number | undefined;
  /** How long each repeat takes, in ms from when the message was sent: it may overtake the original. Default: as the link's `delay`. */
  readonly delay?: Delay | undefined;
}

/** A time in which everything sent is lost. */
export interface LinkBlackout {
  /** Its start, in ms since subscription, 0 or more. */
  readonly fromMs: number;
  /** Its end, in ms since subscription, itself not included, `fromMs` or more. */
  readonly toMs: number;
}

/** What goes wrong on a {@link lossyLink}. */
export interface LinkFaults {
  /** Share of the messages lost, 0 to 1, independently; or {@link LinkBurstLoss}. Default 0. */
  readonly loss?: number | LinkBurstLoss | undefined;
  /** Share of the messages repeated once, 0 to 1; or {@link LinkDuplicates}. Default 0. */
  readonly duplicate?: number | LinkDuplicates | undefined;
  /** How long a message takes, in ms; a delay that varies reorders. Default 0: in the same call. */
  readonly delay?: Delay | undefined;
  /** When everything sent is lost. Default: never. */
  readonly blackout?: LinkBlackout | undefined;
  /** Instants at which everything in flight is lost, in ms since subscription. Default: none. */
  readonly resets?: readonly number[] | undefined;
  /** How many of the last messages are lost, 0 to 10_000. To know them, a message waits for as many to be sent after it. Default 0. */
  readonly tail?: number | undefined;
}

/** A message that {@link lossyLink} will not deliver. */
export interface LinkLostEvent<T> {
  /** Tells the events apart. */
  readonly kind: 'lost';
  /** The message itself. */
  readonly message: T;
  /** The fault it fell victim to; `'error'`: it was in flight when the source failed. */
  readonly reason: 'loss' | 'blackout' | 'reset' | 'tail' | 'error';
  /** It is not delivered. */
  readonly passed: false;
}

/** A message that {@link lossyLink} will deliver once more; one event for each repeat. */
export interface LinkCopiedEvent<T> {
  /** Tells the events apart. */
  readonly kind: 'copied';
  /** The message itself. */
  readonly message: T;
}

/** What {@link lossyLink} did to a message. */
export type LinkEvent<T> = LinkLostEvent<T> | LinkCopiedEvent<T>;
