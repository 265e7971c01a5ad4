import { murmur2, murmur2OfAscii } from '../structures/murmur2.js';
import { Utf8Buffer } from '../structures/Utf8Buffer.js';

/** Hashes keys the same way in every process and run. */
export class KeyHasher {
  readonly #text = new Utf8Buffer();

  /** @param seed - other seeds spread the keys differently; 0 as Kafka does. */
  constructor(private readonly seed: number) {}

  /**
   * The key's hash, 0 to 2^31-1. Bytes are hashed as they are, strings as UTF-8, and numbers, bigints, booleans, null
   * and undefined as the string they print as: 1, 1n and '1' are one key, and so are 0 and -0.
   */
  hash(key: unknown): number {
    return this.#murmur(key) & 0x7fffffff;
  }

  #murmur(key: unknown): number {
    if (typeof key === 'string') return this.#hashText(key);
    if (ArrayBuffer.isView(key)) return this.#hashBytes(key.buffer, key.byteOffset, key.byteLength);
    if (key instanceof ArrayBuffer) return this.#hashBytes(key, 0, key.byteLength);
    return this.#hashText(canonical(key));
  }

  #hashText(text: string): number {
    const hash = murmur2OfAscii(text, this.seed);
    if (hash !== undefined) return hash;
    this.#text.write(text);
    return murmur2(this.#text.bytes, this.#text.length, this.seed);
  }

  #hashBytes(buffer: ArrayBufferLike, offset: number, length: number): number {
    return murmur2(new Uint8Array(buffer, offset, length), length, this.seed);
  }
}

function canonical(key: unknown): string {
  switch (typeof key) {
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'undefined':
      return String(key);
    default:
      if (key === null) return 'null';
      throw new TypeError(
        `shardBy: a key must be a string, number, bigint, boolean, null, undefined or bytes, got ${typeof key}`,
      );
  }
}
