// npm run soak: every case in a process of its own, as many at once as there are processors, up to four.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { holdingOperators } from '../test/support/holdingOperators.js';
import { soaks } from './cases/index.js';
import { help, readSettings, type Settings, UsageError } from './readSettings.js';
import { runCycles } from './runCycles.js';

const maxDriftBytes = 256 * 1_024;
const maxBytesPerSubscription = 1;
const subscriptions = 'subscriptions: ';
const subscriptionCount = 100_000;

/** Prints one line; returns whether all is well. */
function conclude(name: string, facts: readonly string[], problem: string | undefined): boolean {
  const mark = problem === undefined ? '✓' : '✗';
  console.log([mark, name, ...facts].join('  '));
  if (problem !== undefined) console.log(`  ${problem}`);
  return problem === undefined;
}

function runCase(name: string, { messages, seed }: Settings): boolean {
  const soak = soaks.get(name);
  if (soak === undefined) return runSubscriptions(name);
  const beganMs = performance.now();
  const result = soak({ messages, seed, measuresHeap: true });
  const seconds = (performance.now() - beganMs) / 1_000;
  const drift = `${(result.driftBytes / 1_024).toFixed(0)} KiB`;
  const grown = result.driftBytes > maxDriftBytes ? `the heap drifts by ${drift}` : undefined;
  const facts = [
    `${messages.toLocaleString('en')} messages`,
    `${seconds.toFixed(1).padStart(5)} s`,
    `drift ${drift.padStart(7)}`,
    `${result.days.toFixed(1)} days`,
    `(${result.summary})`,
  ];
  return conclude(name.padEnd(23), facts, result.problem ?? grown);
}

function runSubscriptions(name: string): boolean {
  const make = holdingOperators[name.slice(subscriptions.length)];
  if (make === undefined) throw new UsageError(`--only cannot be '${name}'`);
  const beganMs = performance.now();
  const bytes = runCycles(make, subscriptionCount);
  const seconds = (performance.now() - beganMs) / 1_000;
  const facts = [
    `${subscriptionCount.toLocaleString('en')} times`,
    `${seconds.toFixed(1).padStart(5)} s`,
    `${bytes.toFixed(2).padStart(6)} bytes left by each`,
  ];
  const isLeaking = bytes > maxBytesPerSubscription;
  return conclude(name.padEnd(45), facts, isLeaking ? 'more than 1 byte each' : undefined);
}

/** Runs a case in its own process, so that the heap is its own, and so is what the engine learns about the code. */
function spawnCase(name: string, settings: Settings): Promise<boolean> {
  const numbers = ['--messages', String(settings.messages), `--seed=${settings.seed}`];
  const script = process.argv[1] ?? '';
  const args = [...process.execArgv, script, '--alone', '--only', name, ...numbers];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      process.stdout.write(text === '' ? `✗ ${name}: it crashed\n` : text);
      resolve(code === 0);
    });
  });
}

async function runAll(settings: Settings): Promise<boolean> {
  const holding = Object.keys(holdingOperators).map((name) => subscriptions + name);
  const names = [...soaks.keys(), ...holding].filter((name) => name.startsWith(settings.only));
  if (names.length === 0) throw new UsageError(`--only cannot be '${settings.only}'`);
  if (settings.alone) return names.every((name) => runCase(name, settings));
  const beganMs = performance.now();
  const failed: string[] = [];
  const next = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      if (!(await spawnCase(name, settings))) failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, next));
  const seconds = (performance.now() - beganMs) / 1_000;
  const isWell = failed.length === 0;
  console.log(`${isWell ? '✓' : '✗'} in ${seconds.toFixed(0)} s, seed ${settings.seed}`);
  return isWell;
}

try {
  const settings = readSettings(process.argv.slice(2));
  if (settings === 'help') console.log(help);
  else process.exitCode = (await runAll(settings)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}
