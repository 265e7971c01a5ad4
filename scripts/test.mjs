// npm test [-- vitest arguments]: build, every vitest project, tsd, and whether as much was tested as docs/TESTING.md says.
// All steps run even when one fails; the last line is always the true total, and any failure makes the exit status 1.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brokenPromises, readAmounts } from './amounts.mjs';
import { summarize } from './summary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [];

function step(name, command, ...args) {
  console.log(`\n> ${name}`);
  const options = { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' };
  const { status } = spawnSync(`${root}node_modules/.bin/${command}`, args, options);
  steps.push({ name, status: status === 0 ? 'passed' : 'failed' });
  return status === 0;
}

const streamsFile = `${root}reports/streams.jsonl`;
for (const name of ['steps.json', 'vitest.json', 'streams.jsonl']) {
  rmSync(`${root}reports/${name}`, { force: true });
}
mkdirSync(`${root}reports`, { recursive: true });
process.env.STREAMS_FILE = streamsFile;

step('build', 'rollup', '-c', '--silent');
step(
  'vitest',
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  '--outputFile.json=reports/vitest.json',
  ...process.argv.slice(2),
);
const typeTests = `${root}test/types`;
if (existsSync(typeTests) && readdirSync(typeTests).some((name) => name.endsWith('.test-d.ts'))) {
  step('tsd', 'tsd');
} else {
  console.log('\n> tsd: no test/types/*.test-d.ts, skipped');
  steps.push({ name: 'tsd', status: 'skipped' });
}

const amounts = readAmounts(`${root}reports/vitest.json`, streamsFile);
console.log(`\nGenerated streams: ${amounts.streams} in ${amounts.properties} properties`);
// Only a whole run has to be enough.
if (process.argv.length === 2 && process.env.RUNS === undefined) {
  const broken = brokenPromises(amounts);
  for (const promise of broken) console.log(`Not as promised: ${promise}`);
  steps.push({ name: 'amounts', status: broken.length === 0 ? 'passed' : 'failed' });
}

writeFileSync(`${root}reports/steps.json`, `${JSON.stringify(steps, undefined, 2)}\n`);
const { line, ok } = summarize();
for (const { name, status } of steps) console.log(`${name}: ${status}`);
console.log(line);
process.exitCode = ok ? 0 : 1;
