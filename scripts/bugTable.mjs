// What `npm run bugs` prints and writes: one row per bug, in docs/bug-bank.md one table per operator.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import { readBank, unchanged } from './bugBank.mjs';

/** A bug must be noticed on so large a share of the seeds, by streams of so many messages in the middle. */
const requiredShare = 39 / 40;
const medianMessages = 6;

const file = fileURLToPath(new URL('../docs/bug-bank.md', import.meta.url));
const heading = ['bug', 'caught', 'median', 'most', 'runs', 'by'];
const header = `# Bug bank

Written by \`npm run bugs -- --write\`. Each bug of [bug-bank/](../bug-bank) is put into the sources, and the property
tests look for it with so many seeds as \`caught\` says, always the same ones, and at most 2,000 streams per property and
seed. It is noticed well enough on 39 of 40 seeds, or all of fewer, in shrunk streams of 6 messages in the middle.
\`median\` and \`most\` are these messages, \`runs\` is how many streams were needed, in the middle, and \`by\` names
the properties that noticed it first. Nothing may be noticed in the first row of each table: there the sources are as they
are.
`;

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How often each property was the one to notice, the most frequent first. */
function noticedBy(caught) {
  const counts = new Map();
  for (const { property } of caught) counts.set(property, (counts.get(property) ?? 0) + 1);
  const ranked = [...counts].sort(([, one], [, other]) => other - one);
  return ranked.map(([property, count]) => `${property} (${count})`).join(', ');
}

/** How many seeds may miss a bug. */
export function missesAllowed(seeds) {
  return Math.floor(seeds * (1 - requiredShare) + 1e-9);
}

/** The cells of a row, and whether the bug was noticed well enough on `seeds` seeds. */
export function judge(name, seeds, { sightings, error }) {
  const caught = sightings.filter((sighting) => 'seed' in sighting);
  const tried = caught.length + sightings.filter((sighting) => 'missed' in sighting).length;
  const messages = caught.map((sighting) => sighting.messages);
  const [middle, most] = [median(messages), Math.max(...messages)];
  const isSmall = middle <= medianMessages;
  const trouble = tried === 0 ? 'DID NOT RUN' : error === undefined ? '' : error.code;
  const isEnough =
    name === unchanged
      ? caught.length === 0 && tried === seeds && trouble === ''
      : caught.length >= seeds - missesAllowed(seeds) && isSmall;
  const figures = caught.length === 0 ? ['', '', ''] : [middle, most, median(caught.map(runsOf))];
  const by = [noticedBy(caught), trouble, isEnough ? '' : '**not good enough**'];
  const cells = [name, `${caught.length} of ${tried}`, ...figures, by.filter(Boolean).join(' ')];
  return { isEnough, caught, cells };
}

function runsOf({ runs }) {
  return runs;
}

/** A line for the terminal. */
export function line(cells) {
  const widths = [62, 9, 6, 5, 6];
  return cells.map((cell, index) => String(cell).padEnd(widths[index] ?? 0)).join(' ');
}

export function headline() {
  return line(heading);
}

/** Puts these rows into docs/bug-bank.md, in place of those of the same bugs. */
export async function write(operator, rows) {
  const written = readRows();
  for (const [name, ...cells] of rows) written.set(`${operator}/${name}`, [name, ...cells]);
  const sections = readBank().map((bank) => {
    const names = [unchanged, ...bank.bugs.map(({ name }) => name)];
    const ours = names.flatMap((name) => {
      const cells = written.get(`${bank.operator}/${name}`);
      return cells === undefined ? [] : [cells];
    });
    const table = [heading, heading.map(() => '-'), ...ours];
    const text = table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
    return ours.length === 0 ? '' : `\n## ${bank.operator}\n\n${text}\n`;
  });
  const options = (await prettier.resolveConfig(file)) ?? {};
  const text = `${header}${sections.join('')}`;
  writeFileSync(file, await prettier.format(text, { ...options, parser: 'markdown' }));
}

/** The rows of docs/bug-bank.md, by `<operator>/<bug>`. */
function readRows() {
  const rows = new Map();
  let operator = '';
  for (const text of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    if (text.startsWith('## ')) operator = text.slice('## '.length);
    if (!text.startsWith('| ')) continue;
    const cells = text.split('|').slice(1, -1);
    const [name, ...others] = cells.map((cell) => cell.trim());
    rows.set(`${operator}/${name}`, [name, ...others]);
  }
  return rows;
}
