// npm run soak [-- arguments]: bundles soak/ to .soak/ and runs it on the built package.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildIfStale } from './build-if-stale.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

buildIfStale();
await build({
  entryPoints: [`${root}soak/main.ts`],
  outdir: `${root}.soak`,
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

const node = ['--expose-gc', '--enable-source-maps'];
const args = [...node, `${root}.soak/main.js`, ...process.argv.slice(2)];
const soak = spawn(process.execPath, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => soak.kill(signal));
soak.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
