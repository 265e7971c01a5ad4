/** One attempt to get missing numbers from the sender. */
export interface GapRequest {
  readonly first: number;
  readonly last: number;
  readonly attempt: number;
  /** How many open gaps still wait for it; at 0 it is cancelled. */
  pieces: number;
  /** The answer has neither ended nor been cancelled. */
  isLive: boolean;
  /** Stops listening to the answer. */
  cancel: () => void;
}
