import { randomWord } from './randomWord.js';

/** Below this an integer keeps V8's compact form, so mixed small keys have to stay below it. */
const smallMask = 2 ** 30 - 1;
const two32 = 2 ** 32;

interface RareSecrets {
  /** For bigints, a linear function modulo some number of 64 bits. */
  readonly factor: bigint;
  readonly offset: bigint;
  readonly divisor: bigint;
  /** What makes fractions strings that nobody else has: strings are hashed with a seed. */
  readonly prefix: string;
}

/**
 * Replaces numeric keys one to one by others that only this instance can foresee: `Map` hashes numbers and bigints
 * without a seed, so a sender that picks its keys could make them all collide.
 */
export class KeyMixer {
  /** What an outsider cannot know: for small keys, for large ones, … */
  readonly #small = randomWord();
  readonly #smallTwist = randomWord();
  readonly #large = randomWord();
  readonly #largeTwist = randomWord();
  /** … and for keys that are rare, made for the first of them. */
  #rare: RareSecrets | undefined;

  /** The key to look `key` up by; equal (SameValueZero) exactly for equal keys. */
  mix(key: unknown): unknown {
    if (typeof key === 'number') {
      if ((key & smallMask) === key) return this.#mixSmall(key);
      if (Number.isSafeInteger(key)) return this.#mixLarge(key);
      return Number.isFinite(key) ? (this.#rare ??= rareSecrets()).prefix + String(key) : key;
    }
    return typeof key === 'bigint' ? this.#mixBigint(key) : key;
  }

  #mixSmall(key: number): number {
    let mixed = Math.imul(key ^ this.#small, 0x2c1b3c6d) & smallMask;
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ this.#smallTwist, 0x297a2d39) & smallMask;
    return mixed ^ (mixed >>> 15);
  }

  /** Mixes the low half, again and again until it is no small key. */
  #mixLarge(key: number): number {
    const high = Math.floor(key / two32);
    let low = key - high * two32;
    do {
      let mixed = Math.imul(low ^ this.#large ^ high, 0x2c1b3c6d);
      mixed = Math.imul(mixed ^ (mixed >>> 15) ^ this.#largeTwist, 0x297a2d39);
      low = (mixed ^ (mixed >>> 16)) >>> 0;
    } while (high === 0 && low <= smallMask);
    return high * two32 + low;
  }

  /** Appends a hash as the lowest 64 bits, the only ones that `Map` hashes. */
  #mixBigint(key: bigint): bigint {
    const { factor, offset, divisor } = (this.#rare ??= rareSecrets());
    const hash = (key * factor + offset) % divisor;
    return (key << 64n) | BigInt.asUintN(64, hash);
  }
}

function rareSecrets(): RareSecrets {
  const [factor, offset, divisor] = [randomBigint(), randomBigint(), randomBigint()];
  return { factor, offset, divisor, prefix: `number ${String(factor)} ` };
}

/** An odd number of 64 bits, the highest of them set. */
function randomBigint(): bigint {
  return (BigInt((randomWord() | 0x80000000) >>> 0) << 32n) | BigInt(randomWord()) | 1n;
}
