// npm run coverage: what the tests by example cover, without those that measure time or memory, which counting would spoil.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const measuring = ['hostile/floods', 'hostile/keys', 'leaks', 'soak/soak'];
const { status } = spawnSync(
  process.execPath,
  [
    ...['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--coverage'],
    ...measuring.flatMap((name) => ['--exclude', `test/unit/${name}.test.ts`]),
    ...['--exclude', 'test/tidy.test.ts', ...process.argv.slice(2)],
  ],
  { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit' },
);
process.exitCode = status ?? 1;
