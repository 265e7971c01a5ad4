/**
 * The cases of `npm run bench` in short. Fails where the best time of ours, for the best time of another variant, is over
 * its goal, or, where the goal is not reached yet, over what was (bench/reached.json, which `--write` writes), by more
 * than `--tolerance N`, 1.25 if not given. What is over is measured again, twice.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cases } from './cases.mjs';
import { measureCase } from './measure.mjs';

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    tolerance: { type: 'string', default: '1.25' },
  },
});
const file = new URL('reached.json', import.meta.url);
const short = { count: 100_000, rounds: 3 };
const long = { count: 100_000, rounds: 9 };
const tolerance = Number(values.tolerance);
const attempts = 3;

const idOf = ({ operator, case: name, against }) => `${operator}, ${name}, for ${against}`;

/** Only what goals are about. */
function inShort(benchCase) {
  const wanted = ['floor', 'ours', ...Object.keys(benchCase.goals)];
  const variants = Object.entries(benchCase.variants).filter(([name]) => wanted.includes(name));
  return { ...benchCase, variants: Object.fromEntries(variants) };
}

/** What is over its ceiling, of all that a case is to reach. */
async function findOver(benchCase, reached, settings) {
  const { goals } = await measureCase(inShort(benchCase), settings);
  return goals.flatMap((goal) => {
    const ceiling = tolerance * Math.max(goal.goal, reached[idOf(goal)] ?? 0);
    const figures = `${goal.best.toFixed(3)}, at most ${ceiling.toFixed(3)}`;
    console.log(`${goal.best > ceiling ? '✗' : '✓'} ${idOf(goal)}: ${figures}`);
    return goal.best > ceiling ? [idOf(goal)] : [];
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
    const { goals } = await measureCase(inShort(benchCase), long);
    for (const goal of goals) reached[idOf(goal)] = Number(goal.best.toFixed(4));
  }
  writeFileSync(file, `${JSON.stringify(reached, undefined, 2)}\n`);
}

async function check() {
  const reached = JSON.parse(readFileSync(file, 'utf8'));
  const over = [];
  for (const benchCase of cases) over.push(...(await findAlwaysOver(benchCase, reached)));
  if (over.length > 0) console.error(`Too slow:\n${over.join('\n')}`);
  process.exitCode = over.length === 0 ? 0 : 1;
}

await (values.write ? write() : check());
