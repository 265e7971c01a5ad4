import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  format,
  type MutationScore,
  readExplained,
  readReport,
} from '../../../scripts/mutationTable.mjs';

const read = (file: string): string =>
  readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

const mutant = (line: number, replacement: string, status: string, mutatorName = 'm') => ({
  mutatorName,
  replacement,
  status,
  location: { start: { line } },
});

describe('the table of mutants', () => {
  const date = '2026-01-02';
  const source = 'one\n  two\n';

  it('counts what was noticed, timeouts too, and what was not, covered or not', () => {
    const mutants = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'Ignored'].map(
      (status) => mutant(1, 'x', status),
    );
    const { scores } = readReport({ files: { f: { source, mutants } } }, {}, date);
    const counts = { killed: 2, survived: 2, explained: 0, noCoverage: 1 };
    expect(scores).toEqual({ f: { score: 50, ...counts, date } });
  });

  it('rounds no score up', () => {
    const mutants = Array.from({ length: 6 }, (_, index) =>
      mutant(1, 'x', index === 0 ? 'Survived' : 'Killed'),
    );
    const { scores } = readReport({ files: { f: { source, mutants } } }, {}, date);
    expect(scores['f']?.score).toBe(83.3);
  });

  it('leaves out files that were not measured', () => {
    const files = { f: { source, mutants: [] } };
    expect(readReport({ files }, {}, date)).toEqual({ scores: {}, unexplained: [] });
  });

  it('refuses a file that no test covers', () => {
    const mutants = [mutant(1, 'x', 'NoCoverage'), mutant(2, 'x', 'NoCoverage')];
    expect(() => readReport({ files: { f: { source, mutants } } }, {}, date)).toThrow(
      'f: no test covers it; can its tests load it?',
    );
  });

  it('tells the survivors apart that are explained: the same change to the same line', () => {
    const entry = { mutator: 'm', line: 'two', replacement: 'x', reason: 'r' };
    const mutants = [
      mutant(2, 'x', 'Survived'),
      mutant(2, 'y', 'Survived'),
      mutant(1, 'x', 'Survived'),
      mutant(2, 'x', 'Survived', 'another'),
    ];
    const files = { f: { source, mutants } };
    const { scores, unexplained } = readReport({ files }, { f: [entry] }, date);
    expect(scores['f']?.explained).toBe(1);
    expect(unexplained).toEqual(['f: m: two -> y', 'f: m: one -> x', 'f: another: two -> x']);
  });
});

describe('the mutants that were measured', () => {
  const scores = Object.entries(
    JSON.parse(read('test/mutation-scores.json')) as Record<string, MutationScore>,
  );

  it('are on their page as in their list', async () => {
    expect(read('docs/mutation.md')).toBe(await format(Object.fromEntries(scores)));
  });

  it('are noticed in 95 of 100 cases, and each is run by a test', () => {
    const tooFew = scores.filter(([, { score, noCoverage }]) => score < 95 || noCoverage > 0);
    expect(tooFew).toEqual([]);
  });

  it('are all explained where they are not', () => {
    expect(scores.filter(([, { survived, explained }]) => explained < survived)).toEqual([]);
  });
});

describe.each(Object.entries(readExplained()))('the explained mutants of %s', (file, entries) => {
  const lines = new Set(
    read(file)
      .split('\n')
      .map((line) => line.trim()),
  );

  it('are of lines that the file still has', () => {
    expect(entries.filter(({ line }) => !lines.has(line))).toEqual([]);
  });

  it('are different from one another, and each has its reason', () => {
    const ids = entries.map(({ mutator, line, replacement }) => mutator + line + replacement);
    expect(new Set(ids).size).toBe(entries.length);
    expect(entries.filter(({ reason }) => reason.length < 10)).toEqual([]);
  });
});
