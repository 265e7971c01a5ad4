import { OptionError } from 'rxjs-reliable';
import { expectThat } from '../support/reorderChecks.js';
import { optionRules } from '../support/shared/optionRules.js';
import type { SharedProperty } from './SharedProperty.js';

const { MAX_SAFE_INTEGER } = Number;
/** What a number may turn out to be. */
const values: readonly unknown[] = [
  ...[NaN, Infinity, -Infinity, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 7, 1_000, 1_001, 60_000, 60_001],
  ...[65_536, 2 ** 24, 2 ** 24 + 1, 2 ** 31, 2 ** 32, MAX_SAFE_INTEGER, 2 ** 53, Number.MIN_VALUE],
  ...['5', '', null, undefined, true, {}, [5], 5n, -1n, 2n ** 80n],
];

/** Every number an option is given is taken as the page says, or refused by name when the operator is made. */
export const optionValidation: SharedProperty = {
  id: 'G17',
  title: 'takes an option as it is, or refuses it by name at once',
  streams: 200,
  corners: () => ['taken', 'refused'],
  holds({ name, operator, optionRules: rules }, [, , , { at, which }], met) {
    const { make, options } = rules ?? optionRules[name] ?? { make: () => undefined, options: {} };
    const names = Object.keys(options);
    const option = names[which % names.length] ?? '';
    // As wide as the list is long: `at` is small more often than not.
    const value = values[(Math.floor(which / names.length) + at) % values.length];
    const isRight = options[option]?.(value) === true;
    met(isRight ? 'taken' : 'refused');
    const refusal = refusalOf(() => make(option, value));
    if (isRight) {
      expectThat(refusal === undefined, `${option}: ${String(refusal)}`);
      return;
    }
    const isNamed =
      refusal instanceof OptionError &&
      refusal.operator === operator &&
      refusal.option === option &&
      Object.is(refusal.received, value);
    expectThat(isNamed, `${option} is ${String(value)}: ${String(refusal)}`);
  },
};

function refusalOf(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  return undefined;
}
