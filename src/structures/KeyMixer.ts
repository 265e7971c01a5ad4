declare const crypto: { getRandomValues(array: Uint32Array): Uint32Array };

/** Below this an integer keeps V8's compact form, so mixed small keys have to stay below it. */
const smallMask = 2 ** 30 - 1;
const two32 = 2 ** 32;

/**
 * Replaces numeric keys one to one by others that only this instance can foresee: `Map` hashes integers and bigints
 * without a seed, so a sender that picks its keys could make them all collide.
 */
export class KeyMixer {
  /** What an outsider cannot know. */
  readonly #secret: Uint32Array = crypto.getRandomValues(new Uint32Array(4));

  /** The key to look `key` up by; equal (SameValueZero) exactly for equal keys. */
  mix(key: unknown): unknown {
    if (typeof key === 'number') {
      if ((key & smallMask) === key) return this.#mixSmall(key + 0);
      return Number.isSafeInteger(key) ? this.#mixLarge(key) : key;
    }
    return typeof key === 'bigint' ? this.#mixBigint(key) : key;
  }

  #mixSmall(key: number): number {
    const [a = 0, b = 0] = this.#secret;
    let mixed = Math.imul(key ^ a, 0x2c1b3c6d) & smallMask;
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ b, 0x297a2d39) & smallMask;
    return mixed ^ (mixed >>> 15);
  }

  /** Mixes the low half, again and again until it is no small key. */
  #mixLarge(key: number): number {
    const [, , c = 0, d = 0] = this.#secret;
    const high = Math.floor(key / two32);
    let low = key - high * two32;
    do {
      let mixed = Math.imul(low ^ c ^ high, 0x2c1b3c6d);
      mixed = Math.imul(mixed ^ (mixed >>> 15) ^ d, 0x297a2d39);
      low = (mixed ^ (mixed >>> 16)) >>> 0;
    } while (high === 0 && low <= smallMask);
    return high * two32 + low;
  }

  /** Appends a remainder by a secret divisor as the lowest 64 bits, the only ones that `Map` hashes. */
  #mixBigint(key: bigint): bigint {
    const [a = 0, b = 0] = this.#secret;
    const divisor = (BigInt(a) << 32n) | BigInt(b) | 1n;
    return (key << 64n) | BigInt.asUintN(64, key % divisor);
  }
}
