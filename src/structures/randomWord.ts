declare const crypto: { getRandomValues(array: Uint32Array): Uint32Array };

/** Random words drawn ahead: to ask for one takes a microsecond, to ask for many hardly longer. */
let drawn: Iterator<number, undefined> | undefined;

/** 32 bits that nobody can foresee: from 0 to 2^32-1. */
export function randomWord(): number {
  const next = drawn?.next().value;
  if (next !== undefined) return next;
  drawn = crypto.getRandomValues(new Uint32Array(256)).values();
  return randomWord();
}
