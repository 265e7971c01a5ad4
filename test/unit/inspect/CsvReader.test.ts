import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader } from '../../../src/inspect/CsvReader.js';

interface Read {
  readonly names: readonly string[];
  readonly records: (readonly [line: number, ...values: readonly unknown[]])[];
  readonly broken: (readonly [line: number, problem: string])[];
}

/** Reads `text` in pieces of `size` characters. */
function read(text: string, { size = 1_000, delimiter = ',', chosen = [] as string[] } = {}): Read {
  const result = { names: [] as readonly string[], records: [], broken: [] } as Read & {
    names: readonly string[];
  };
  const reader = new CsvReader(delimiter, {
    choose: (names) => {
      result.names = names;
      return chosen.length > 0 ? chosen : names;
    },
    record: (values, line) => result.records.push([line, ...values]),
    broken: (line, problem) => result.broken.push([line, problem]),
  });
  for (let from = 0; from < text.length; from += size) reader.write(text.slice(from, from + size));
  reader.end();
  return result;
}

describe('CsvReader', () => {
  it('reads a header and records, wherever the text is cut', () => {
    for (let size = 1; size < 20; size += 1) {
      expect(read('a,b\n1,2\n\n3,4\n', { size })).toEqual({
        names: ['a', 'b'],
        records: [
          [2, '1', '2'],
          [4, '3', '4'],
        ],
        broken: [],
      });
    }
  });

  it('hands over the chosen columns in the order chosen', () => {
    expect(read('a,b,c\n1,2,3\n', { chosen: ['c', 'a'] }).records).toEqual([[2, '3', '1']]);
  });

  it('takes CRLF, a last line without an end, blanks around names, other delimiters', () => {
    expect(read('a , b\r\n1,2\r\n3,4').records).toEqual([
      [2, '1', '2'],
      [3, '3', '4'],
    ]);
    expect(read('a;b\n1;2\n', { delimiter: ';' })).toMatchObject({
      names: ['a', 'b'],
      records: [[2, '1', '2']],
    });
  });

  it('takes quotes, with delimiters, quotes and line ends inside, and counts lines through them', () => {
    const text = 'a,"b"\r\n1,"x,""y"""\r\n"2\r\n2","\n\n"\r\n3,plain\r\n"4",end\r\n';
    for (let size = 1; size < text.length; size += 1) {
      expect(read(text, { size })).toEqual({
        names: ['a', 'b'],
        records: [
          [2, '1', 'x,"y"'],
          [3, '2\r\n2', '\n\n'],
          [7, '3', 'plain'],
          [8, '4', 'end'],
        ],
        broken: [],
      });
    }
  });

  it('says which line has fewer or more fields, quoted or not', () => {
    expect(read('a,b\n1,2\n3\n4,5,6\n').broken).toEqual([
      [3, '1 fields where the header 2: is the line truncated?'],
      [4, '3 fields where the header 2'],
    ]);
    expect(read('a,b\n"1",2\n"3"\n4,5\n')).toMatchObject({
      broken: [[3, '1 fields where the header 2: is the line truncated?']],
      records: [
        [2, '1', '2'],
        [4, '4', '5'],
      ],
    });
  });

  it('reads on after a quote that does not belong', () => {
    const { records, broken } = read('a,b\n1,2\n5" pipe,3\n4,5\n"6,7\n8,9\n');
    expect(broken.map(([line]) => line)).toEqual([3, 5]);
    expect(broken[0]?.[1]).toMatch(/quote/i);
    expect(records).toEqual([
      [2, '1', '2'],
      [4, '4', '5'],
      [6, '8', '9'],
    ]);
  });

  it('gives up waiting for the end of a quote', () => {
    const line = `${'x'.repeat(2 ** 18)}\n`;
    const { broken, records } = read(`a\n"${line.repeat(20)}1\n`, { size: 2 ** 18 });
    expect(broken).toMatchObject([[2, expect.stringMatching(/quote/i)]]);
    expect(records).toHaveLength(20);
  });

  it('agrees with csv-parse whatever the fields', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '7', ',', '"', '\n', '\r\n', ' ', 'é') });
    const quote = (text: string, always: boolean): string =>
      always || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(field, field, fc.boolean()), { minLength: 1 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('\n', '\r\n'),
        (rows, size, newline) => {
          const lines = rows.map(([a, b, always]) => `${quote(a, always)},${quote(b, always)}`);
          const text = ['a,b', ...lines].join(newline);
          const expected = parse(text, { from: 2, record_delimiter: ['\r\n', '\n'] });
          const { records, broken } = read(text, { size });
          expect(broken).toEqual([]);
          expect(records.map(([, ...values]) => values)).toEqual(expected);
        },
      ),
    );
  });
});
