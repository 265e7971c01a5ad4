import type { KeyLoad } from './ShardRouter.js';
import type { Turn } from './Turn.js';

/** A message that a shard has accepted and that is not done yet. */
export class Parcel<T> {
  /** A pipeline has it. */
  isHanded = false;
  /** It is done, dropped or given up: no longer its shard's. */
  isOver = false;
  /** Its place in the order of results, where one is kept. */
  turn: Turn | undefined = undefined;
  /** Neighbours in its shard. */
  older: Parcel<T> | undefined = undefined;
  newer: Parcel<T> | undefined = undefined;

  constructor(
    /** Its number among all messages accepted, in the order of the source. */
    public ticket: number,
    public message: T,
    public key: unknown,
    /** The work in flight of its key, where that is counted. */
    public keyLoad: KeyLoad | undefined,
  ) {}
}
