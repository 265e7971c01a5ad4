/** A message that is in order costs no memory where time plays no part. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, run } from './consumer.js';

const free = [
  'map((message) => message)',
  'sequenceGaps',
  'reorderBy',
  'dedupeWithin count',
  'dedupeWithin sequence',
  'shardBy + mergeShards arrival',
  'shardBy + mergeShards source',
];

it('nothing is allocated for messages in order', () => {
  const folder = mkdtempSync(join(tmpdir(), 'allocations-'));
  const file = join(folder, 'allocations.json');
  const script = join('bench', 'allocations.mjs');
  const outcome = run(root, process.execPath, '--expose-gc', script, '--json', file);
  expect(outcome).toMatchObject({ status: 0, stderr: '' });
  const { rows } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly rows: readonly { readonly operator: string; readonly collections: number }[];
  };
  rmSync(folder, { recursive: true });
  const collectionsOf = Object.fromEntries(rows.map((row) => [row.operator, row.collections]));
  // One for what the compiler leaves behind; 32 bytes for each message would be ten.
  for (const operator of free) expect(collectionsOf[operator]).toBeLessThanOrEqual(1);
  // What does allocate is seen to.
  expect(collectionsOf['reorderBy sparse']).toBeGreaterThan(10);
});
