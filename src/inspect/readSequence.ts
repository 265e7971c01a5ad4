import type { SequenceNumber } from '../types.js';

/** Longer runs of digits may not be safe integers. */
const safeDigits = 15;

/** Reads a sequence number off a field; undefined if it is none. Without `asBigint` it may be beyond 2^53: a bigint. */
export function readSequence(value: unknown, asBigint: boolean): SequenceNumber | undefined {
  if (typeof value === 'string') return readText(value, asBigint);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return undefined;
  return asBigint ? BigInt(value) : value;
}

function readText(text: string, asBigint: boolean): SequenceNumber | undefined {
  const { length } = text;
  if (length > 0 && length <= safeDigits && !asBigint) {
    let value = 0;
    let index = 0;
    for (; index < length; index += 1) {
      const digit = text.charCodeAt(index) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (index === length) return value;
  }
  return readUnusual(text.trim(), asBigint);
}

/** Blanks around it, a fraction of zeros (what pandas makes of integers beside empty cells), or many digits. */
function readUnusual(text: string, asBigint: boolean): SequenceNumber | undefined {
  const digits = /^\+?(\d{1,100})(?:\.0*)?$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  return asBigint || !Number.isSafeInteger(value) ? BigInt(digits) : value;
}
