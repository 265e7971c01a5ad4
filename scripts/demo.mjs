// npm run demo [-- arguments]: bundles examples/demo to .demo/ and runs it on the built package, as a user's program would.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildIfStale } from './build-if-stale.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const entryPoints = ['main', 'sender', 'relay', 'receiver', 'shardWorker']
  .map((name) => `${root}examples/demo/${name}.ts`)
  .filter((file) => existsSync(file));

if (!entryPoints.some((file) => file.endsWith('/main.ts'))) {
  console.error('examples/demo/main.ts does not exist');
  process.exit(1);
}

buildIfStale();
await build({
  entryPoints,
  outdir: `${root}.demo`,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  // Keep `rxjs-reliable` a package import; tsconfig.json maps it to the sources.
  tsconfigRaw: {},
  logLevel: 'warning',
});

const args = ['--enable-source-maps', `${root}.demo/main.js`, ...process.argv.slice(2)];
const demo = spawn(process.execPath, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => demo.kill(signal));
demo.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
