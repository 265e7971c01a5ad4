import { describe, expect, it } from 'vitest';
import { KeyHasher } from '../../../src/core/KeyHasher.js';

const hasher = new KeyHasher(0);

describe('KeyHasher', () => {
  // Computed by an implementation in Python that gives Kafka's own test vectors.
  it.each([
    ['', 1, 9, 25],
    ['a', 0, 4, 60],
    ['b', 0, 8, 52],
    ['ab', 2, 2, 42],
    ['abc', 3, 3, 27],
    ['abcd', 0, 8, 52],
    ['abcde', 1, 1, 29],
    ['key', 1, 1, 41],
    ['user-1', 0, 8, 12],
    ['user-2', 0, 8, 32],
    ['user-3', 3, 11, 27],
    ['BTC-USD', 1, 9, 41],
    ['ETH-USD', 0, 8, 0],
    ['AAPL', 1, 9, 17],
    ['MSFT', 2, 6, 2],
    ['device/42/temp', 2, 2, 22],
    ['é', 3, 3, 7],
    ['ß', 2, 6, 50],
    ['€', 2, 10, 62],
    ['漢字', 1, 1, 41],
    ['😀', 1, 9, 17],
    ['naïve', 1, 9, 17],
    ['Zürich', 1, 1, 49],
    ['日本語', 2, 10, 10],
    ['مرحبا', 1, 9, 1],
    ['привет', 3, 11, 23],
    ['0', 0, 8, 4],
    ['1', 3, 3, 15],
    ['2', 0, 8, 40],
    ['10', 2, 10, 30],
    ['42', 0, 4, 44],
    ['-1', 3, 3, 11],
    ['100', 1, 9, 53],
    ['9007199254740991', 3, 3, 59],
    ['9007199254740992', 2, 2, 62],
    ['1.5', 1, 9, 21],
    ['NaN', 1, 9, 9],
    ['Infinity', 1, 9, 41],
    ['true', 2, 10, 18],
    ['false', 3, 11, 35],
    ['null', 3, 11, 59],
    ['undefined', 0, 8, 24],
    ['__proto__', 0, 0, 60],
    ['constructor', 0, 0, 52],
    [
      'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      0,
      4,
      4,
    ],
    ['/orders/2024/01/01', 1, 9, 5],
    ['a b c', 3, 3, 11],
    ['\n', 0, 8, 12],
    ['\u0000', 0, 8, 60],
    ['00000000-0000-0000-0000-000000000000', 1, 9, 61],
    ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 2, 2, 62],
    ['sensor:1', 2, 2, 34],
    ['sensor:2', 1, 9, 49],
    ['sensor:3', 0, 0, 44],
    ['?', 0, 0, 8],
    ['a?b', 0, 4, 4],
  ] as const)('puts %j into partitions %i of 4, %i of 12 and %i of 64', (key, of4, of12, of64) => {
    const hash = hasher.hash(key);
    expect([hash % 4, hash % 12, hash % 64]).toEqual([of4, of12, of64]);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-1, '-1'],
    [1.5, '1.5'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [2 ** 53, '9007199254740992'],
    [42n, '42'],
    [2n ** 80n, '1208925819614629174706176'],
    [true, 'true'],
    [false, 'false'],
    [null, 'null'],
    [undefined, 'undefined'],
    ['a\ud83db', 'a?b'],
  ] as const)('takes %o for %j', (key, text) => {
    expect(hasher.hash(key)).toBe(hasher.hash(text));
  });

  it('hashes bytes as they are, whatever they are seen through', () => {
    const bytes = new TextEncoder().encode('..foobar..').subarray(2, 8);
    const expected = hasher.hash('foobar');
    expect(hasher.hash(bytes)).toBe(expected);
    expect(hasher.hash(Buffer.from('foobar'))).toBe(expected);
    expect(hasher.hash(bytes.slice().buffer)).toBe(expected);
    expect(hasher.hash(new DataView(bytes.buffer, 2, 6))).toBe(expected);
    expect(hasher.hash(new Uint16Array(bytes.slice().buffer))).toBe(expected);
  });

  it('is never negative', () => {
    expect(hasher.hash('21')).toBe(-973932308 & 0x7fffffff);
  });

  it('remembers nothing of the key before', () => {
    hasher.hash('a very long key indeed');
    expect(hasher.hash('foobar')).toBe(new KeyHasher(0).hash('foobar'));
  });

  it('hashes otherwise with another seed, and the same with the same one', () => {
    const keys = Array.from({ length: 100 }, (_, index) => `key-${String(index)}`);
    const partitions = (seed: number): number[] => {
      const seeded = new KeyHasher(seed);
      return keys.map((key) => seeded.hash(key) % 8);
    };
    expect(partitions(7)).toEqual(partitions(7));
    expect(partitions(7)).not.toEqual(partitions(0));
  });

  it.each([{}, [], () => 1, Symbol('s'), new Date(0)])('refuses a key that is no value', (key) => {
    expect(() => hasher.hash(key)).toThrow(TypeError);
  });

  it('says what a key may be, and what it got', () => {
    expect(() => hasher.hash({})).toThrow(
      'shardBy: a key must be a string, number, bigint, boolean, null, undefined or bytes, got object',
    );
  });
});
