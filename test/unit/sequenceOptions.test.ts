import { describe, expect, it } from 'vitest';
import { OptionError } from '../../src/errors.js';
import { OptionReader } from '../../src/options.js';
import { readSequenceOptions, type SequenceSettings } from '../../src/sequenceOptions.js';
import type { SequenceOptions } from '../../src/types.js';

const sequenceOf = (message: number): number => message;

const read = (options: SequenceOptions<number, undefined>): SequenceSettings<number> =>
  readSequenceOptions(new OptionReader('op', options), sequenceOf, options);

describe('readSequenceOptions', () => {
  it('fills the defaults in', () => {
    expect(read({})).toEqual({
      sequenceOf,
      epochOf: undefined,
      previousOf: undefined,
      first: undefined,
      modulus: undefined,
      maxJump: 65_536,
      maxMisorder: 1_024,
      restartAfter: 5,
    });
  });

  it('takes what is given', () => {
    const epochOf = (): number => 1;
    const previousOf = (): number => 2;
    const options = {
      epochOf,
      previousOf,
      first: 3,
      modulus: 16n,
      maxJump: 1,
      maxMisorder: 0,
      restartAfter: 1,
    };
    expect(read(options)).toEqual({ sequenceOf, ...options });
  });

  it('takes the extremes', () => {
    const most = Number.MAX_SAFE_INTEGER;
    for (const options of [
      { maxJump: most, maxMisorder: most, restartAfter: 1_024 },
      { first: 0, modulus: 3 },
      { first: 1, modulus: 3n },
      { first: 15n, modulus: 16 },
      { first: 2n ** 80n },
      { modulus: 2n ** 64n },
    ]) {
      expect(read(options)).toMatchObject(options);
    }
  });

  it.each<[options: object, option: string]>([
    [{ epochOf: 1 }, 'epochOf'],
    [{ previousOf: 'x' }, 'previousOf'],
    [{ first: -1 }, 'first'],
    [{ first: -1n }, 'first'],
    [{ first: 1.5 }, 'first'],
    [{ modulus: 2 }, 'modulus'],
    [{ modulus: 0n }, 'modulus'],
    [{ modulus: NaN }, 'modulus'],
    [{ first: 16, modulus: 16 }, 'first'],
    [{ first: 16n, modulus: 16 }, 'first'],
    [{ first: 17, modulus: 16n }, 'first'],
    [{ maxJump: 0 }, 'maxJump'],
    [{ maxJump: Infinity }, 'maxJump'],
    [{ maxJump: 2 ** 53 }, 'maxJump'],
    [{ maxMisorder: -1 }, 'maxMisorder'],
    [{ maxMisorder: 2 ** 53 }, 'maxMisorder'],
    [{ restartAfter: 0 }, 'restartAfter'],
    [{ restartAfter: 1_025 }, 'restartAfter'],
  ])('refuses %o by name', (options, option) => {
    expect(() => read(options)).toThrow(OptionError);
    expect(() => read(options)).toThrow(`op: option \`${option}\` must be `);
  });

  it('says that the first number has to be below the modulus', () => {
    expect(() => read({ first: 16, modulus: 16 })).toThrow(
      'op: option `first` must be below `modulus`, got 16',
    );
  });
});
