// npm run fuzz [-- --minutes N]: the property tests with fresh seeds, file by file, until the time is over.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    // Which files: those whose path contains it.
    only: { type: 'string', default: '' },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error(`--minutes cannot be '${values.minutes}'`);
  process.exit(2);
}

const files = readdirSync(`${root}property-tests`, { recursive: true, encoding: 'utf8' })
  .map((name) => `property-tests/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.property.test.ts') && name.includes(values.only));
if (files.length === 0) {
  console.error(`--only cannot be '${values.only}'`);
  process.exit(2);
}

const untilMs = Date.now() + minutes * 60_000;
// Some hundred properties share the time; a long search comes round to each of them again and again, with other seeds.
const secondsEach = Math.min(Math.max((minutes * 60) / (files.length * 8), 1), 60);
let streams = 0;
const seeds = [];
const failures = [];

/** Draws a seed and searches one file. */
function fuzz(file) {
  const seed = Math.floor(Math.random() * 2 ** 32) | 0;
  const env = {
    ...process.env,
    SEED: String(seed),
    FUZZ_SECONDS: String(secondsEach),
    FUZZ_UNTIL_MS: String(untilMs),
  };
  const args = ['run', '--project', 'property', '--testTimeout=0', '--reporter=default', file];
  const { status, stdout, stderr } = spawnSync(`${root}node_modules/.bin/vitest`, args, {
    cwd: root,
    env: { ...env, NO_COLOR: '1' },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32',
  });
  const count = Number(/Property tests: (\d+) streams/.exec(stdout)?.[1] ?? 0);
  streams += count;
  seeds.push(seed);
  console.log(`${status === 0 ? '✓' : '✗'} ${file}: ${count} streams, SEED=${seed}`);
  if (status !== 0) failures.push({ file, seed, text: `${stdout}\n${stderr}` });
}

/** The lines that say how a failure is repeated and stored, and if there are none, all that was printed. */
function replayLines(text) {
  const lines = text.split('\n');
  const starts = [...lines.keys()].filter((index) => / fails after \d+ streams/.test(lines[index]));
  // "fails after", "Again:", "Once and for all:", and the line to store.
  const told = starts.flatMap((index) => lines.slice(index, index + 4));
  return told.length > 0 ? [...new Set(told)].join('\n') : text;
}

for (let index = 0; Date.now() < untilMs; index += 1) fuzz(files[index % files.length]);

console.log(`${streams} streams, ${failures.length} failures, seeds ${seeds.join(' ')}`);
for (const { file, seed, text } of failures) {
  console.log(`\nSEED=${seed} ${file}\n${replayLines(text)}`);
}
process.exitCode = failures.length === 0 ? 0 : 1;
