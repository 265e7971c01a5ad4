import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { leanFields } from './scripts/leanFields.mjs';
import { plainPrivateNames } from './scripts/plainPrivateNames.mjs';

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const peers = Object.keys(manifest.peerDependencies);
const isExternal = (id) =>
  isBuiltin(id) || peers.some((peer) => id === peer || id.startsWith(`${peer}/`));

const input = {
  index: 'src/index.ts',
  testing: 'src/testing/index.ts',
  worker: 'src/connectors/worker/index.ts',
};

const names = (extension) => ({
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `chunks/[name].${extension}`,
});

/** Nothing from an earlier build is published. */
const clean = {
  name: 'clean',
  buildStart() {
    rmSync('dist', { recursive: true, force: true });
  },
};

const library = {
  input,
  external: isExternal,
  plugins: [
    clean,
    esbuild({ target: 'es2022', tsconfig: 'tsconfig.build.json' }),
    plainPrivateNames(),
    leanFields(),
  ],
  output: [
    { dir: 'dist', format: 'es', sourcemap: true, ...names('js') },
    { dir: 'dist', format: 'cjs', sourcemap: true, exports: 'named', ...names('cjs') },
  ],
};

const declarations = {
  input,
  external: isExternal,
  plugins: [dts({ tsconfig: 'tsconfig.build.json' })],
  output: [
    { dir: 'dist', format: 'es', ...names('d.ts') },
    { dir: 'dist', format: 'es', ...names('d.cts') },
  ],
};

/** Makes a bundle a program: shebang, executable bit, licence of what it contains, and no dependency users may lack. */
function program() {
  const licence = readFileSync('node_modules/csv-parse/LICENSE', 'utf8').trim();
  return {
    name: 'program',
    renderChunk(code) {
      const body = code.replace(/^#!.*\n/, '');
      const notice = body.includes('csv') ? `/*! Contains csv-parse:\n\n${licence}\n*/\n` : '';
      return { code: `#!/usr/bin/env node\n${notice}${body}`, map: null };
    },
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const foreign = file.imports.filter((id) => id !== 'rxjs' && !isBuiltin(id));
        if (foreign.length > 0) this.error(`${file.fileName} imports ${foreign.join(', ')}`);
      }
    },
    writeBundle(options) {
      chmodSync(options.file, 0o755);
    },
  };
}

const bin = {
  input: 'src/inspect/cli.ts',
  external: isExternal,
  treeshake: { moduleSideEffects: 'no-external' },
  plugins: [
    nodeResolve({ resolveOnly: ['csv-parse'], exportConditions: ['node'], preferBuiltins: true }),
    esbuild({ target: 'node20', tsconfig: 'tsconfig.json' }),
    plainPrivateNames(),
    leanFields(),
    program(),
  ],
  output: { file: 'dist/cli.js', format: 'es' },
};

export default [library, declarations, bin];
