import type { Now } from './Machine.js';
import type { Parcel } from './Parcel.js';
import type { Turn } from './Turn.js';

/** Decides when results leave. */
export interface ResultOrder<R> {
  /** When it next wants to be settled; `Infinity` for never. */
  readonly deadlineMs: number;
  settle(nowMs: number): void;
  /** Nobody is in line before a message that comes now: answered at once, it needs no place there. */
  readonly isClear: boolean;
  /** A shard is merged from now on. */
  open(shard: number, now: Now): void;
  /** A message has entered `shard`. */
  accepted?(parcel: Parcel<unknown>): void;
  /** A result of the message whose turn it is; of none if it is `undefined`. */
  result(value: R, shard: number, turn: Turn | undefined, now: Now): void;
  /** Nothing more will come of a message. */
  finish?(turn: Turn): void;
  /** The pipeline failed on the message, which is not tried again. */
  failed?(turn: Turn): void;
  /** The message will be worked on again, from the start. */
  restart?(turn: Turn): void;
  /** Nothing more will come of a shard. */
  close(shard: number, now: Now): void;
  /** Gives account of what is held: an error ended the stream. */
  discard(): void;
}
