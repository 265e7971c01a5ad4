import { describe, expect, it } from 'vitest';
import { chooseColumns } from '../../../src/inspect/chooseColumns.js';
import { readInspectOptions } from '../../../src/inspect/readInspectOptions.js';
import { readSequence } from '../../../src/inspect/readSequence.js';
import { readTime } from '../../../src/inspect/readTime.js';
import { StringPool } from '../../../src/inspect/StringPool.js';

describe('readSequence', () => {
  it.each([
    ['0', 0],
    ['0017', 17],
    ['123456789012345', 123_456_789_012_345],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', 9_007_199_254_740_993n],
    [' 12 ', 12],
    ['96.0', 96],
    [12, 12],
  ])('reads %j', (value, expected) => {
    expect(readSequence(value, false)).toBe(expected);
  });

  it.each(['', ' ', '-1', '1.5', '1e3', '0x10', 'NaN', '12a', -1, 1.5, NaN, 2 ** 53, null, true])(
    'refuses %j',
    (value) => {
      expect(readSequence(value, false)).toBeUndefined();
    },
  );

  it('reads everything as bigint if asked to', () => {
    expect(readSequence('5', true)).toBe(5n);
    expect(readSequence(5, true)).toBe(5n);
    expect(readSequence('18446744073709551615', true)).toBe(18_446_744_073_709_551_615n);
  });
});

describe('readTime', () => {
  it('reads numbers in their unit', () => {
    expect(readTime('12.5', 1)).toBe(12.5);
    expect(readTime('12.5', 1_000)).toBe(12_500);
    expect(readTime(3_000_000, 1e-6)).toBe(3);
    expect(readTime('-5', 1)).toBe(-5);
  });

  it('reads dates', () => {
    expect(readTime('2024-01-02T03:04:05.678Z', 1_000)).toBe(Date.UTC(2024, 0, 2, 3, 4, 5, 678));
    expect(readTime('2024-01-02 03:04:05+00:00', 1)).toBe(Date.UTC(2024, 0, 2, 3, 4, 5));
  });

  it.each(['', ' ', 'soon', 'row 7', 'Infinity', Infinity, null, undefined, {}])(
    'refuses %j',
    (value) => {
      expect(readTime(value, 1)).toBeNaN();
    },
  );
});

describe('chooseColumns', () => {
  const choose = (names: readonly string[], ...args: string[]) =>
    chooseColumns(names, readInspectOptions(['f', ...args]), true);

  it('finds what has a usual name, whatever its case and punctuation', () => {
    expect(choose(['T_ms', 'x', 'Sequence-Number'])).toMatchObject({
      columns: ['Sequence-Number', 'T_ms'],
      seq: 0,
      time: 1,
      key: -1,
    });
  });

  it('reads a column with two roles once', () => {
    const choice = choose(['a', 't'], '--seq', 'a', '--first', 'a', '--no-time');
    expect(choice).toMatchObject({ columns: ['a'], seq: 0, first: 0, time: -1 });
  });

  it('says what is missing, and what there is', () => {
    expect(choose(['a', 'b'])).toMatch(/name it with --seq; the columns are a, b$/);
    expect(choose(['a', 'b'], '--seq', 'c')).toBe('no column "c"; the columns are a, b');
    expect(choose(['a', 'a'], '--seq', 'a')).toBe('two columns are called "a"');
  });
});

describe('StringPool', () => {
  it('returns equal strings, the same for good', () => {
    const pool = new StringPool(2);
    for (const text of [
      'short',
      'a name that is long',
      'Ünï©ode names, too ☃',
      '',
      'a third long name',
    ]) {
      expect(pool.get(text)).toBe(text);
    }
  });
});
