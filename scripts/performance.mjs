// npm run performance: runs all benchmarks, for about a quarter of an hour, and writes docs/PERFORMANCE.md from what they
// found. `--from DIRECTORY` writes it from earlier results, `--into DIRECTORY` keeps them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { performancePage } from './performancePage.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { from: { type: 'string' }, into: { type: 'string' } },
});
const names = ['run', 'growth', 'latency', 'allocations'];

function measure(directory) {
  mkdirSync(directory, { recursive: true });
  for (const name of names) {
    const args = ['--expose-gc', `bench/${name}.mjs`, '--json', join(directory, `${name}.json`)];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
  return directory;
}

const directory =
  values.from ?? measure(values.into ?? mkdtempSync(join(tmpdir(), 'rxjs-reliable-performance-')));
const [run, growth, latency, allocations] = names.map((name) =>
  JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')),
);
const page = performancePage({
  ...run,
  ...growth,
  latency: latency.rows,
  allocations: allocations.rows,
  machine: `Node ${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}`,
});
const path = `${root}docs/PERFORMANCE.md`;
writeFileSync(path, await format(page, { ...(await resolveConfig(path)), parser: 'markdown' }));
