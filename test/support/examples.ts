import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { compileFunction } from 'node:vm';
import ts from 'typescript';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A piece of code in the documentation. */
export interface Example {
  /** File and line. */
  readonly name: string;
  readonly code: string;
  /** What it says it prints: all that follows `// =>`. */
  readonly promised: readonly string[];
}

/** The `@example` blocks of all sources directly in `folder`. */
export function examplesOf(folder: string): Example[] {
  return readdirSync(root + folder)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => blocksOf(`${folder}/${name}`, /^ \* @example\n((?: \*.*\n)+?) \* ```\n/gm));
}

/** The blocks of a page that say what they print. */
export function examplesOnPage(page: string): Example[] {
  if (!existsSync(root + page)) return [];
  return blocksOf(page, /^```ts\n([^]*?)^```$/gm).filter(({ promised }) => promised.length > 0);
}

function blocksOf(file: string, pattern: RegExp): Example[] {
  const text = readFileSync(root + file, 'utf8');
  return [...text.matchAll(pattern)].map(({ index, 1: block = '' }) => {
    const code = block.replace(/^ \* ?/gm, '').replace(/^```ts\n/, '');
    const line = text.slice(0, index).split('\n').length;
    const promised = [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, promise = '']) => promise);
    return { name: `${file}:${line}`, code, promised };
  });
}

/** Runs an example; returns what it printed. `modules` are what it may import. */
export async function run(
  { name, code, promised }: Example,
  modules: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const printed: string[] = [];
  const console = {
    log: (...values: unknown[]) => {
      printed.push(...format(...values).split('\n'));
    },
  };
  const require = (specifier: string): unknown => {
    if (specifier in modules) return modules[specifier];
    throw new Error(`${name} imports ${specifier}`);
  };
  const body = `return (async () => { ${outputText}\n})();`;
  const example = compileFunction(body, ['require', 'exports', 'console'], {
    filename: name,
  }) as (...args: unknown[]) => Promise<void>;
  await example(require, {}, console);
  const endMs = Date.now() + 2_000;
  do await new Promise((resolve) => setTimeout(resolve, 5));
  while (printed.length < promised.length && Date.now() < endMs);
  return printed;
}

/** What the compiler has to say about examples, each as a module of its own. */
export function typeErrorsOf(examples: readonly Example[]): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (file) => ts.sys.readFile(file)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const strict = { ...options, noUnusedLocals: false, noEmit: true };
  const files = new Map(
    examples.map(({ name, code }) => [
      `${root}test/unit/docs/${name.replace(/\W/g, '_')}.ts`,
      `${code}\nexport {};`,
    ]),
  );
  const host = ts.createCompilerHost(strict);
  const original = { ...host };
  host.getSourceFile = (file, version) => {
    const code = files.get(file);
    return code === undefined
      ? original.getSourceFile(file, version)
      : ts.createSourceFile(file, code, version);
  };
  host.fileExists = (file) => files.has(file) || original.fileExists(file);
  host.readFile = (file) => files.get(file) ?? original.readFile(file);
  const program = ts.createProgram([...files.keys()], strict, host);
  return [...files.keys()]
    .map((file) => program.getSourceFile(file))
    .flatMap((file) => program.getSemanticDiagnostics(file))
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.slice(root.length) ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}
