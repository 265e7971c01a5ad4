import { expect } from 'vitest';
import type { EndReason, Machine, Now } from '../../src/core/Machine.js';
import type { SequenceSettings } from '../../src/sequenceOptions.js';
import type { SequenceNumber } from '../../src/types.js';

/** A message of the core tests. */
export interface Packet {
  readonly seq: SequenceNumber | readonly [first: SequenceNumber, last: SequenceNumber];
  readonly epoch?: unknown;
  readonly previous?: SequenceNumber | undefined;
  readonly name?: string;
}

/** Settings `S` with those of the sequence beside the others. */
export type Flat<S, T> = Omit<S, 'sequence'> & SequenceSettings<T>;

/** The documented defaults of {@link SequenceSettings}. */
const defaults = {
  epochOf: undefined,
  previousOf: undefined,
  first: undefined,
  modulus: undefined,
  maxJump: 65_536,
  maxMisorder: 1_024,
  restartAfter: 5,
} as const;

/** {@link SequenceSettings} for messages that are their own number. */
export const plainSequence: SequenceSettings<SequenceNumber> = {
  ...defaults,
  sequenceOf: (message) => message,
};

/** The same for packets. */
export const packetSequence: SequenceSettings<Packet> = {
  ...defaults,
  sequenceOf: ({ seq }) => seq,
};

/** The same for objects with a number. */
export const objectSequence: SequenceSettings<{ readonly n: number }> = {
  ...defaults,
  sequenceOf: ({ n }) => n,
};

/** Feeds a core machine by hand as an operator does: what is due is settled before each entry. */
export class Feed<T> {
  nowMs = 0;
  /** How often the machine asked for the time. */
  reads = 0;

  constructor(readonly machine: Machine<T>) {}

  readonly now: Now = () => {
    this.reads += 1;
    return this.nowMs;
  };

  /** Moves the clock and settles what is due. */
  at(nowMs: number): this {
    this.nowMs = nowMs;
    if (this.machine.deadlineMs <= nowMs) this.machine.settle(nowMs);
    return this;
  }

  push(...messages: readonly T[]): this {
    for (const message of messages) {
      const { deadlineMs } = this.machine;
      // Whoever drives a machine does not look at its deadline again after a message that left no trace.
      if (this.machine.push(message, this.now)) expect(this.machine.deadlineMs).toBe(deadlineMs);
    }
    return this;
  }

  end(reason: EndReason = 'completed'): this {
    this.machine.end(reason);
    return this;
  }
}
