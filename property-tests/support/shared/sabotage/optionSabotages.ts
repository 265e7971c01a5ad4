import { dedupeWithin } from 'rxjs-reliable';
import type { OptionRules } from '../optionRules.js';
import type { SharedSubject } from '../SharedSubject.js';
import { type Sabotage, sound } from './Sabotage.js';

const makeCounting = (value: unknown): unknown =>
  dedupeWithin<number>({ kind: 'count', count: value as number });

const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 2 ** 24;

/** `dedupeWithin` with a window of so many messages, which is not made as it should. */
function making(make: (value: unknown) => unknown): SharedSubject {
  const subject = sound('dedupeWithin count');
  const optionRules: OptionRules = {
    make: (_, value) => make(value),
    options: { 'window.count': isCount },
  };
  return { ...subject, optionRules };
}

const validationSabotages: readonly Sabotage[] = [
  {
    property: 'G17',
    that: 'takes text and fractions for whole numbers',
    says: /window\.count is .*: undefined/,
    subject: () =>
      making((value) => makeCounting(Math.min(Math.max(Math.trunc(Number(value) || 1), 1), 1_000))),
  },
  {
    property: 'G17',
    that: 'refuses an option only once it is subscribed',
    says: /window\.count is .*: undefined/,
    subject: () => making((value) => () => makeCounting(value)),
  },
  {
    property: 'G17',
    that: 'refuses an option without its name',
    says: /window\.count is .*: RangeError/,
    subject: () =>
      making((value) => {
        try {
          return makeCounting(value);
        } catch {
          throw new RangeError('something is wrong');
        }
      }),
  },
  {
    property: 'G17',
    that: 'names what it made of an option, not what it was given',
    says: /window\.count is .*: OptionError/,
    subject: () => making((value) => makeCounting(typeof value === 'number' ? value : NaN)),
  },
  {
    property: 'G17',
    that: 'refuses what it should take',
    says: /window\.count: OptionError/,
    subject: () => making((value) => makeCounting(isCount(value) ? 0 : value)),
  },
];

const typeSabotages: readonly Sabotage[] = [
  {
    property: 'G19',
    that: 'has no test of its types',
    says: /no such file/,
    subject: () => ({ ...sound('dedupeWithin count'), operator: 'keepEverything' }),
  },
  {
    property: 'G19',
    that: 'has a test of types that says nothing about what it emits',
    says: /says nothing about what testing emits/,
    subject: () => ({ ...sound('dedupeWithin count'), operator: 'testing' }),
  },
];

/** G17 and G19: what can be said before anything runs. */
export const optionSabotages: readonly Sabotage[] = [...validationSabotages, ...typeSabotages];
