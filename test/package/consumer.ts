/** A user's project in a temporary folder: the packed tarball installed by npm, offline, with its own rxjs. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(cwd: string, command: string, ...args: readonly string[]): Outcome {
  const environment = { ...process.env };
  // What vitest and an outer npm set must not reach a user's process.
  for (const name of Object.keys(environment)) {
    if (/^(npm_|VITEST|NODE_OPTIONS$|NODE_V8_COVERAGE$)/i.test(name)) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete environment[name];
    }
  }
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: environment,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return { status, stdout, stderr };
}

export function tool(name: string, ...args: readonly string[]): Outcome {
  return run(root, join(root, 'node_modules', '.bin', name), ...args);
}

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

export interface Packed {
  readonly tarball: string;
  readonly files: readonly PackedFile[];
}

/** Packs folders into `into`; lifecycle scripts do not run, so `dist/` must be built. */
function pack(folders: readonly string[], into: string): Packed[] {
  const args = ['pack', ...folders, '--json', '--ignore-scripts', '--pack-destination', into];
  const { status, stdout, stderr } = run(root, 'npm', ...args);
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const reports = JSON.parse(stdout) as readonly {
    readonly filename: string;
    readonly files: readonly PackedFile[];
  }[];
  return reports.map(({ filename, files }) => ({ tarball: join(into, filename), files }));
}

export interface Consumer {
  readonly packed: Packed;
  readonly folder: string;
  /** Writes a file into the project and returns its name. */
  readonly write: (name: string, text: string) => string;
  /** A copy of the project that has these packages of ours, too. */
  readonly copyWith: (...names: readonly string[]) => Consumer;
  readonly dispose: () => void;
}

const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'rxjs-reliable-consumer-'));

function consumerIn(folder: string, packed: Packed): Consumer {
  return {
    packed,
    folder,
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
      return name;
    },
    copyWith: (...names) => {
      const copy = temporaryFolder();
      cpSync(folder, copy, { recursive: true });
      for (const name of names.map((each) => join('node_modules', each))) {
        cpSync(join(root, name), join(copy, name), { recursive: true });
      }
      return consumerIn(copy, packed);
    },
    dispose: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Installs the tarball beside rxjs and its one dependency, and nothing else. */
export function createConsumer(): Consumer {
  const folder = temporaryFolder();
  const tarballs = join(folder, '.tarballs');
  mkdirSync(tarballs);
  const all = pack(['.', './node_modules/rxjs', './node_modules/tslib'], tarballs);
  const [packed] = all;
  if (packed === undefined) throw new Error('npm pack made no tarball');
  const consumer = consumerIn(folder, packed);
  consumer.write('package.json', '{ "name": "consumer", "private": true, "type": "module" }');
  const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  const cache = join(folder, '.npm');
  const wanted = all.map(({ tarball }) => tarball);
  const { status, stderr } = run(folder, 'npm', 'install', ...options, '--cache', cache, ...wanted);
  if (status !== 0) throw new Error(`npm install: ${stderr}`);
  rmSync(cache, { recursive: true, force: true });
  return consumer;
}
