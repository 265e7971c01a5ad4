/** Every row of the table of hostile inputs, H01 to H64, has a test that bears its number in its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rows = Array.from({ length: 64 }, (_, index) => `H${String(index + 1).padStart(2, '0')}`);

/** Rows that make no sense here, and why. */
const notApplicable: Readonly<Record<string, string>> = {};

/** The rows that the names of tests in a file, or of rows of their tables, begin with: 'H12: …', 'H12, H13: …'. */
function rowsIn(file: string): string[] {
  const text = readFileSync(root + file, 'utf8');
  return [...text.matchAll(/['"`]((?:H\d\d, )*H\d\d): /g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
}

const tested = new Set(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('rows.test.ts'))
    .flatMap(rowsIn),
);

it('every hostile input has a test or a reason to have none', () => {
  expect(rows.filter((row) => !tested.has(row) && !(row in notApplicable))).toEqual([]);
});

it('no test is about a row that does not exist, or is said to be left out', () => {
  expect([...tested].filter((row) => !rows.includes(row) || row in notApplicable)).toEqual([]);
});
