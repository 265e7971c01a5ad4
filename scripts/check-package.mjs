// npm run check:package: packs the built package and lets publint and attw judge the tarball. No network.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build-if-stale.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { name, version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const tarball = `.pack/${name}-${version}.tgz`;

function run(command, ...args) {
  const options = { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' };
  const { status } = spawnSync(command, args, options);
  if (status !== 0) process.exit(status ?? 1);
}

buildIfStale();
rmSync(`${root}.pack`, { recursive: true, force: true });
mkdirSync(`${root}.pack`);
run('npm', 'pack', '--silent', '--pack-destination', '.pack');
run('node_modules/.bin/publint', '--strict', tarball);
run('node_modules/.bin/attw', tarball);
