const multiplier = 0x5bd1e995;

/** The seed of Kafka's partitioner. */
const kafkaSeed = 0x9747b28c;

/**
 * MurmurHash2 of the first `length` bytes, a signed 32-bit integer, as Kafka computes it.
 * @param seed - mixed into Kafka's; 0 leaves that as it is.
 */
export function murmur2(bytes: Uint8Array, length: number, seed: number): number {
  const byteAt = (index: number): number => bytes[index] ?? 0;
  let hash = kafkaSeed ^ seed ^ length;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    hash = withWord(
      hash,
      byteAt(index) |
        (byteAt(index + 1) << 8) |
        (byteAt(index + 2) << 16) |
        (byteAt(index + 3) << 24),
    );
  }
  let rest = 0;
  for (let place = length - 1; place >= index; place -= 1) rest = (rest << 8) | byteAt(place);
  return finished(hash, rest, length - index);
}

/** The same for the bytes of a text of ASCII, without making them; `undefined` if it is of more than that. */
export function murmur2OfAscii(text: string, seed: number): number | undefined {
  const { length } = text;
  /** All bits of all characters. */
  let seen = 0;
  let hash = kafkaSeed ^ seed ^ length;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    const first = text.charCodeAt(index);
    const second = text.charCodeAt(index + 1);
    const third = text.charCodeAt(index + 2);
    const fourth = text.charCodeAt(index + 3);
    seen |= first | second | third | fourth;
    hash = withWord(hash, first | (second << 8) | (third << 16) | (fourth << 24));
  }
  let rest = 0;
  for (let place = length - 1; place >= index; place -= 1) {
    const code = text.charCodeAt(place);
    seen |= code;
    rest = (rest << 8) | code;
  }
  return seen < 0x80 ? finished(hash, rest, length - index) : undefined;
}

/** Mixes in four bytes, the lowest first, whatever the machine's order is. */
function withWord(hash: number, bytes: number): number {
  const word = Math.imul(bytes, multiplier);
  return Math.imul(hash, multiplier) ^ Math.imul(word ^ (word >>> 24), multiplier);
}

/** Mixes in the last bytes, `count` of them, fewer than four. */
function finished(hash: number, rest: number, count: number): number {
  let mixed = count > 0 ? Math.imul(hash ^ rest, multiplier) : hash;
  mixed = Math.imul(mixed ^ (mixed >>> 13), multiplier);
  return mixed ^ (mixed >>> 15);
}
