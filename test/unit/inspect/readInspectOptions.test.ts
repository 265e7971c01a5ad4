import { describe, expect, it } from 'vitest';
import { readInspectOptions } from '../../../src/inspect/readInspectOptions.js';
import { UsageError } from '../../../src/inspect/UsageError.js';

describe('readInspectOptions', () => {
  it('has defaults', () => {
    expect(readInspectOptions(['feed.csv'])).toMatchObject({
      file: 'feed.csv',
      numbering: { modulus: undefined, maxJump: undefined, maxKeys: 10_000 },
      delimiter: ',',
      msPerUnit: 1,
      waits: [0, 20, 50, 100, 200, 400, 500, 800],
      json: false,
      skipInvalid: false,
    });
  });

  it('understands values', () => {
    expect(
      readInspectOptions([
        ...['-', '--seq=u', '--modulus', '4096', '--waits', '50, 0,50', '--delimiter', '\\t'],
        ...['--time-unit', 's', '--max-jump', '7', '--max-misorder', '0', '--format', 'ndjson'],
      ]),
    ).toMatchObject({
      file: '-',
      fields: { seq: 'u' },
      numbering: { modulus: 4_096, maxJump: 7, maxMisorder: 0 },
      waits: [0, 50],
      delimiter: '\t',
      msPerUnit: 1_000,
      format: 'ndjson',
    });
    expect(readInspectOptions(['-', '--modulus', '18446744073709551616'])).toMatchObject({
      numbering: { modulus: 2n ** 64n },
    });
  });

  it('believes any distance where numbers are sparse', () => {
    const far = Number.MAX_SAFE_INTEGER;
    expect(readInspectOptions(['f', '--previous', 'pu']).numbering).toMatchObject({
      maxJump: far,
      maxMisorder: far,
    });
  });

  it.each([
    [[], /no FILE/],
    [['a', 'b'], /one FILE only, not also b/],
    [['a', '--sequence', 'x'], /--sequence/],
    [['a', '--seq'], /--seq/],
    [['a', '--modulus', '1'], /--modulus: "1" is not an integer from 2/],
    [['a', '--max-keys', '1e3'], /--max-keys/],
    [['a', '--waits', '1,,2'], /--waits/],
    [['a', '--waits', '-1'], /--waits/],
    [['a', '--delimiter', '::'], /--delimiter/],
    [['a', '--format', 'xml'], /--format: "xml" is not one of csv, ndjson/],
    [['a', '--time-unit', 'h'], /--time-unit/],
    [['a', '--no-time', '--time', 't'], /contradict/],
  ])('refuses %j', (args, message) => {
    expect(() => readInspectOptions(args)).toThrow(UsageError);
    expect(() => readInspectOptions(args)).toThrow(message);
  });
});
