/** What almost every turn holds: one list for all of them. */
const none: readonly unknown[] = [];

/** The place of one message in the order its results leave in. */
export class Turn {
  /** Its results that have to wait. */
  held: readonly unknown[] = none;
  /** The shard that they came from. */
  shard = -1;
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

  hold(value: unknown, shard: number): void {
    this.shard = shard;
    if (this.held === none) this.held = [value];
    else (this.held as unknown[]).push(value);
  }

  /** Gives away what it holds. */
  release(): readonly unknown[] {
    const { held } = this;
    this.held = none;
    return held;
  }
}
