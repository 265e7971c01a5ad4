/**
 * For `npm run mutation`: the tests by example, without those that measure time or memory, or that look at other rooms.
 * MUTATION_TESTS, globs between commas, narrows them to those that are closest to what is mutated.
 */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { alias } from './vitest.config.js';

const innermostFirst = ['structures', 'core', 'rx', 'operators'];

/** The closest tests first: the first that fails ends the run of a mutant. */
class ClosestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = innermostFirst.findIndex((room) => moduleId.includes(`/test/unit/${room}/`));
      return rank < 0 ? innermostFirst.length : rank;
    };
    return Promise.resolve([...files].sort((one, other) => rankOf(one) - rankOf(other)));
  }
}

export default defineConfig({
  resolve: { alias },
  test: {
    // One worker for all files of a run, instead of one for each: most of the time went there.
    isolate: false,
    // What is instrumented is slow, and Stryker has limits of its own.
    testTimeout: 30_000,
    experimental: { fsModuleCache: true, fsModuleCachePath: 'reports/.vitest-cache' },
    setupFiles: ['test/support/exposeGc.ts', 'test/support/ownCoverage.ts'],
    include: (process.env['MUTATION_TESTS'] ?? 'test/unit/**/*.test.ts').split(','),
    exclude: [
      'test/unit/{connectors,docs,examples,inspect,scripts,soak,testing}/**',
      'test/unit/hostile/!(badOptions).test.ts',
      'test/unit/{leaks,realTimers}.test.ts',
    ],
    sequence: { sequencer: ClosestFirst },
  },
});
