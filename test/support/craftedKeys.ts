/** Keys that V8's `Map`, which hashes numbers and bigints without a seed, all puts into a few chains. */

const two64 = 2n ** 64n;

/** V8's ComputeUnseededHash, which it hashes compact integers with. */
function unseededHash(key: number): number {
  let hash = (~key + (key << 15)) | 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  return (hash ^ (hash >>> 16)) & 0x3fffffff;
}

/** So many integers below 2^30 whose hashes agree in the lowest 12 bits. */
export function craftedIntegers(count: number): number[] {
  const keys: number[] = [];
  for (let key = 0; keys.length < count; key += 1) {
    if ((unseededHash(key) & 0xfff) === 0) keys.push(key);
  }
  return keys;
}

/** So many numbers with a fraction, or beyond 2^53, whose hashes are all 0: V8's ComputeLongHash, backwards. */
export function craftedDoubles(count: number): number[] {
  const bits = new BigUint64Array(1);
  const doubles = new Float64Array(bits.buffer);
  const keys: number[] = [];
  for (let index = 1n; keys.length < count; index += 1n) {
    bits[0] = invertLongHash(((index * 0x9e3779b97f4a7n) << 30n) % two64);
    const key = doubles[0] ?? NaN;
    if (Number.isFinite(key) && !Number.isSafeInteger(key)) keys.push(key);
  }
  return keys;
}

/** So many bigints that agree in the lowest 64 bits, the only ones that are hashed. */
export function craftedBigints(count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => BigInt(index) << 64n);
}

/** The key with this state at the end of ComputeLongHash, whose every step can be undone modulo 2^64. */
function invertLongHash(state: bigint): bigint {
  let hash = unshift(state, 22n);
  hash = (hash * inverse(1n + (1n << 6n))) % two64;
  hash = unshift(hash, 11n);
  hash = (hash * inverse(21n)) % two64;
  hash = unshift(hash, 31n);
  return ((hash + 1n) * inverse((1n << 18n) - 1n)) % two64;
}

/** Undoes `hash ^= hash >> shift`. */
function unshift(hash: bigint, shift: bigint): bigint {
  let original = hash;
  for (let known = 0n; known < 64n; known += shift) original = hash ^ (original >> shift);
  return original;
}

/** The inverse of an odd number modulo 2^64, by Newton's method. */
function inverse(odd: bigint): bigint {
  let guess = odd;
  for (let round = 0; round < 6; round += 1) guess = BigInt.asUintN(64, guess * (2n - odd * guess));
  return guess;
}
