import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { brokenPromises, operators, readAmounts } from '../../../scripts/amounts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'amounts-'));
const [reportFile, streamsFile] = [join(folder, 'vitest.json'), join(folder, 'streams.jsonl')];
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = (name: string, ...statuses: readonly string[]) => ({
  name: `/anywhere/${name}`,
  assertionResults: statuses.map((status) => ({ status })),
});

describe('amounts', () => {
  it('are those of the property files together, and of the tests of each operator that passed', () => {
    const testResults = [
      file('test/unit/operators/reorderBy.test.ts', 'passed', 'passed', 'failed'),
      file('test/unit/reorderBy/keys.test.ts', 'passed', 'skipped'),
      file('test/unit/core/reorderBy.test.ts', 'passed'),
    ];
    writeFileSync(reportFile, JSON.stringify({ testResults }));
    writeFileSync(streamsFile, '{"streams":10,"properties":1}\n{"streams":5,"properties":2}\n');
    const { streams, properties, examples } = readAmounts(reportFile, streamsFile);
    expect({ streams, properties }).toEqual({ streams: 15, properties: 3 });
    expect(examples).toMatchObject({ reorderBy: 3, shardBy: 0 });
  });

  it('are nothing where nothing ran', () => {
    expect(readAmounts(join(folder, 'none'), join(folder, 'none'))).toMatchObject({ streams: 0 });
  });

  it('break a promise when there are too few', () => {
    const examples = Object.fromEntries(operators.map((name) => [name, 45]));
    expect(operators).toContain('shardBy');
    expect(brokenPromises({ streams: 250_000, properties: 1, examples })).toEqual([]);
    const tooFew = { streams: 249_999, properties: 1, examples: { ...examples, shardBy: 44 } };
    expect(brokenPromises(tooFew)).toEqual([
      '250000 generated streams, not 249999',
      '45 tests by example of shardBy, not 44',
    ]);
  });
});
