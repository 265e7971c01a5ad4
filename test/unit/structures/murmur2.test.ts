import { describe, expect, it } from 'vitest';
import { murmur2, murmur2OfAscii } from '../../../src/structures/murmur2.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('murmur2', () => {
  // Kafka's UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('gives for %s what Kafka gives', (text, expected) => {
    const bytes = bytesOf(text);
    expect(murmur2(bytes, bytes.length, 0)).toBe(expected);
    expect(murmur2OfAscii(text, 0)).toBe(expected);
  });

  it('reads no further than the length', () => {
    expect(murmur2(bytesOf('foobarbaz'), 6, 0)).toBe(-790332482);
    const bytes = bytesOf('foobarbaz');
    for (let length = 0; length <= bytes.length; length += 1) {
      expect(murmur2(bytes, length, 0)).toBe(murmur2(bytes.slice(0, length), length, 0));
    }
  });

  it('hashes nothing', () => {
    expect(murmur2(new Uint8Array(0), 0, 0)).toBe(275646681);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('depends on each of %i bytes', (length) => {
    const zeros = murmur2(new Uint8Array(length), length, 0);
    for (let index = 0; index < length; index += 1) {
      const bytes = new Uint8Array(length);
      bytes[index] = 0x80;
      expect(murmur2(bytes, length, 0)).not.toBe(zeros);
    }
  });

  it('depends on the seed', () => {
    const bytes = bytesOf('foobar');
    expect(murmur2(bytes, 6, 1)).not.toBe(murmur2(bytes, 6, 0));
    expect(murmur2(bytes, 6, 2 ** 32 - 1)).not.toBe(murmur2(bytes, 6, 1));
  });
});

describe('murmur2OfAscii', () => {
  it('is the hash of the bytes, for texts of any length and any seed', () => {
    const text = '\u0000\u007f key of \t 31 characters ~0~';
    for (let length = 0; length <= text.length; length += 1) {
      const part = text.slice(0, length);
      for (const seed of [0, 1, 2 ** 32 - 1]) {
        expect(murmur2OfAscii(part, seed)).toBe(murmur2(bytesOf(part), length, seed));
      }
    }
  });

  it('does not hash other texts, wherever the other character is', () => {
    for (let length = 1; length <= 9; length += 1) {
      for (let index = 0; index < length; index += 1) {
        for (const other of ['\u0080', '\u0100', '\ud800']) {
          const text = 'x'.repeat(index) + other + 'x'.repeat(length - index - 1);
          expect(murmur2OfAscii(text, 0)).toBeUndefined();
        }
      }
    }
  });
});
