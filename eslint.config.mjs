import { defineConfig, globalIgnores } from 'eslint/config';
import rxjsX from 'eslint-plugin-rxjs-x';
import tsdoc from 'eslint-plugin-tsdoc';
import tseslint from 'typescript-eslint';

/** Forbids every import that does not match one of the given patterns. */
function mayImportOnly(patterns, message) {
  const regex = `^(?!${patterns.map((pattern) => `(?:${pattern})`).join('|')})`;
  return { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] };
}

function mayNotImport(patterns, message) {
  const regex = patterns.map((pattern) => `(?:${pattern})`).join('|');
  return { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] };
}

const sibling = String.raw`\./(?!.*\.\./)`;
const leaf = String.raw`\.\./(?:types|errors|options|sequenceOptions)\.js$`;
const operatorsFolder = String.raw`(?:^|/)operators/`;
const connectorsFolder = String.raw`(?:^|/)connectors/`;
const testingFolder = String.raw`^\.\.?/(?:.*/)?testing/`;
const testsFolder = String.raw`(?:^|/)(?:test|property-tests|bench|examples|soak)/`;

// docs/DESIGN.md §2. One block per folder: for one file, the last block that names a rule wins.
const importRules = [
  {
    files: ['src/**/*.ts'],
    rules: mayNotImport(
      [operatorsFolder, testingFolder, testsFolder, connectorsFolder],
      'Only src/index.ts imports operators/, and nothing that is shipped imports connectors/, testing/ or tests.',
    ),
  },
  {
    files: ['src/structures/**/*.ts'],
    rules: mayImportOnly(
      [sibling, String.raw`\.\./types\.js$`],
      'src/structures imports structures and types only.',
    ),
  },
  {
    files: ['src/core/**/*.ts'],
    rules: mayImportOnly(
      [sibling, String.raw`\.\./structures/`, leaf],
      'src/core imports structures, core, types, errors and options only; no rxjs, not even types.',
    ),
  },
  {
    files: ['src/rx/**/*.ts'],
    rules: mayImportOnly(
      [sibling, 'rxjs$', leaf],
      'src/rx imports rxjs, rx, types, errors and options only.',
    ),
  },
  {
    files: ['src/types.ts', 'src/errors.ts', 'src/options.ts', 'src/sequenceOptions.ts'],
    rules: mayImportOnly(
      [String.raw`\./(?:types|errors|options|sequenceOptions)\.js$`, 'rxjs$'],
      'types, errors and options import each other and types of rxjs only.',
    ),
  },
  {
    files: ['src/connectors/**/*.ts'],
    rules: mayImportOnly(
      [
        sibling,
        'rxjs$',
        String.raw`\.\./\.\./(?:core|structures|rx)/`,
        String.raw`\.\./\.\./(?:index|types|errors|options)\.js$`,
      ],
      'A connector imports rxjs, the public entry, src/core, src/structures, src/rx, types, errors and options.',
    ),
  },
  {
    files: ['src/index.ts'],
    rules: mayNotImport(
      [testingFolder, testsFolder, connectorsFolder, String.raw`^\./inspect/`],
      'The entry does not contain testing, inspect or tests.',
    ),
  },
  {
    files: ['src/testing/**/*.ts', 'src/inspect/**/*.ts'],
    rules: mayNotImport(
      [operatorsFolder, testsFolder],
      'testing/ and inspect/ use operators through the public entry, ../index.js.',
    ),
  },
  {
    files: ['operators/**/*.ts'],
    rules: mayImportOnly(
      [
        'rxjs$',
        String.raw`\.\./src/(?:core|structures|rx)/`,
        String.raw`\.\./src/(?:types|errors|options|sequenceOptions)\.js$`,
      ],
      'An operator imports rxjs, src/core, src/structures, src/rx, types, errors and options; no other operator.',
    ),
  },
];

export default defineConfig(
  globalIgnores([
    'dist',
    'docs/api',
    'coverage',
    'reports',
    '.stryker-tmp',
    '.pack',
    '.demo',
    '.soak',
    'test/types',
  ]),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, rxjsX.configs.strict],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['*.config.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'ExportSpecifier[exported.name="default"]', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'A union of strings, not an enum.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'operators/**/*.ts'],
    plugins: { tsdoc },
    rules: {
      'tsdoc/syntax': 'error',
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['warn', { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // The one place that touches Subscriber (docs/DESIGN.md §2).
    files: ['src/rx/operate.ts'],
    rules: { 'rxjs-x/no-subclass': 'off', '@typescript-eslint/no-deprecated': 'off' },
  },
  ...importRules,
  {
    files: [
      'test/**',
      'property-tests/**',
      'bench/**',
      'examples/**',
      'soak/**',
      'vitest.config.ts',
    ],
    rules: {
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-ignored-subscription': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  { files: ['**/*.mjs'], extends: [tseslint.configs.recommended] },
);
