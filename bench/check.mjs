/**
 * For CI: the cases of `npm run bench` in short. Fails where a ratio is more than a quarter over its goal, or, where the
 * goal is not reached yet, over what was: bench/reached.json, which `--write` writes. What is over is measured again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cases } from './cases.mjs';
import { measureCase } from './measure.mjs';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const file = new URL('reached.json', import.meta.url);
const short = { count: 200_000, rounds: 3 };
const long = { count: 200_000, rounds: 9 };
const tolerance = 1.25;
const attempts = 3;

const idOf = ({ operator, case: name, against }) => `${operator}, ${name}, for ${against}`;

/** What is over its ceiling, of all that a case is to reach. */
async function findOver(benchCase, reached, settings) {
  const { goals } = await measureCase(benchCase, settings);
  return goals.flatMap((goal) => {
    const ceiling = tolerance * Math.max(goal.goal, reached[idOf(goal)] ?? 0);
    const figures = `${goal.median.toFixed(3)}, at most ${ceiling.toFixed(3)}`;
    console.log(`${goal.median > ceiling ? '✗' : '✓'} ${idOf(goal)}: ${figures}`);
    return goal.median > ceiling ? [idOf(goal)] : [];
  });
}

/** Those that are over each time: a busy machine is not slow for one variant alone three times. */
async function findAlwaysOver(benchCase, reached) {
  let over = await findOver(benchCase, reached, short);
  for (let attempt = 1; attempt < attempts && over.length > 0; attempt += 1) {
    const again = await findOver(benchCase, reached, long);
    over = over.filter((id) => again.includes(id));
  }
  return over;
}

async function write() {
  const reached = {};
  for (const benchCase of cases) {
    const { goals } = await measureCase(benchCase, long);
    for (const goal of goals) reached[idOf(goal)] = Number(goal.median.toFixed(4));
  }
  writeFileSync(file, `${JSON.stringify(reached, undefined, 2)}\n`);
}

async function check() {
  const reached = JSON.parse(readFileSync(file, 'utf8'));
  const over = [];
  for (const benchCase of cases) over.push(...(await findAlwaysOver(benchCase, reached)));
  if (over.length > 0) console.error(`More than a quarter over:\n${over.join('\n')}`);
  process.exitCode = over.length === 0 ? 0 : 1;
}

await (values.write ? write() : check());
