// The bug bank: bug-bank/<operator>.json holds mistakes that the property tests have to notice.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../bug-bank/', import.meta.url));

/** In place of a bug's name: the sources as they are, in which nothing may be noticed. */
export const unchanged = 'none: the sources as they are';

/** All operators that have bugs, each with the property files that look for them. */
export function readBank() {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      operator: name.slice(0, -'.json'.length),
      ...JSON.parse(readFileSync(`${folder}${name}`, 'utf8')),
    }));
}

/** The bug called `<operator>/<name>`, and the property files that look for it; no bug with the name `unchanged`. */
export function findBug(id) {
  for (const { operator, tests, bugs } of readBank()) {
    if (id === `${operator}/${unchanged}`) return { tests };
    const bug = bugs.find(({ name }) => `${operator}/${name}` === id);
    if (bug !== undefined) return { bug, tests };
  }
  throw new Error(`There is no bug ${id} in bug-bank/.`);
}

/** `source` with the bug in it; throws unless there is exactly one place for it. */
export function withBug({ name, file, find, replace }, source) {
  const places = find === '' ? 0 : source.split(find).length - 1;
  if (places !== 1) {
    throw new Error(`Bug "${name}" fits ${places} places of ${file}: adapt it to the new source.`);
  }
  if (find === replace) throw new Error(`Bug "${name}" changes nothing.`);
  return source.replace(find, () => replace);
}
