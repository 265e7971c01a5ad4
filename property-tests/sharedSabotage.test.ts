/** Each of G1 to G19 can fail: it notices operators that break what it promises. Not for `npm run fuzz`, hence its name. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedProperties } from './shared/sharedProperties.js';
import { seed } from './support/seed.js';
import { sabotages } from './support/shared/sabotage/sabotages.js';
import { sharedCase } from './support/shared/sharedCase.js';

const ignore = (): void => undefined;

describe('the shared properties', () => {
  const rows = sabotages.map((one) => [one.property, one.that, one] as const);
  it.each(rows)('%s notices an operator that %s', (id, _, { says, subject }) => {
    const property = sharedProperties.find((one) => one.id === id);
    const result = fc.check(
      fc.property(...sharedCase, (...drawn) => property?.holds(subject(), drawn, ignore)),
      // The same stream shrunk would say no more.
      { seed, numRuns: property?.streams ?? 0, endOnFailure: true },
    );
    expect(result.errorInstance).toMatchObject({ message: expect.stringMatching(says) as string });
  });

  it('can each fail', () => {
    const asked = new Set(sabotages.map(({ property }) => property));
    expect(sharedProperties.filter(({ id }) => !asked.has(id))).toEqual([]);
  });
});
