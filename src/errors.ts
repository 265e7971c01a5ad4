import type { SequenceNumber } from './types.js';

const brand = Symbol.for('rxjs-reliable/StreamError');

/** Base of every error this package makes; `StreamError.is` also knows those of another copy of the package. */
export abstract class StreamError extends Error {
  /** Stable identifier, for programs. */
  abstract readonly code: string;
  /** @internal */
  readonly [brand] = true;

  /** Whether `error` is a {@link StreamError}, from whichever copy of the package. */
  static is(error: unknown): error is StreamError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}

/** An option that cannot be used; thrown when the operator is created. */
export class OptionError extends StreamError {
  override readonly name = 'OptionError';
  readonly code = 'RELIABLE_OPTION';

  /** @param expected - what the option has to be, as in "must be `expected`". */
  constructor(
    readonly operator: string,
    readonly option: string,
    readonly received: unknown,
    expected: string,
  ) {
    super(`${operator}: option \`${option}\` must be ${expected}, got ${describe(received)}`);
  }
}

/** More messages to hold than the bound allows, under `overflowPolicy: 'error'`. */
export class BufferOverflowError extends StreamError {
  override readonly name = 'BufferOverflowError';
  readonly code = 'RELIABLE_BUFFER_OVERFLOW';

  constructor(
    readonly operator: string,
    readonly limit: number,
  ) {
    super(`${operator}: more than ${String(limit)} messages to hold`);
  }
}

/** A message behind what was already released, under `latePolicy: 'error'`. */
export class LateMessageError extends StreamError {
  override readonly name = 'LateMessageError';
  readonly code = 'RELIABLE_LATE_MESSAGE';

  constructor(
    readonly operator: string,
    readonly behind: SequenceNumber,
  ) {
    super(`${operator}: message is ${String(behind)} behind what was already released`);
  }
}

/** Numbers that stayed missing, under `lostPolicy: 'error'`. */
export class GapUnrecoveredError extends StreamError {
  override readonly name = 'GapUnrecoveredError';
  readonly code = 'RELIABLE_GAP_UNRECOVERED';

  constructor(
    readonly operator: string,
    readonly first: SequenceNumber,
    readonly last: SequenceNumber,
  ) {
    super(`${operator}: ${String(first)} to ${String(last)} stayed missing`);
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${String(value)}n`;
  return typeof value === 'function' ? 'a function' : String(value);
}
