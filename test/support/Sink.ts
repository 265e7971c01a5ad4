import type { Emitter } from '../../src/core/Machine.js';

/** Collects what a core class emits and reports, in one list so that their order shows; closes after `limit` messages. */
export class Sink<T, E = unknown> implements Emitter<T> {
  readonly messages: T[] = [];
  readonly events: E[] = [];
  /** Messages and events as they came. */
  readonly log: (T | E)[] = [];
  /** Set to close the output. */
  isShut = false;

  constructor(private readonly limit = Infinity) {}

  get closed(): boolean {
    return this.isShut || this.messages.length >= this.limit;
  }

  next(message: T): void {
    this.messages.push(message);
    this.log.push(message);
  }

  readonly report = (event: E): void => {
    this.events.push(event);
    this.log.push(event);
  };

  /** Takes the events out. */
  drainEvents(): E[] {
    return this.events.splice(0);
  }

  /** Takes the messages out. */
  drainMessages(): T[] {
    return this.messages.splice(0);
  }
}
