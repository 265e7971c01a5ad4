/** The command-line tool as it is built: a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './consumer.js';

const cli = join(root, 'dist', 'cli.js');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rxjs-reliable-inspect-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    input,
    cwd: folder,
  });
  return { status, stdout, stderr };
}

const feed = 't_ms,seq\n0,1\n0,3\n5,4\n30,2\n31,6\n';

describe('rxjs-reliable', () => {
  it('explains itself and names its version', () => {
    expect(run(['--help'])).toMatchObject({ status: 0, stderr: '' });
    expect(run(['inspect', '--help']).stdout).toContain('--skip-invalid');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(run(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([[[]], [['frobnicate']], [['inspect']], [['inspect', 'x', '--frob']]])(
    'exits with 2 for %j',
    (args) => {
      const { status, stdout, stderr } = run(args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^rxjs-reliable: .+\n/);
      expect(stderr).not.toMatch(/\n\s+at /);
    },
  );

  it('contains its CSV parser, with the licence, and needs rxjs alone', () => {
    const code = readFileSync(cli, 'utf8');
    expect(code).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(code).toContain('Contains csv-parse');
    const imported = [...code.matchAll(/^import .* from ['"]([^'"]+)['"]/gm)].map(([, id]) => id);
    const foreign = imported.filter((id) => !(id ?? '').startsWith('node:'));
    expect(new Set(foreign.filter((id) => !/^[a-z_]+$/.test(id ?? '')))).toEqual(new Set());
    expect(foreign).toContain('rxjs');
    expect(foreign).not.toContain('csv');
  });
});

describe('rxjs-reliable inspect', () => {
  it('prints a report', () => {
    const { status, stdout, stderr } = run(['inspect', write('feed.csv', feed)]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('What was wrong');
    expect(stdout).toContain('reorderBy((m) => m.seq, { maxWaitMs: 50, maxBuffer: 2 })');
    expect(stdout).not.toContain('\u001B');
  });

  it('prints JSON', () => {
    const { status, stdout } = run(['inspect', write('feed.csv', feed), '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      messages: 5,
      keys: 1,
      gapEvents: 2,
      missing: 2,
      filledLate: 1,
      neverSeen: 1,
      duplicates: 0,
      outOfOrder: 1,
      restarts: 0,
      invalid: 0,
      displacement: { p50: 2, p90: 2, p99: 2, max: 2 },
      latenessMs: { p50: 30, p90: 30, p99: 30, max: 30 },
      recommendation: expect.arrayContaining([
        { maxWaitMs: 0, maxBuffer: 1, mostHeld: 0, delivered: 4, late: 1, lost: 2 },
        { maxWaitMs: 50, maxBuffer: 2, mostHeld: 2, delivered: 5, late: 0, lost: 1 },
      ]) as unknown,
      perKey: {},
    });
  });

  it('reads NDJSON from standard input', () => {
    const lines = [1, 2, 4].map((seq) => JSON.stringify({ seq, from: 'a' })).join('\n');
    const { status, stdout } = run(['inspect', '-', '--key', 'from', '--json'], lines);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      messages: 3,
      missing: 1,
      latenessMs: null,
      perKey: { a: { messages: 3, missing: 1 } },
    });
  });

  it('says which line of which file is bad, and exits with 2', () => {
    const bad = write('bad.csv', 't_ms,seq\n0,1\n1,x\n2');
    expect(run(['inspect', bad])).toEqual({
      status: 2,
      stdout: '',
      stderr: `${bad}:3: column "seq": "x" is not an integer, 0 or more\n`,
    });
    expect(run(['inspect', bad, '--seq', 'nr'])).toEqual({
      status: 2,
      stdout: '',
      stderr: `${bad}:1: no column "nr"; the columns are t_ms, seq\n`,
    });
    expect(run(['inspect', 'absent.csv'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'absent.csv: no such file\n',
    });
    const { status, stdout } = run(['inspect', bad, '--skip-invalid', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ messages: 1, invalid: 2 });
  });

  it.skipIf(process.platform === 'win32')('ends quietly when nobody reads on', async () => {
    const rows = Array.from({ length: 5_000 }, (_, key) => `${String(key)},1`).join('\n');
    const file = write('keys.csv', `key,seq\n${rows}\n`);
    const child = spawn(process.execPath, [cli, 'inspect', file, '--key=key', '--json']);
    child.stdout.once('data', () => child.stdout.destroy());
    const ended = new Promise((resolve) => child.once('close', resolve));
    const errors = await text(child.stderr);
    expect({ status: await ended, errors }).toEqual({ status: 0, errors: '' });
  });
});
