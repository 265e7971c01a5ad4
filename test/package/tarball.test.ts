import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, createConsumer, root, run, tool } from './consumer.js';

let consumer: Consumer;
let tester: Consumer;
beforeAll(() => {
  consumer = createConsumer();
  tester = consumer.copyWith('fast-check', 'pure-rand');
});
afterAll(() => {
  consumer.dispose();
  tester.dispose();
});

const installed = (name: string): string =>
  join(consumer.folder, 'node_modules', 'rxjs-reliable', name);

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: unknown;
  readonly optionalDependencies?: unknown;
  readonly bin: Readonly<Record<string, string>>;
  readonly main: string;
  readonly module: string;
  readonly types: string;
}

const manifest = (): Manifest =>
  JSON.parse(readFileSync(installed('package.json'), 'utf8')) as Manifest;

const leaves = (tree: unknown): string[] =>
  typeof tree === 'string'
    ? [tree]
    : Object.values(tree as Readonly<Record<string, unknown>>).flatMap(leaves);

const program = `
  const { from, toArray } = rxjs;
  const { dedupeWithin, OptionError, reorderBy, sequenceGaps } = reliable;
  const lines = [];
  from([1, 2, 2, 4, 3]).pipe(
    dedupeWithin(60_000),
    sequenceGaps((n) => n),
    reorderBy((n) => n),
    toArray(),
  ).subscribe((all) => lines.push(all.join()));
  try {
    reorderBy((n) => n, { maxWaitMs: -1 });
  } catch (error) {
    lines.push(error instanceof OptionError, error instanceof Error);
  }
  console.log(lines.join(' '));
`;

describe('the tarball', () => {
  it('holds dist and the four papers, nothing else', () => {
    const extra = consumer.packed.files
      .map((file) => file.path)
      .filter((path) => !/^(dist\/.*|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/.test(path));
    expect(extra).toEqual([]);
  });

  it('explains itself and its licence', () => {
    const paths = consumer.packed.files.map((file) => file.path);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
  });

  it('holds every file its manifest names', () => {
    const { main, module, types, bin, exports } = manifest();
    const named = [main, module, types, ...leaves(bin), ...leaves(exports)];
    expect(named.filter((name) => !existsSync(installed(name)))).toEqual([]);
  });

  it('depends on nothing', () => {
    expect(manifest()).not.toHaveProperty('dependencies');
    expect(manifest()).not.toHaveProperty('optionalDependencies');
  });

  it('holds no path of the machine that built it', () => {
    const telling = consumer.packed.files
      .map((file) => file.path)
      .filter((path) => readFileSync(installed(path), 'utf8').includes(root));
    expect(telling).toEqual([]);
  });

  it('satisfies publint and attw', () => {
    const { tarball } = consumer.packed;
    expect(tool('publint', '--strict', tarball)).toMatchObject({ status: 0 });
    expect(tool('attw', tarball)).toMatchObject({ status: 0 });
  });
});

describe('a user without fast-check', () => {
  it('imports it as an ES module', () => {
    const source = `import * as rxjs from 'rxjs';\nimport * as reliable from 'rxjs-reliable';\n`;
    const file = consumer.write('main.mjs', source + program);
    const outcome = run(consumer.folder, process.execPath, file);
    expect(outcome).toEqual({ status: 0, stdout: '1,2,3,4 true true\n', stderr: '' });
  });

  it('requires it from CommonJS', () => {
    const source = `const rxjs = require('rxjs');\nconst reliable = require('rxjs-reliable');\n`;
    const file = consumer.write('main.cjs', source + program);
    const outcome = run(consumer.folder, process.execPath, file);
    expect(outcome).toEqual({ status: 0, stdout: '1,2,3,4 true true\n', stderr: '' });
  });

  it('runs the command-line tool', () => {
    expect(statSync(installed('dist/cli.js')).mode & 0o111).not.toBe(0);
    const command = join(consumer.folder, 'node_modules', '.bin', 'rxjs-reliable');
    const outcome = run(consumer.folder, command, '--help');
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout).toContain('rxjs-reliable');
  });

  it.each(['main.mts', 'main.cts'])('type-checks %s, declarations included', (name) => {
    const file = consumer.write(
      name,
      `import { of, type Observable } from 'rxjs';
       import { dedupeWithin, OptionError, reorderBy, sequenceGaps } from 'rxjs-reliable';
       interface Message { readonly seq: number; readonly text: string }
       const messages: Observable<Message> = of({ seq: 1, text: 'one' });
       export const ordered: Observable<Message> = messages.pipe(
         dedupeWithin(60_000, { keyBy: (message) => message.text }),
         sequenceGaps((message) => message.seq),
         reorderBy((message) => message.seq, { maxWaitMs: 200 }),
       );
       export const isOption = (error: unknown): boolean => error instanceof OptionError;
       // @ts-expect-error a selector must return a number
       export const wrong = messages.pipe(reorderBy((message) => message.text));`,
    );
    expect(typeCheck(consumer, file)).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('a user with fast-check', () => {
  it('loads rxjs-reliable/testing in both module systems', () => {
    const body = `console.log(Object.keys(testing).length > 0);`;
    const esm = tester.write(
      'testing.mjs',
      `import * as testing from 'rxjs-reliable/testing';\n${body}`,
    );
    const cjs = tester.write(
      'testing.cjs',
      `const testing = require('rxjs-reliable/testing');\n${body}`,
    );
    for (const file of [esm, cjs]) {
      const outcome = run(tester.folder, process.execPath, file);
      expect(outcome).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
    }
  });

  it.each(['testing.mts', 'testing.cts'])('type-checks %s', (name) => {
    const file = tester.write(
      name,
      `import * as testing from 'rxjs-reliable/testing';\nexport const names = Object.keys(testing);`,
    );
    expect(typeCheck(tester, file)).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

function typeCheck(project: Consumer, file: string): ReturnType<typeof run> {
  const options = ['--strict', '--exactOptionalPropertyTypes', '--noEmit'];
  const modules = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return run(project.folder, process.execPath, compiler, ...options, ...modules, file);
}
