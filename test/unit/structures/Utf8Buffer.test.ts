import { describe, expect, it } from 'vitest';
import { Utf8Buffer } from '../../../src/structures/Utf8Buffer.js';

function written(buffer: Utf8Buffer, text: string): number[] {
  buffer.write(text);
  return [...buffer.bytes.subarray(0, buffer.length)];
}

describe('Utf8Buffer', () => {
  it.each([
    '',
    'a',
    'abc',
    'é',
    'ß',
    '€',
    '漢字',
    '😀',
    'a😀b',
    '\u0000',
    '\u007f\u0080\u07ff\u0800\uffff',
    '\ud7ff\ue000\uffffa',
  ])('writes %j as TextEncoder does', (text) => {
    expect(written(new Utf8Buffer(), text)).toEqual([...new TextEncoder().encode(text)]);
  });

  it.each(['\ud83d', '\ude00', 'a\ud83db', '\ude00\ud83d', '\ud800', '\udfff'])(
    'writes half a surrogate pair in %j as a question mark, as Java does',
    (text) => {
      const expected = Array.from(text, (part) =>
        part.length === 1 && part > '\ud7ff' ? '?' : part,
      );
      expect(written(new Utf8Buffer(), text)).toEqual([
        ...new TextEncoder().encode(expected.join('')),
      ]);
    },
  );

  it('grows for a long text and is right for a short one afterwards', () => {
    const buffer = new Utf8Buffer();
    expect(written(buffer, '漢'.repeat(1_000))).toHaveLength(3_000);
    expect(written(buffer, 'a')).toEqual([97]);
  });

  it('does not keep the room of a huge text', () => {
    const buffer = new Utf8Buffer();
    buffer.write('a'.repeat(1_000_000));
    expect(buffer.length).toBe(1_000_000);
    buffer.write('a');
    expect(buffer.bytes.length).toBeLessThanOrEqual(2 ** 16);
  });

  it('uses the same room again as long as a text may fit in', () => {
    const buffer = new Utf8Buffer();
    const roomFor = (length: number): Uint8Array => {
      buffer.write('a'.repeat(length));
      return buffer.bytes;
    };
    const first = roomFor(1);
    expect(roomFor(85)).toBe(first);
    const second = roomFor(200);
    expect(second).not.toBe(first);
    expect(roomFor(200)).toBe(second);
    expect(roomFor(1)).toBe(second);
  });

  it('grows to twice its size at least, up to 64 KiB', () => {
    const buffer = new Utf8Buffer();
    buffer.write('a'.repeat(86));
    expect(buffer.bytes.length).toBe(512);
    buffer.write('a'.repeat(13_333));
    buffer.write('a'.repeat(13_334));
    expect(buffer.bytes.length).toBe(2 ** 16);
    const kept = buffer.bytes;
    buffer.write('a');
    expect(buffer.bytes).toBe(kept);
  });

  it('keeps the room of a huge text for the next one that is huge', () => {
    const buffer = new Utf8Buffer();
    buffer.write('a'.repeat(100_000));
    const huge = buffer.bytes;
    buffer.write('b'.repeat(50_000));
    expect(buffer.bytes).toBe(huge);
    buffer.write('c');
    expect(buffer.bytes.length).toBe(256);
    expect([...buffer.bytes.subarray(0, buffer.length)]).toEqual([99]);
  });
});
