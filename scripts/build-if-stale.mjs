import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = [
  'src',
  'operators',
  'scripts/leanFields.mjs',
  'scripts/plainPrivateNames.mjs',
  'rollup.config.mjs',
  'package.json',
  'tsconfig.build.json',
];

function newestIn(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path).map((name) => newestIn(join(path, name)));
  // The folder's own time counts too: it changes when a file is removed.
  return Math.max(stat.mtimeMs, ...inside);
}

/** Builds dist/ when it is missing or older than a source; ends the process when the build fails. */
export function buildIfStale() {
  const built = statSync(join(root, 'dist', 'index.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const complete = existsSync(join(root, 'dist', 'index.d.ts'));
  if (complete && sources.every((source) => newestIn(join(root, source)) <= built)) return;
  console.error('building dist/ …');
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], options);
  if (status !== 0) process.exit(status ?? 1);
}
