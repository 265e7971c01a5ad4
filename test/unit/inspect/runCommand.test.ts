import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/inspect/runCommand.js';

async function run(args: readonly string[], input = '') {
  const out: string[] = [];
  const errors: string[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* stdin(): AsyncGenerator<Uint8Array, void, void> {
    if (input !== '') yield Buffer.from(input);
  }
  const status = await runCommand(args, {
    stdin: stdin(),
    version: '1.2.3',
    hasColors: false,
    print: (text) => out.push(text),
    printError: (text) => errors.push(text),
  });
  return { status, stdout: out.join(''), stderr: errors.join('') };
}

describe('runCommand', () => {
  it.each([['--help'], ['-h'], ['help'], ['inspect', '--help'], ['inspect', 'x', '-h']])(
    'explains itself: %s %s',
    async (...args) => {
      const { status, stdout, stderr } = await run(args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: rxjs-reliable/);
    },
  );

  it('names its version', async () => {
    expect(await run(['--version'])).toEqual({ status: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it.each([
    [[], /no command given/],
    [['frobnicate'], /unknown command "frobnicate"/],
    [['--frob'], /unknown option "--frob"/],
    [['inspect'], /no FILE given/],
    [['inspect', 'f', '--frob'], /--frob/],
  ])('refuses %j', async (args, message) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toContain("Try 'rxjs-reliable --help'");
  });

  it('reads standard input', async () => {
    const { status, stdout } = await run(['inspect', '-', '--json'], 'seq\n1\n3\n2\n');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ messages: 3, filledLate: 1 });
    expect(await run(['inspect', '-'], 'seq\nx\n')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'stdin:2: column "seq": "x" is not an integer, 0 or more\n',
    });
  });

  it('says what is wrong with the file', async () => {
    expect(await run(['inspect', '/no/such/file'])).toMatchObject({
      status: 2,
      stderr: '/no/such/file: no such file\n',
    });
    expect(await run(['inspect', '.'])).toMatchObject({ status: 2, stderr: '.: is a directory\n' });
  });
});
