import type { SequenceNumber } from './types.js';

const brand = /* @__PURE__ */ Symbol.for('rxjs-reliable/StreamError');

/** Base of every error this package makes; `StreamError.is` also knows those of another copy of the package. */
export abstract class StreamError extends Error {
  /** Stable identifier, for programs. */
  abstract readonly code: string;

  /** Makes the error. */
  constructor(message: string) {
    super(message);
    // A computed field would keep bundlers from leaving the class out.
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether `error` is a {@link StreamError}, from whichever copy of the package. */
  static is(error: unknown): error is StreamError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}

/** An option that cannot be used; thrown when the operator is created. */
export class OptionError extends StreamError {
  /** Name of the class. */
  override readonly name = 'OptionError';
  /** Identifies the kind of error. */
  readonly code = 'RELIABLE_OPTION';

  /** @param expected - what the option has to be, as in "must be `expected`". */
  constructor(
    /** Name of the operator. */
    readonly operator: string,
    /** Name of the option, or of the argument; dots lead into groups of options. */
    readonly option: string,
    /** What was given for it. */
    readonly received: unknown,
    expected: string,
  ) {
    super(`${operator}: option \`${option}\` must be ${expected}, got ${describe(received)}`);
  }
}

/** More messages to hold than the bound allows, under `overflowPolicy: 'error'`. */
export class BufferOverflowError extends StreamError {
  /** Name of the class. */
  override readonly name = 'BufferOverflowError';
  /** Identifies the kind of error. */
  readonly code = 'RELIABLE_BUFFER_OVERFLOW';

  /** Makes the error. */
  constructor(
    /** Name of the operator. */
    readonly operator: string,
    /** How many it may hold. */
    readonly limit: number,
  ) {
    super(`${operator}: more than ${String(limit)} messages to hold`);
  }
}

/** A message behind what was already released, under `latePolicy: 'error'`. */
export class LateMessageError extends StreamError {
  /** Name of the class. */
  override readonly name = 'LateMessageError';
  /** Identifies the kind of error. */
  readonly code = 'RELIABLE_LATE_MESSAGE';

  /** Makes the error. */
  constructor(
    /** Name of the operator. */
    readonly operator: string,
    /** How far behind: numbers or ms. */
    readonly behind: SequenceNumber,
  ) {
    super(`${operator}: message is ${String(behind)} behind what was already released`);
  }
}

/** Numbers that stayed missing, under `lostPolicy: 'error'`. */
export class GapUnrecoveredError extends StreamError {
  /** Name of the class. */
  override readonly name = 'GapUnrecoveredError';
  /** Identifies the kind of error. */
  readonly code = 'RELIABLE_GAP_UNRECOVERED';

  /** Makes the error. */
  constructor(
    /** Name of the operator. */
    readonly operator: string,
    /** Lowest missing number. */
    readonly first: SequenceNumber,
    /** Highest missing number. */
    readonly last: SequenceNumber,
  ) {
    super(`${operator}: ${String(first)} to ${String(last)} stayed missing`);
  }
}

/** A guarantee that was broken, under `breachPolicy: 'error'`. */
export class SlaBreachError extends StreamError {
  /** Name of the class. */
  override readonly name = 'SlaBreachError';
  /** Identifies the kind of error. */
  readonly code = 'RELIABLE_SLA_BREACH';

  /** Makes the error. */
  constructor(
    /** Name of the operator. */
    readonly operator: string,
    /** Which guarantee. */
    readonly limit: string,
    /** The instant up to which it could be kept. */
    readonly deadlineMs: number,
    /** Time since what the limit counts from. */
    readonly elapsedMs: number,
  ) {
    super(`${operator}: ${limit} limit broken after ${String(elapsedMs)} ms`);
  }
}

/** The pipeline of a shard failed, under `onShardError: 'fail'`. */
export class ShardError extends StreamError {
  /** Name of the class. */
  override readonly name = 'ShardError';
  /** Identifies the kind of error. */
  readonly code = 'RELIABLE_SHARD';

  /** Makes the error. */
  constructor(
    /** Name of the operator. */
    readonly operator: string,
    /** Index of the shard. */
    readonly shard: number,
    /** What its pipeline failed with. */
    override readonly cause: unknown,
  ) {
    super(`${operator}: shard ${String(shard)} failed: ${describe(cause)}`);
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value === 'function') return 'a function';
  try {
    return String(value);
  } catch {
    // It has no string form, or one that throws.
    return `a value of type ${typeof value}`;
  }
}
