import type { Delay } from './Delay.js';

/** Losses that come in bursts (a Gilbert-Elliott channel). */
export interface LinkBurstLoss {
  /** Share of the messages lost in the long run, 0 to 1. */
  readonly ratio: number;
  /**
   * Mean length of bad times in messages: if all are lost in them, mean number lost in a row. At least 1, and at least
   * `ratio / (1 - ratio)`. Default: independent losses.
   */
  readonly meanBurst?: number | undefined;
  /** Share lost in good times, 0 to `ratio`. Default 0. */
  readonly goodRatio?: number | undefined;
  /** Share lost in bad times, `ratio` to 1. Default 1. */
  readonly badRatio?: number | undefined;
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

/** Messages that jump the queue. */
export interface LinkReorder {
  /** Share of the messages in question that have no delay at all, 0 to 1. */
  readonly ratio: number;
  /** Which messages are in question: every one of this number, 1 to 2^24. Default 1. */
  readonly every?: number | undefined;
}

/** Messages that come long after all others. */
export interface LinkStragglers {
  /** Share of the messages, 0 to 1. */
  readonly ratio: number;
  /** How long they take, in ms, instead of the link's `delay`. */
  readonly delay: Delay;
}

/** Times in which nothing that is sent comes through, but all of it afterwards, in the order of sending. */
export interface LinkClog {
  /** Share of the messages at which one begins, 0 to 1. */
  readonly ratio: number;
  /** How long one lasts, in ms. */
  readonly delay: Delay;
  /** How far apart what was held arrives then, in ms, 0 or more. Default 0: all at one instant. */
  readonly spacingMs?: number | undefined;
}

/** How many messages can be in flight. */
export interface LinkQueue {
  /** So many, copies included, 1 to 2^24. */
  readonly capacity: number;
  /** Which one is lost if there is one more: the newest, or any of them. Default `'newest'`. */
  readonly dropPolicy?: 'newest' | 'random' | undefined;
}

/** What goes wrong on a {@link lossyLink}. */
export interface LinkFaults {
  /** Share of the messages lost, 0 to 1, independently; or {@link LinkBurstLoss}. Default 0. */
  readonly loss?: number | LinkBurstLoss | undefined;
  /** Share of the messages repeated once, 0 to 1; or {@link LinkDuplicates}. Default 0. */
  readonly duplicate?: number | LinkDuplicates | undefined;
  /** How long a message takes, in ms; a delay that varies reorders. Default 0: in the same call. */
  readonly delay?: Delay | undefined;
  /** How much each delay is like the one before it, 0 to 1, 1 not included; their distribution stays. Default 0. */
  readonly delayCorrelation?: number | undefined;
  /** Share of the messages that have no delay and so overtake others, 0 to 1; or {@link LinkReorder}. Default 0. */
  readonly reorder?: number | LinkReorder | undefined;
  /** Messages that come long after all others. Default: none. */
  readonly stragglers?: LinkStragglers | undefined;
  /** Times in which everything waits. Default: none. */
  readonly clog?: LinkClog | undefined;
  /** How many messages can be in flight; or {@link LinkQueue}. Default: any number. */
  readonly queue?: number | LinkQueue | undefined;
  /** Which messages are lost whatever happens, by their place: 0 is the first. Default: none. */
  readonly drop?: readonly number[] | undefined;
  /** When everything sent is lost. Default: never. */
  readonly blackout?: LinkBlackout | undefined;
  /** Instants at which everything in flight is lost, in ms since subscription. Default: none. */
  readonly resets?: readonly number[] | undefined;
  /** How many of the last messages are lost, 0 to 10_000. To know them, a message waits for as many to be sent after it. Default 0. */
  readonly tail?: number | undefined;
  /** When all trouble ends, delays too, in ms since subscription, 0 or more; what is in flight arrives as it would have. Default: never. */
  readonly healAtMs?: number | undefined;
}

/** A message that {@link lossyLink} will not deliver. */
export interface LinkLostEvent<T> {
  /** Tells the events apart. */
  readonly kind: 'lost';
  /** The message itself. */
  readonly message: T;
  /** The fault it fell victim to; `'error'`: it was in flight when the source failed. */
  readonly reason: 'loss' | 'blackout' | 'reset' | 'tail' | 'drop' | 'queue' | 'error';
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
