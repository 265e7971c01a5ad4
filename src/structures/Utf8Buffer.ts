/** A buffer for longer texts is made for the occasion, so that one of them does not stay for ever. */
const keptBytes = 2 ** 16;

/** Half a surrogate pair becomes what Java makes of it, and so Kafka. */
const questionMark = 0x3f;

/** A text as UTF-8, in a buffer that is used again for the next one. */
export class Utf8Buffer {
  #bytes: Uint8Array = new Uint8Array(256);
  #length = 0;

  /** Holds the text in its first {@link Utf8Buffer.length} bytes, until the next text is written. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  write(text: string): void {
    this.#makeRoom(text.length * 3);
    const bytes = this.#bytes;
    let length = 0;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < 0x80) {
        bytes[length++] = code;
        continue;
      }
      const point = text.codePointAt(index) ?? code;
      if (point > 0xffff) index += 1;
      length = writePoint(bytes, length, point);
    }
    this.#length = length;
  }

  #makeRoom(size: number): void {
    const { length } = this.#bytes;
    const isKept = length <= keptBytes || size > keptBytes;
    if (size > length)
      this.#bytes = new Uint8Array(Math.max(size, Math.min(2 * length, keptBytes)));
    else if (!isKept) this.#bytes = new Uint8Array(Math.max(size, 256));
  }
}

/** Writes a code point that is not ASCII; returns where the next one goes. */
function writePoint(bytes: Uint8Array, at: number, point: number): number {
  let length = at;
  if (point >= 0xd800 && point <= 0xdfff) {
    bytes[length++] = questionMark;
    return length;
  }
  if (point < 0x800) {
    bytes[length++] = 0xc0 | (point >> 6);
  } else {
    if (point > 0xffff) {
      bytes[length++] = 0xf0 | (point >> 18);
      bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
    } else {
      bytes[length++] = 0xe0 | (point >> 12);
    }
    bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
  }
  bytes[length++] = 0x80 | (point & 0x3f);
  return length;
}
