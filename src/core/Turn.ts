/** A result that waits for its turn. */
export interface HeldResult {
  readonly value: unknown;
  readonly shard: number;
}

/** The place of one message in the order its results leave in. */
export class Turn {
  /** Its results that have to wait. */
  held: HeldResult[] = [];
  /** Nothing more will come of the message. */
  isOver = false;
  /** It is in the line. */
  isInLine = false;
  /** It was passed over for want of room. */
  isGivenUp = false;
  /** Neighbours in the line. */
  before: Turn | undefined = undefined;
  after: Turn | undefined = undefined;

  constructor(readonly ticket: number) {}
}
