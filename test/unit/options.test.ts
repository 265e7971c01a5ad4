import { asyncScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { OptionError } from '../../src/errors.js';
import { OptionReader } from '../../src/options.js';

/** The error that `read` throws. */
function refusal(read: () => unknown): OptionError {
  try {
    read();
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const reader = (option: unknown, group?: string): OptionReader =>
  new OptionReader('op', { option }, group);

/** Values that are neither numbers nor strings, some of them hard to describe. */
const oddities: [text: string, value: unknown][] = [
  ['null', null],
  ['true', true],
  ['[object Object]', {}],
  ['a function', () => 0],
  ['Symbol(odd)', Symbol('odd')],
  ['', []],
];

/** Every way to read one option, with what it accepts and what it says when it does not. */
const kinds: {
  readonly name: string;
  readonly read: (reader: OptionReader) => unknown;
  readonly accepted: readonly unknown[];
  readonly refused: readonly unknown[];
  readonly fallback: unknown;
  readonly expected: string;
}[] = [
  {
    name: 'count',
    read: (r) => r.count('option', 7, 1, 10),
    accepted: [1, 2, 10],
    refused: [0, 11, -1, 1.5, NaN, Infinity, -Infinity, '5', 5n, 2 ** 53],
    fallback: 7,
    expected: 'an integer from 1 to 10',
  },
  {
    name: 'count up to 2^24',
    read: (r) => r.count('option', 7, 0),
    accepted: [0, 2 ** 24],
    refused: [-1, 2 ** 24 + 1],
    fallback: 7,
    expected: 'an integer from 0 to 16777216',
  },
  {
    name: 'duration',
    read: (r) => r.duration('option', 7),
    accepted: [0, 0.5, 1, 2 ** 31, Infinity],
    refused: [-1, -0.1, NaN, -Infinity, '20', 5n],
    fallback: 7,
    expected: 'a number of milliseconds, 0 or more',
  },
  {
    name: 'number',
    read: (r) => r.number('option', 0.5, 0.25, 0.75, 'a number from a quarter on'),
    accepted: [0.25, 0.3, 0.75],
    refused: [0.24, 0.76, NaN, '0.5', 1n, Infinity],
    fallback: 0.5,
    expected: 'a number from a quarter on',
  },
  {
    name: 'choice',
    read: (r) => r.choice('option', 'one', ['one', 'two']),
    accepted: ['one', 'two'],
    refused: ['three', 'One', '', 1, 'toString'],
    fallback: 'one',
    expected: "one of 'one', 'two'",
  },
  {
    name: 'flag',
    read: (r) => r.flag('option', true),
    accepted: [true, false],
    refused: [0, 1, '', 'true'],
    fallback: true,
    expected: 'true or false',
  },
  {
    name: 'sequence',
    read: (r) => r.sequence('option', 2),
    accepted: [2, 3, 2n, 2n ** 80n, Number.MAX_SAFE_INTEGER],
    refused: [1, 1n, -5n, 2.5, NaN, Infinity, 2 ** 53, '3'],
    fallback: undefined,
    expected: 'a safe integer or bigint, 2 or more',
  },
];

describe('OptionReader', () => {
  describe.each(kinds)('$name', ({ read, accepted, refused, fallback, expected }) => {
    it('takes what it should', () => {
      for (const value of accepted) expect(read(reader(value))).toBe(value);
    });

    it('falls back where the option is left out or undefined', () => {
      expect(read(new OptionReader('op', {}))).toBe(fallback);
      expect(read(reader(undefined))).toBe(fallback);
    });

    it('refuses the rest with operator, option, expectation and value', () => {
      for (const value of refused) {
        const error = refusal(() => read(reader(value)));
        expect(error.message).toMatch(/^op: option `option` must be /);
        expect(error.message).toContain(`must be ${expected}, got `);
        expect(error.message.endsWith(describeValue(value))).toBe(true);
        expect(error).toMatchObject({ operator: 'op', option: 'option', received: value });
      }
    });

    it('refuses what is not even a number or a word', () => {
      for (const [text, value] of oddities) {
        if (accepted.includes(value)) continue;
        expect(refusal(() => read(reader(value))).message.endsWith(`got ${text}`)).toBe(true);
      }
    });

    it('names the group', () => {
      const [value] = refused;
      const error = refusal(() => read(reader(value, 'group')));
      expect(error.message).toMatch(/^op: option `group\.option` must be /);
      expect(error.option).toBe('group.option');
    });
  });

  it('refuses with OptionError what cannot be made a string', () => {
    const hostile = {
      toString: (): never => {
        throw new Error('hostile');
      },
    };
    for (const value of [Object.create(null), hostile, [Symbol('inside')]]) {
      expect(() => reader(value).count('option', 1, 1)).toThrow(OptionError);
    }
  });

  it('refuses a fallback that will not do, as a required option that is missing', () => {
    const error = refusal(() => new OptionReader('op', {}).duration('boundMs', NaN));
    expect(error.message).toBe(
      'op: option `boundMs` must be a number of milliseconds, 0 or more, got undefined',
    );
  });

  describe('callback', () => {
    it('takes a function or nothing', () => {
      reader(() => 0).callback('option');
      reader(undefined).callback('option');
      new OptionReader('op', {}).callback('option');
    });

    it.each(['f', 0, null, {}, true])('refuses %s', (value) => {
      expect(
        refusal(() => {
          reader(value, 'g').callback('option');
        }).message,
      ).toMatch(/^op: option `g\.option` must be a function, got /);
    });
  });

  describe('selector', () => {
    it('takes a function', () => {
      reader(1).selector('orderOf', () => 0);
      reader(1).selector('orderOf', Map);
    });

    it.each(['f', 0, null, undefined, {}])('refuses %s under its own name', (value) => {
      const error = refusal(() => {
        reader(1, 'group').selector('orderOf', value);
      });
      expect(error.message).toMatch(/^op: option `orderOf` must be a function, got /);
    });
  });

  describe('scheduler', () => {
    const read = (scheduler: unknown): void => {
      new OptionReader('op', { scheduler }).scheduler();
    };

    it('takes one, or nothing', () => {
      read(asyncScheduler);
      read({ now: () => 0, schedule: () => 0 });
      read(undefined);
    });

    it.each([
      null,
      0,
      'async',
      {},
      { now: () => 0 },
      { schedule: () => 0 },
      { now: 0, schedule: 0 },
    ])('refuses %s', (value) => {
      expect(
        refusal(() => {
          read(value);
        }).message,
      ).toMatch(/^op: option `scheduler` must be a scheduler with now\(\) and schedule\(\), got /);
    });
  });

  describe('options', () => {
    it.each([null, undefined, 5, 'text', true, () => 0])('must be an object, not %s', (value) => {
      const make = (group?: string) => () => new OptionReader('op', value as object, group);
      expect(refusal(make()).message).toMatch(/^op: option `options` must be an object, got /);
      expect(refusal(make('group')).message).toMatch(/^op: option `group` must be an object, got /);
    });

    it('may have no prototype, be frozen, or be inherited', () => {
      const bare = Object.assign(Object.create(null) as object, { option: 5 });
      expect(new OptionReader('op', bare).count('option', 1, 1)).toBe(5);
      expect(new OptionReader('op', Object.freeze({ option: 5 })).count('option', 1, 1)).toBe(5);
      const inherited = Object.create({ option: 5 }) as object;
      expect(new OptionReader('op', inherited).count('option', 1, 1)).toBe(5);
    });
  });
});

function describeValue(value: unknown): string {
  if (typeof value === 'string') return `got "${value}"`;
  return typeof value === 'bigint' ? `got ${String(value)}n` : `got ${String(value)}`;
}
