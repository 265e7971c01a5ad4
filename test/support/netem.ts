import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A number that arrived, and how long it took, in ms. */
export type Arrival = readonly [seq: number, delayMs: number];

const loop = fileURLToPath(new URL('udpLoop.mjs', import.meta.url));
/** In a network of its own, with the trouble of `$1` on its only link, if any. */
const inNamespace = (command: string): readonly string[] => [
  ...['--user', '--map-root-user', '--net', 'sh', '-c'],
  `set -e; ip link set lo up; [ -z "$1" ] || tc qdisc add dev lo root netem limit 100000 $1; ${command}`,
  'sh',
];

function works(trouble: string): boolean {
  return spawnSync('unshare', [...inNamespace('true'), trouble]).status === 0;
}

/** Whether this machine lets us have a network of our own. */
export const hasNamespaces: boolean = works('');
/** Whether its kernel has netem, too. */
export const hasNetem: boolean = hasNamespaces && works('loss 0.1%');

/** Sends datagrams over a link of the kernel's with this trouble (in tc's words; '' for none), `rate` each millisecond. */
export async function sendOverNetem(
  trouble: string,
  count: number,
  rate: number,
): Promise<readonly Arrival[]> {
  const command = `exec "${process.execPath}" "${loop}" ${String(count)} ${String(rate)}`;
  const args = [...inNamespace(command), trouble];
  const { stdout } = await promisify(execFile)('unshare', args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as readonly Arrival[];
}
