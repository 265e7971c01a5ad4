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
  ])('writes %j as TextEncoder does', (text) => {
    expect(written(new Utf8Buffer(), text)).toEqual([...new TextEncoder().encode(text)]);
  });

  it.each(['\ud83d', '\ude00', 'a\ud83db', '\ude00\ud83d'])(
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
});
