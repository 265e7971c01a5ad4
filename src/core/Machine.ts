/** The time of the entry being handled, read at most once, and only by those who need it. */
export type Now = () => number;

/** Where a machine's output goes. */
export interface Emitter<T> {
  /** Nobody listens any more: a loop that emits looks at this on every turn. */
  readonly closed: boolean;
  next(message: T): void;
}

/** Takes an event; absent where nobody listens to events. */
export type Report<E> = ((event: E) => void) | undefined;

/** Why a machine is told to let go of what it holds. */
export type EndReason = 'completed' | 'evicted';

/** A pure state machine over one sequence of messages: no rxjs, no clock, no timer. */
export interface Machine<T> {
  /** When it next wants to be settled; `Infinity` for never. */
  readonly deadlineMs: number;
  /** Does what is due at or before `nowMs`. Afterwards `deadlineMs` is later, unless the output closed. */
  settle(nowMs: number): void;
  /**
   * Handles a message; everything due by now is settled already. Returns whether that left no trace: no deadline moved,
   * and nothing is owed at the end of the entry. False is always right, only slower.
   */
  push(message: T, now: Now): boolean;
  /** Lets go of everything in good order: nothing more will come. */
  end(reason: EndReason): void;
  /** Gives account of everything held: the stream failed and it will not be emitted. */
  discard(): void;
}
