import { transformSync } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findBug, readBank, unchanged, withBug } from '../../../scripts/bugBank.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bank = readBank();

describe('bug bank', () => {
  it('has bugs of every operator', () => {
    expect(bank.map(({ operator }) => operator)).toEqual([
      ...['dedupeWithin', 'eachMessage', 'mergeShards', 'reorderBy', 'sequenceGaps', 'shardBy'],
      'slaTimeout',
    ]);
  });

  it.each(bank)('has ten or more of $operator, and the tests that look for them', (one) => {
    expect(one.bugs.length).toBeGreaterThanOrEqual(10);
    expect(new Set(one.bugs.map(({ name }) => name)).size).toBe(one.bugs.length);
    expect(one.tests.filter((file) => !existsSync(`${root}${file}`))).toEqual([]);
  });

  it.each(bank.flatMap(({ operator, bugs }) => bugs.map((bug) => ({ operator, ...bug }))))(
    'can put into $operator: $name',
    (bug) => {
      expect(bug.file).toMatch(/^(src|operators)\//);
      const source = readFileSync(`${root}${bug.file}`, 'utf8');
      const spoilt = withBug(bug, source);
      expect(spoilt).not.toBe(source);
      // It has to load: a bug that nobody can run is never noticed.
      expect(transformSync(spoilt, { loader: 'ts' }).code).not.toBe('');
      expect(findBug(`${bug.operator}/${bug.name}`)).toMatchObject({ bug: { find: bug.find } });
    },
  );

  const bug = { name: 'b', file: 'f', find: 'a', replace: '$&c' };

  it('puts the text in as it is', () => {
    expect(withBug(bug, 'xay')).toBe('x$&cy');
  });

  it.each([
    ['moved on', 'b'],
    ['is ambiguous', 'aba'],
  ])('complains when the source %s', (_, source) => {
    expect(() => withBug(bug, source)).toThrow('places of f');
  });

  it.each(bank)('can leave $operator as it is', ({ operator, tests }) => {
    expect(findBug(`${operator}/${unchanged}`)).toEqual({ tests });
  });

  it('complains of a bug that is none', () => {
    expect(() => withBug({ ...bug, replace: 'a' }, 'a')).toThrow('changes nothing');
    expect(() => withBug({ ...bug, find: '' }, '')).toThrow('0 places');
    expect(() => findBug('reorderBy/none')).toThrow('There is no bug reorderBy/none');
  });
});
