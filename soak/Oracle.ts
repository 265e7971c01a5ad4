import type { VirtualClock } from 'rxjs-reliable/testing';

/** What is sent over the link. */
export interface Message {
  /** Counts from 0 on. */
  readonly seq: number;
  readonly sentMs: number;
}

/** What an oracle lives on. */
export interface Surroundings {
  readonly clock: VirtualClock;
  /** Tells of a violation; the first one ends the run. */
  readonly complain: (problem: string) => void;
}

/** Checks one operator message by message; what it remembers has a bound, however long the run. */
export abstract class Oracle<E, R = Message> {
  /** The message that is being handled. */
  protected current: Message | undefined;
  /** How often it was emitted, or dropped with an event. */
  protected outcomes = 0;

  constructor(protected readonly around: Surroundings) {}

  protected get nowMs(): number {
    return this.around.clock.now();
  }

  /** `message` is about to reach the operator. */
  before(message: Message): void {
    this.current = message;
    this.outcomes = 0;
  }

  /** The operator has handled `message`. */
  after(message: Message): void {
    this.expect(this.outcomes === 1, () => `${nameOf(message)} had ${this.outcomes} outcomes`);
    this.current = undefined;
  }

  /** The operator is about to hear that its source has completed. */
  completing(): void {
    // Most operators have nothing to do then.
  }

  /** The operator emitted `result`. */
  abstract emitted(result: R): void;
  /** The operator reported `event`. */
  abstract heard(event: E): void;
  /** The operator has completed. Returns what it has to say about the run. */
  abstract finish(sent: number): string;

  protected expect(isTrue: boolean, problem: () => string): void {
    if (!isTrue) this.around.complain(`at ${this.nowMs} ms: ${problem()}`);
  }

  /** `message` is the one being handled, and this is its only outcome. */
  protected settle(message: Message | undefined, outcome: string): void {
    this.outcomes += 1;
    this.expect(
      message !== undefined && message === this.current,
      () => `${nameOf(message)} was ${outcome} while ${nameOf(this.current)} was handled`,
    );
  }
}

/** For reports. */
export function nameOf(message: Message | undefined): string {
  return message === undefined ? 'no message' : `message ${message.seq}`;
}
