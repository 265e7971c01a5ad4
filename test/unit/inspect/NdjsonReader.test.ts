import { describe, expect, it } from 'vitest';
import { NdjsonReader } from '../../../src/inspect/NdjsonReader.js';

function read(text: string, chosen: readonly string[], size = 1_000) {
  const names: string[] = [];
  const records: (readonly unknown[])[] = [];
  const broken: (readonly [line: number, problem: string])[] = [];
  const reader = new NdjsonReader({
    choose: (all) => {
      names.push(...all);
      return chosen;
    },
    record: (values, line) => records.push([line, ...values]),
    broken: (line, problem) => broken.push([line, problem]),
  });
  for (let from = 0; from < text.length; from += size) reader.write(text.slice(from, from + size));
  reader.end();
  return { names, records, broken };
}

describe('NdjsonReader', () => {
  it('reads a value a line, wherever the text is cut', () => {
    for (let size = 1; size < 20; size += 1) {
      expect(read('{"a":1,"b":"x"}\r\n\n{"b":"y","a":2}', ['a', 'b'], size)).toEqual({
        names: ['a', 'b'],
        records: [
          [1, 1, 'x'],
          [3, 2, 'y'],
        ],
        broken: [],
      });
    }
  });

  it('reads fields inside others, and arrays by index', () => {
    const { names, records } = read('{"d":{"u":5,"l":[1]},"a.b":6}\n{"d":null}\n', ['d.u', 'a.b']);
    expect(names).toEqual(['d.u', 'd.l', 'a.b']);
    expect(records).toEqual([
      [1, 5, 6],
      [2, undefined, undefined],
    ]);
    expect(read('[7,8]\n', ['1']).records).toEqual([[1, 8]]);
  });

  it('does not take what every object has for a field', () => {
    expect(read('{"a":1}\n', ['constructor', '__proto__']).records).toEqual([
      [1, undefined, undefined],
    ]);
  });

  it('says which line is broken and reads on', () => {
    const { records, broken } = read('{"a":1}\n7\n{"a":\n{"a":2}\n{"a":3', ['a']);
    expect(broken.map(([line]) => line)).toEqual([2, 3, 5]);
    expect(broken[0]?.[1]).toBe('neither an object nor an array');
    expect(broken[2]?.[1]).toContain('truncated');
    expect(records).toEqual([
      [1, 1],
      [4, 2],
    ]);
  });
});
