import type { OptionReader } from './options.js';
import type { SequenceNumber, SequenceOf, SequenceOptions } from './types.js';

/** {@link SequenceOptions} with its defaults filled in, without what concerns keys. */
export interface SequenceSettings<T> {
  readonly sequenceOf: SequenceOf<T>;
  readonly epochOf: ((message: T) => unknown) | undefined;
  readonly previousOf: ((message: T) => SequenceNumber | undefined) | undefined;
  readonly first: SequenceNumber | undefined;
  readonly modulus: SequenceNumber | undefined;
  readonly maxJump: number;
  readonly maxMisorder: number;
  readonly restartAfter: number;
}

/** Checks the options that say how messages are numbered. */
export function readSequenceOptions<T, K>(
  reader: OptionReader,
  sequenceOf: SequenceOf<T>,
  options: SequenceOptions<T, K>,
  maxMisorder: number = reader.count('maxMisorder', 1_024, 0, Number.MAX_SAFE_INTEGER),
): SequenceSettings<T> {
  reader.callback('epochOf');
  reader.callback('previousOf');
  const first = reader.sequence('first', 0);
  const modulus = reader.sequence('modulus', 3);
  if (first !== undefined && modulus !== undefined && first >= modulus) {
    reader.refuse('first', 'below `modulus`');
  }
  return {
    sequenceOf,
    epochOf: options.epochOf,
    previousOf: options.previousOf,
    first,
    modulus,
    maxJump: reader.count('maxJump', 65_536, 1, Number.MAX_SAFE_INTEGER),
    maxMisorder,
    restartAfter: reader.count('restartAfter', 5, 1, 1_024),
  };
}
