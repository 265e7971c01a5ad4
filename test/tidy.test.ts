/** The tree itself: every file has its tests, a reader, and only the imports its folder allows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** All files under a folder with this ending, relative to the root, '/' between names. */
function filesIn(folder: string, ending: string): string[] {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort();
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const missing = (files: readonly string[]): string[] =>
  files.filter((file) => !existsSync(join(root, file)));

/** The module specifiers a source file imports or re-exports, types included. */
const importsOf = (file: string): string[] =>
  ts.preProcessFile(read(file), true, true).importedFiles.map((reference) => reference.fileName);

/** The file in this tree a relative specifier means. */
function target(file: string, specifier: string): string {
  const url = new URL(specifier, `file:///${file}`);
  return url.pathname.slice(1).replace(/\.js$/, '.ts');
}

/** The source without comments, so that prose may name what code may not. */
function codeOf(file: string): string {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022);
  return ts.createPrinter({ removeComments: true }).printFile(source);
}

const sources = [...filesIn('src', '.ts'), ...filesIn('operators', '.ts')];
const operators = filesIn('operators', '.ts');

/** Whether nothing is left of a file once its types are gone: there is nothing in it to run. */
function isTypesOnly(file: string): boolean {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(read(file), {
    compilerOptions: { ...compilerOptions, removeComments: true },
  });
  return /^\s*(export \{\s*\};\s*)?$/.test(outputText);
}

const mirrored = ['src/core', 'src/structures', 'src/rx', 'src/connectors']
  .flatMap((dir) => filesIn(dir, '.ts'))
  .filter((file) => !isTypesOnly(file) && !file.endsWith('/index.ts'));

describe('operators', () => {
  it.each(operators)('%s has its tests, its export and its core', (file) => {
    const name = basename(file, '.ts');
    const tests = [
      `test/unit/operators/${name}.test.ts`,
      `test/types/${name}.test-d.ts`,
      `property-tests/${name}.property.test.ts`,
    ];
    expect(missing(tests)).toEqual([]);
    expect(importsOf('src/index.ts')).toContain(`../operators/${name}.js`);
    expect(importsOf(file).filter((id) => id.startsWith('../src/core/'))).not.toEqual([]);
    expect(codeOf(file)).toMatch(new RegExp(`export (function|const) ${name}\\b`));
  });
});

describe('sources', () => {
  it.each(mirrored)('%s has a unit test that mirrors its path', (file) => {
    expect(missing([file.replace(/^src/, 'test/unit').replace(/\.ts$/, '.test.ts')])).toEqual([]);
  });

  it('are all reachable from a public entry', () => {
    const entries = [
      ...['src/index.ts', 'src/testing/index.ts', 'src/connectors/worker/index.ts'],
      'src/inspect/cli.ts',
    ];
    const reached = new Set(entries.filter((file) => sources.includes(file)));
    for (const file of reached) {
      for (const specifier of importsOf(file)) {
        if (specifier.startsWith('.')) reached.add(target(file, specifier));
      }
    }
    expect(missing([...reached])).toEqual([]);
    expect(sources.filter((file) => !reached.has(file))).toEqual([]);
  });

  it('use named exports only', () => {
    expect(sources.filter((file) => codeOf(file).includes('export default'))).toEqual([]);
  });

  it('keep rxjs out of core and structures', () => {
    const pure = sources.filter((file) => /^src\/(core|structures)\//.test(file));
    expect(pure.filter((file) => importsOf(file).some((id) => /^rxjs(\/|$)/.test(id)))).toEqual([]);
  });

  it('take time as an argument', () => {
    const clock = /\bset(Timeout|Interval|Immediate)\b|\bDate\.now\b|\bnew Date\b|\bperformance\b/;
    const timeless = sources.filter((file) => /^(src\/(core|structures)|operators)\//.test(file));
    expect(timeless.filter((file) => clock.test(codeOf(file)))).toEqual([]);
  });
});

describe('the tree', () => {
  const folders = [
    'src',
    'operators',
    'test',
    'property-tests',
    'bench',
    'examples',
    'soak',
    'scripts',
  ];
  const everything = folders.flatMap((folder) => filesIn(folder, ''));

  it('has no drawer named utils', () => {
    expect(everything.filter((file) => /(^|\/)(utils?|helpers?|misc)\b/i.test(file))).toEqual([]);
  });

  it('has tests only for what exists', () => {
    const unit = filesIn('test/unit', '.test.ts').filter((file) =>
      /^test\/unit\/(operators|core|structures|rx|connectors)\//.test(file),
    );
    const subjects = unit.map((file) =>
      file
        .replace(/^test\/unit\/(?!operators\/)/, 'src/')
        .replace(/^test\/unit\//, '')
        // Name.test.ts, and Name.topic.test.ts where one file would be too long.
        .replace(/(\.\w+)?\.test\.ts$/, '.ts'),
    );
    expect(missing(subjects)).toEqual([]);
  });

  it('links every page from another page', () => {
    const pages = [...filesIn('docs', '.md'), ...filesIn('examples', '.md')].filter(
      (file) => !file.startsWith('docs/api/'),
    );
    const top = readdirSync(root).filter((name) => name.endsWith('.md'));
    const linked = new Set<string>();
    for (const page of [...top, ...pages]) {
      for (const [, link = ''] of read(page).matchAll(/\]\(<?([^)\s>#]+)/g)) {
        if (!/^[a-z]+:/.test(link)) {
          const linkedFile = target(page, link);
          if (linkedFile !== page) linked.add(linkedFile);
        }
      }
    }
    expect(pages.filter((page) => !linked.has(page))).toEqual([]);
    // … and every relative link leads somewhere, generated pages aside.
    const outside = [...linked].filter((file) => !/^(docs\/api|dist|coverage)\b/.test(file));
    expect(missing(outside.map((file) => relative('', decodeURIComponent(file))))).toEqual([]);
  });
});
