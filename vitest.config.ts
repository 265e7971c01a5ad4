import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** What tests import is the sources. */
export const alias = [
  { find: /^rxjs-reliable$/, replacement: path('./src/index.ts') },
  { find: /^rxjs-reliable\/testing$/, replacement: path('./src/testing/index.ts') },
  { find: /^rxjs-reliable\/worker$/, replacement: path('./src/connectors/worker/index.ts') },
];

export default defineConfig({
  resolve: { alias },
  test: {
    pool: 'forks', // worker threads refuse --expose-gc
    execArgv: ['--expose-gc'],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/tidy.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'property',
          include: ['property-tests/**/*.test.ts'],
          // As long as fast-check may search for: on a busy machine ten thousand streams take their time.
          testTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
    coverage: {
      provider: 'istanbul',
      include: ['src/**/*.ts', 'operators/**/*.ts'],
      exclude: ['src/inspect/cli.ts', 'src/**/*.d.ts', 'src/types.ts', 'src/**/*.types.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: {
        ...{ lines: 99, functions: 98, branches: 95 },
        '{operators,src/core,src/structures,src/rx}/**': {
          lines: 100,
          functions: 100,
          branches: 98,
        },
      },
    },
  },
});
