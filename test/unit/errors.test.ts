import { describe, expect, it } from 'vitest';
import {
  BufferOverflowError,
  GapUnrecoveredError,
  LateMessageError,
  OptionError,
  StreamError,
} from '../../src/errors.js';

const errors: [error: StreamError, name: string, code: string, message: string, fields: object][] =
  [
    [
      new OptionError('reorderBy', 'maxBuffer', -1, 'an integer'),
      'OptionError',
      'RELIABLE_OPTION',
      'reorderBy: option `maxBuffer` must be an integer, got -1',
      { operator: 'reorderBy', option: 'maxBuffer', received: -1 },
    ],
    [
      new BufferOverflowError('reorderBy', 16),
      'BufferOverflowError',
      'RELIABLE_BUFFER_OVERFLOW',
      'reorderBy: more than 16 messages to hold',
      { operator: 'reorderBy', limit: 16 },
    ],
    [
      new LateMessageError('reorderBy', 3n),
      'LateMessageError',
      'RELIABLE_LATE_MESSAGE',
      'reorderBy: message is 3 behind what was already released',
      { operator: 'reorderBy', behind: 3n },
    ],
    [
      new GapUnrecoveredError('sequenceGaps', 5, 9n),
      'GapUnrecoveredError',
      'RELIABLE_GAP_UNRECOVERED',
      'sequenceGaps: 5 to 9 stayed missing',
      { operator: 'sequenceGaps', first: 5, last: 9n },
    ],
  ];

describe.each(errors)('%s', (error, name, code, message, fields) => {
  it('is an Error with a name, a code, a message and what it is about', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(StreamError);
    expect([error.name, error.code, error.message]).toEqual([name, code, message]);
    expect(error).toMatchObject(fields);
    expect(String(error)).toBe(`${name}: ${message}`);
    expect(error.stack).toContain('errors.test.ts');
  });

  it('is a StreamError', () => {
    expect(StreamError.is(error)).toBe(true);
  });

  it('keeps its brand to itself', () => {
    const keys = Object.keys(error);
    expect(keys.sort()).toEqual([...Object.keys(fields), 'code', 'name'].sort());
  });
});

describe('StreamError.is', () => {
  it('knows an error of another copy of the package', () => {
    const foreign = Object.assign(new Error('from afar'), {
      [Symbol.for('rxjs-reliable/StreamError')]: true,
    });
    expect(foreign).not.toBeInstanceOf(StreamError);
    expect(StreamError.is(foreign)).toBe(true);
  });

  it.each([undefined, null, 0, 'OptionError', {}, { code: 'RELIABLE_OPTION' }, new Error('plain')])(
    'does not know %s',
    (value) => {
      expect(StreamError.is(value)).toBe(false);
    },
  );
});

describe('OptionError', () => {
  it.each<[value: unknown, text: string]>([
    ['text "quoted"', '"text \\"quoted\\""'],
    ['', '""'],
    [5n, '5n'],
    [-0, '0'],
    [NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [false, 'false'],
    [() => 0, 'a function'],
    [Map, 'a function'],
    [Symbol('odd'), 'Symbol(odd)'],
    [[1, 2], '1,2'],
    [{}, '[object Object]'],
  ])('shows the value: %s', (value, text) => {
    const error = new OptionError('op', 'x', value, 'good');
    expect(error.message).toBe(`op: option \`x\` must be good, got ${text}`);
    expect(error.received).toBe(value);
  });

  it('shows something for a value that cannot be made a string', () => {
    const bare: unknown = Object.create(null);
    expect(new OptionError('op', 'x', bare, 'good').received).toBe(bare);
  });
});
