const multiplier = 0x5bd1e995;

/** The seed of Kafka's partitioner. */
const kafkaSeed = 0x9747b28c;

/**
 * MurmurHash2 of the first `length` bytes, a signed 32-bit integer, as Kafka computes it.
 * @param seed - mixed into Kafka's; 0 leaves that as it is.
 */
export function murmur2(bytes: Uint8Array, length: number, seed: number): number {
  let hash = kafkaSeed ^ seed ^ length;
  const wholeWords = length & ~3;
  for (let index = 0; index < wholeWords; index += 4) {
    let word = Math.imul(wordAt(bytes, index), multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  const rest = length - wholeWords;
  if (rest > 0) {
    if (rest === 3) hash ^= byteAt(bytes, wholeWords + 2) << 16;
    if (rest >= 2) hash ^= byteAt(bytes, wholeWords + 1) << 8;
    hash = Math.imul(hash ^ byteAt(bytes, wholeWords), multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

/** Four bytes, the lowest first, whatever the machine's order is. */
function wordAt(bytes: Uint8Array, index: number): number {
  return (
    byteAt(bytes, index) |
    (byteAt(bytes, index + 1) << 8) |
    (byteAt(bytes, index + 2) << 16) |
    (byteAt(bytes, index + 3) << 24)
  );
}
