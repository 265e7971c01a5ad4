/** For `npm run bugs`: the property tests of one operator, over sources with the bug that the variable BUG names. */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { findBug, withBug } from './scripts/bugBank.mjs';
import { alias } from './vitest.config.js';

const { bug, tests } = findBug(process.env['BUG'] ?? '');

/** Replaces the text at load time: nothing is ever written into the sources. */
function seeding(): Plugin[] {
  if (bug === undefined) return [];
  const file = fileURLToPath(new URL(bug.file, import.meta.url));
  const transform = (code: string, id: string): string | undefined =>
    id === file ? withBug(bug, code) : undefined;
  return [{ name: 'bug-bank', enforce: 'pre', transform }];
}

/** The file most likely to notice it first. */
class AsListed extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number =>
      tests.findIndex((test) => moduleId.endsWith(test));
    return Promise.resolve([...files].sort((one, other) => placeOf(one) - placeOf(other)));
  }
}

export default defineConfig({
  plugins: seeding(),
  resolve: { alias },
  test: {
    include: [...tests],
    sequence: { sequencer: AsListed },
    fileParallelism: false,
    // All files in one process: their properties look together, after the last file.
    isolate: false,
    setupFiles: ['property-tests/support/bugHuntEnd.ts'],
    env: { BUG_FILES: String(tests.length) },
    hookTimeout: 0,
    testTimeout: 0,
    reporters: ['dot'],
  },
});
