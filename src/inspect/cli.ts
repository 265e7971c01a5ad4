import { readFileSync } from 'node:fs';
import { runCommand } from './runCommand.js';

const { argv, env, stdin, stdout, stderr } = process;

// Whoever reads the output may have seen enough (`| head`): no failure.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** This file is built into dist/, beside which the manifest lies. */
function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

process.exitCode = await runCommand(argv.slice(2), {
  stdin,
  get version() {
    return readVersion();
  },
  hasColors: stdout.isTTY && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
  print: (text) => stdout.write(text),
  printError: (text) => stderr.write(text),
});
