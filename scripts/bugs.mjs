// npm run bugs [-- --only OPERATOR] [--bug NAME] [--control] [--seeds N] [--write]: puts each bug of bug-bank/ into the
// sources, as they are loaded, and prints on how many seeds the operator's property tests notice it, and how small the failing
// stream becomes. First of all no bug, which nothing may notice; with --control only that. --write: into docs/bug-bank.md too.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readBank, unchanged } from './bugBank.mjs';
import { headline, judge, line, missesAllowed, write } from './bugTable.mjs';

/** A bug may make the tests run for ever. */
const longestMs = 20 * 60_000;
/** Each seed without a bug costs as much as all property tests do. */
const mostControlSeeds = 3;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: wanted } = parseArgs({
  options: {
    only: { type: 'string' },
    bug: { type: 'string' },
    seeds: { type: 'string', default: '40' },
    control: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

/** Ends what `run` began, with all its workers: one in an endless loop would outlive its parent. */
let end = () => undefined;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    end();
    process.exit(1);
  });
}

/** Runs Node in a process group of its own; what it printed, and whether it had to be ended. */
async function run(args, env) {
  const options = { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] };
  const child = spawn(process.execPath, args, options);
  end = () => process.kill(-child.pid, 'SIGKILL');
  let [stdout, error] = ['', undefined];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  const timer = setTimeout(() => {
    error = { code: 'ETIMEDOUT' };
    end();
  }, longestMs);
  await once(child, 'close');
  clearTimeout(timer);
  end = () => undefined;
  return { error, stdout };
}

/** Runs the property files over sources with the bug; returns what they reported. */
async function hunt(id, seeds, misses) {
  const folder = mkdtempSync(join(tmpdir(), 'bug-bank-'));
  const report = join(folder, 'report.jsonl');
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.bugs.config.ts'];
  const hunting = { BUG: id, BUG_REPORT: report, BUG_SEEDS: `${seeds}`, BUG_MISSES: `${misses}` };
  const { error, stdout } = await run(args, { ...process.env, ...hunting });
  const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
  rmSync(folder, { recursive: true, force: true });
  const lines = text.split('\n').filter((line) => line !== '');
  const sightings = lines.map((line) => JSON.parse(line));
  if (sightings.length === 0) console.error(stdout.slice(-3_000));
  return { sightings, error };
}

function namesOf({ bugs }) {
  if (wanted.bug !== undefined) return [wanted.bug];
  return [unchanged, ...(wanted.control ? [] : bugs.map(({ name }) => name))];
}

let total = 0;
let failed = 0;
for (const bank of readBank()) {
  const { operator } = bank;
  if (wanted.only !== undefined && wanted.only !== operator) continue;
  console.log(`${operator}\n${headline()}`);
  const rows = [];
  for (const name of namesOf(bank)) {
    const began = Date.now();
    const isControl = name === unchanged;
    const seeds = Math.min(Number(wanted.seeds), isControl ? mostControlSeeds : Infinity);
    const found = await hunt(
      `${operator}/${name}`,
      seeds,
      isControl ? seeds : missesAllowed(seeds),
    );
    const { isEnough, caught, cells } = judge(name, seeds, found);
    rows.push(cells);
    console.log(`${line(cells)} [${Math.round((Date.now() - began) / 1_000)} s]`);
    const shown = wanted.verbose || isControl ? caught.slice(0, 2) : [];
    for (const { reason, example } of shown) {
      console.log(`    ${reason}\n    ${JSON.stringify(example)}`);
    }
    total += 1;
    if (!isEnough) failed += 1;
    if (wanted.write) await write(operator, rows);
  }
}
console.log(`${total - failed} of ${total} rows are as they should be.`);
process.exitCode = failed === 0 && total > 0 ? 0 : 1;
