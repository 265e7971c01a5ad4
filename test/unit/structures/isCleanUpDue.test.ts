import { describe, expect, it } from 'vitest';
import { isCleanUpDue } from '../../../src/structures/isCleanUpDue.js';

describe('isCleanUpDue', () => {
  it.each([
    [0, 0, false, 'nothing is gone'],
    [0, 9, false, 'nothing is gone'],
    [1, 1, true, 'all are gone'],
    [64, 64, true, 'all are gone'],
    [1, 2, false, 'few are gone'],
    [64, 65, false, 'few are gone'],
    [65, 66, true, 'more than half are gone'],
    [65, 129, true, 'more than half are gone'],
    [65, 130, false, 'only half are gone'],
    [500, 1_000, false, 'only half are gone'],
    [501, 1_000, true, 'more than half are gone'],
  ])('of a head at %i in a list of %i is %s: %s', (head, length, expected) => {
    expect(isCleanUpDue(head, length)).toBe(expected);
  });
});
