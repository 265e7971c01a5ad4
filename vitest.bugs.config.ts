/** For `npm run bugs`: the property tests of one operator, over sources with the bug that the variable BUG names. */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { findBug, withBug } from './scripts/bugBank.mjs';
import { alias } from './vitest.config.js';

const { tests, ...bug } = findBug(process.env['BUG'] ?? '');
const file = fileURLToPath(new URL(bug.file, import.meta.url));

/** Replaces the text at load time: nothing is ever written into the sources. */
const seeding: Plugin = {
  name: 'bug-bank',
  enforce: 'pre',
  transform: (code, id) => (id === file ? withBug(bug, code) : undefined),
};

/** The file most likely to notice it first: seeds that have are not tried again. */
class AsListed extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number =>
      tests.findIndex((test) => moduleId.endsWith(test));
    return Promise.resolve([...files].sort((one, other) => placeOf(one) - placeOf(other)));
  }
}

export default defineConfig({
  plugins: [seeding],
  resolve: { alias },
  test: {
    include: [...tests],
    sequence: { sequencer: AsListed },
    fileParallelism: false,
    testTimeout: 0,
    reporters: ['dot'],
  },
});
