import { describe, expect, it } from 'vitest';
import { unchanged } from '../../../scripts/bugBank.mjs';
import { judge, missesAllowed, type Sighting } from '../../../scripts/bugTable.mjs';

const caught = (seed: number, messages: number, property = 'p'): Sighting => ({
  seed,
  property,
  runs: seed,
  messages,
  reason: 'r',
  example: [],
});
const all = (messages: readonly number[]): Sighting[] => [
  { properties: 2 },
  ...messages.map((count, seed) => caught(seed, count)),
];

describe('the table of the bug bank', () => {
  it('lets one seed of 40 miss a bug, of fewer none', () => {
    expect([1, 10, 39, 40, 80].map(missesAllowed)).toEqual([0, 0, 0, 1, 2]);
  });

  it('says on how many seeds a bug was noticed, how, and by which properties', () => {
    const sightings = [caught(1, 2), caught(2, 3, 'q'), caught(3, 7, 'q')];
    const { cells, isEnough } = judge('b', 3, { sightings });
    expect(cells).toEqual(['b', '3 of 3', 3, 7, 2, 'q (2), p (1)']);
    expect(isEnough).toBe(true);
  });

  it.each([
    ['a seed missed it', [...all([1, 1]), { missed: 5 }], 3],
    ['the middle stream is too long', all([1, 7, 8]), 3],
    ['it did not run', [], 3],
    ['it did not end', all([1, 1]), 3],
  ])('complains if %s', (_, sightings, seeds) => {
    const { cells, isEnough } = judge('b', seeds, { sightings });
    expect(isEnough).toBe(false);
    expect(cells.at(-1)).toContain('**not good enough**');
  });

  it('complains if anything is noticed where there is no bug, or not every seed was tried', () => {
    const missed = [{ missed: 1 }, { missed: 2 }];
    expect(judge(unchanged, 2, { sightings: missed }).isEnough).toBe(true);
    expect(judge(unchanged, 3, { sightings: missed }).isEnough).toBe(false);
    expect(judge(unchanged, 2, { sightings: [{ missed: 1 }, caught(2, 1)] }).isEnough).toBe(false);
  });
});
