/** The demo's command line: runs sender, relay and receiver, shows how they get on, and draws up the account. */
import pc from 'picocolors';
import { accountTable } from './accountTable.js';
import { audit } from './audit.js';
import { Dashboard } from './dashboard.js';
import { faultsOf } from './format.js';
import { PlainLines } from './plainLines.js';
import { Run } from './run.js';
import { help, readSettings, type Settings, UsageError } from './settings.js';
import type { View } from './view.js';

const write = (text: string): void => {
  process.stdout.write(text);
};

function viewFor({ quiet, messages }: Settings): View | undefined {
  if (quiet) return undefined;
  const canRedraw = process.stdout.isTTY && process.env['TERM'] !== 'dumb';
  return canRedraw ? new Dashboard(messages, write) : new PlainLines(write);
}

/** Shows the run until the returned function is called. */
function watch(run: Run, view: View): () => void {
  const show = (): void => {
    if (run.progress !== undefined) view.show(run.progress);
  };
  const timer = setInterval(show, view.intervalMs);
  return () => {
    clearInterval(timer);
    view.close();
  };
}

async function demo(settings: Settings): Promise<number> {
  write(`${pc.bold('sender → relay → receiver')}\n${faultsOf(settings)}\n\n`);
  const run = new Run(settings);
  const view = viewFor(settings);
  const unwatch = view && watch(run, view);
  // However this process ends, nothing of it stays behind.
  process.on('exit', () => {
    run.kill();
    unwatch?.();
  });
  const outcome = await run.finish();
  const result = audit(outcome.sender, outcome.receiver);
  unwatch?.();
  write(`\n${accountTable(outcome, result)}`);
  return result.checks.every((check) => check.holds) ? 0 : 1;
}

async function main(args: readonly string[]): Promise<number> {
  const settings = readSettings(args);
  if (settings !== 'help') return demo(settings);
  write(help);
  return 0;
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.stdout.on('error', () => process.exit(1)); // `npm run demo | head`

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\nTry --help.` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
// Sockets and children would keep it alive.
process.exit();
