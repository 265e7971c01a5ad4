// npm run bugs [-- --only OPERATOR] [--bug NAME] [--seeds N]: puts each bug of bug-bank/ into the sources, as they are
// loaded, and prints on how many seeds the operator's property tests notice it, and how small the failing stream becomes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readBank } from './bugBank.mjs';

/** A bug must be noticed on so large a share of the seeds, by streams of at most so many messages. */
const requiredShare = 39 / 40;
const mostMessages = 6;
/** A bug may make the tests run for ever. */
const longestMs = 20 * 60_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: wanted } = parseArgs({
  options: {
    only: { type: 'string' },
    bug: { type: 'string' },
    seeds: { type: 'string', default: '40' },
    verbose: { type: 'boolean', default: false },
  },
});
const seeds = Number(wanted.seeds);

/** Runs the property files over sources with the bug; returns what they reported. */
function hunt(id) {
  const folder = mkdtempSync(join(tmpdir(), 'bug-bank-'));
  const report = join(folder, 'report.jsonl');
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.bugs.config.ts'];
  const env = { ...process.env, BUG: id, BUG_REPORT: report, BUG_SEEDS: String(seeds) };
  const { error, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    timeout: longestMs,
    maxBuffer: 2 ** 28,
  });
  const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
  rmSync(folder, { recursive: true, force: true });
  const lines = text.split('\n').filter((line) => line !== '');
  const sightings = lines.map((line) => JSON.parse(line));
  if (sightings.length === 0) console.error(stdout.slice(-3_000));
  return { sightings, error };
}

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

function judge({ sightings, error }) {
  const caught = sightings.filter((sighting) => 'seed' in sighting);
  const messages = caught.map((sighting) => sighting.messages);
  const middle = caught.length === 0 ? NaN : median(messages);
  const ok = caught.length >= seeds * requiredShare && middle <= mostMessages;
  const trouble = sightings.length === 0 ? 'DID NOT RUN' : error === undefined ? '' : error.code;
  const runs = caught.length === 0 ? NaN : median(caught.map((sighting) => sighting.runs));
  return {
    ok,
    caught,
    middle,
    most: messages.length === 0 ? NaN : Math.max(...messages),
    runs,
    trouble,
  };
}

function row(cells) {
  const widths = [13, 44, 9, 6, 5, 6];
  return cells.map((cell, index) => String(cell).padEnd(widths[index] ?? 0)).join(' ');
}

console.log(row(['operator', 'bug', 'caught', 'median', 'most', 'runs', 'by']));
let failed = 0;
let total = 0;
for (const { operator, bugs } of readBank()) {
  if (wanted.only !== undefined && wanted.only !== operator) continue;
  for (const { name } of bugs) {
    if (wanted.bug !== undefined && wanted.bug !== name) continue;
    const began = Date.now();
    const { ok, caught, middle, most, runs, trouble } = judge(hunt(`${operator}/${name}`));
    const verdict = ok ? '' : ' <-- not good enough';
    const cells = [operator, name, `${caught.length} of ${seeds}`, middle, most, runs];
    const seconds = Math.round((Date.now() - began) / 1_000);
    console.log(
      row([...cells, `${noticedBy(caught)} ${trouble}${verdict} [${seconds} s]`]).trimEnd(),
    );
    if (wanted.verbose) for (const { reason } of caught.slice(0, 2)) console.log(`    ${reason}`);
    total += 1;
    if (!ok) failed += 1;
  }
}
console.log(`${total - failed} of ${total} bugs are noticed well enough, ${seeds} seeds each.`);
process.exitCode = failed === 0 && total > 0 ? 0 : 1;
