/** G1 to G19: what every operator keeps to, each property written once, in shared/, and asked of every operator. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sharedProperties } from './shared/sharedProperties.js';
import { bugHunt } from './support/bugHunt.js';
import { checkerOf } from './support/check.js';
import { effort, fuzzMs } from './support/seed.js';
import { sharedCase } from './support/shared/sharedCase.js';
import { sharedExemptions } from './support/shared/sharedExemptions.js';
import { sharedSubjects } from './support/shared/sharedSubjects.js';
import { Tally } from './support/Tally.js';

const checker = checkerOf('shared');
/** Names of properties and subjects that were tried with a stream. */
const tried = new Set<string>();

function isExempt(property: string, subject: string): boolean {
  return sharedExemptions.some(
    (one) => one.property === property && one.subjects.includes(subject),
  );
}

describe.each(sharedSubjects.map((subject) => [subject.name, subject] as const))(
  '%s',
  (_, subject) => {
    const asked = sharedProperties.filter(({ id }) => !isExempt(id, subject.name));
    const rows = asked.map((property) => [property.id, property.title, property] as const);
    it.each(rows)('%s: %s', (_id, _title, property) => {
      const name = `${property.id} ${subject.name}`;
      const tally = new Tally();
      checker.check(name, property.streams, sharedCase, (...drawn) => {
        tried.add(name);
        const corners = new Set<string>();
        property.holds(subject, drawn, (corner) => corners.add(corner));
        tally.add(corners);
      });
      // Fewer streams than usual cannot tell.
      if (bugHunt === undefined && effort >= 1) {
        expect(tally.rare(property.corners?.(subject) ?? [])).toEqual([]);
      }
    });
  },
);

describe('the shared properties', () => {
  // A search by time does not come round to all of them.
  it.skipIf(bugHunt !== undefined || fuzzMs !== undefined)(
    'are each tried with every operator, or exempt',
    () => {
      const pairs = sharedProperties.flatMap(({ id }) =>
        sharedSubjects.map(({ name }) => ({ id, name, label: `${id} ${name}` })),
      );
      const wrong = pairs.filter(({ id, label, name }) => tried.has(label) === isExempt(id, name));
      expect(wrong.map(({ label }) => label)).toEqual([]);
      expect(tried.size + sharedExemptions.flatMap(({ subjects }) => subjects).length).toBe(
        pairs.length,
      );
    },
  );

  it('are G1 to G19', () => {
    const ids = Array.from({ length: 19 }, (_, index) => `G${String(index + 1)}`);
    expect(sharedProperties.map(({ id }) => id)).toEqual(ids);
    expect(sharedExemptions.every(({ reason }) => reason !== '')).toBe(true);
  });

  it('are asked of every operator there is', () => {
    const folder = fileURLToPath(new URL('../operators', import.meta.url));
    const operators = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
    const asked = new Set(sharedSubjects.map(({ operator }) => operator));
    expect([...asked].sort()).toEqual([...operators, 'inWorker'].sort());
  });

  it('are still asked where they once failed', () => {
    expect(checker.stored.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});
