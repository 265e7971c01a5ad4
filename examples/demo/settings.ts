import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** Ways to spoil what the receiver delivers, each of which the account must notice; for the tests, not in `--help`. */
export const sabotages = [
  'drop-one',
  'repeat-one',
  'swap-two',
  'corrupt-one',
  'drop-in-shard',
  'unordered-shards',
] as const;
export type Sabotage = (typeof sabotages)[number];

/** What one run of the demo does; the same for all of its processes. */
export interface Settings {
  readonly messages: number;
  readonly ratePerSecond: number;
  readonly loss: number;
  readonly burst: number;
  readonly repeat: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
  readonly breachMs: number;
  readonly shards: number;
  /** How many shards have a thread of their own; 0 for none. */
  readonly workers: number;
  readonly seed: number;
  readonly recover: boolean;
  readonly quiet: boolean;
  readonly sabotage: Sabotage | undefined;
}

export const help = `Usage: npm run demo -- [flags]

A sender, a relay that spoils the traffic, and a receiver, each a process of its
own, talk over UDP on 127.0.0.1; the receiver asks for what is missing over TCP.
In the end an account shows where every message went. Exit status 1 if it does
not balance.

  --messages N    how many messages are sent (2000)
  --rate N        messages per second (1000)
  --loss R        share of datagrams that are lost, 0 to 0.9 (0.05)
  --burst N       mean number of datagrams lost in a row (independent losses)
  --repeat R      share of datagrams that arrive twice, 0 to 1 (0.05)
  --jitter MS     each datagram is delayed by 0 to MS ms at random (80)
  --rtt MS        how long the sender takes to answer a re-request (20)
  --breach MS     a message that is not repaired and in order within MS is a breach (250)
  --shards N      how many shards work side by side on what was repaired (4)
  --workers N     N shards instead, each in a thread of its own
  --seed N        repeats the faults of an earlier run (random)
  --no-recover    ask for nothing again: what is lost stays lost, and is reported
  --quiet         the account only, no live view
  --help          this text
`;

/** A flag that cannot be used; its message is for the user. */
export class UsageError extends Error {}

/** Reads the command line; `'help'` if that was asked for. */
export function readSettings(args: readonly string[]): Settings | 'help' {
  const flags = parse(args);
  if (flags.help === true) return 'help';
  const workers = integer('workers', flags.workers, 0, 0, 16);
  return {
    messages: integer('messages', flags.messages, 2_000, 1, 1_000_000),
    ratePerSecond: integer('rate', flags.rate, 1_000, 1, 50_000),
    loss: number('loss', flags.loss, 0.05, 0, 0.9),
    burst: number('burst', flags.burst, 0, 0, 1_000),
    repeat: number('repeat', flags.repeat, 0.05, 0, 1),
    jitterMs: integer('jitter', flags.jitter, 80, 0, 5_000),
    roundTripMs: integer('rtt', flags.rtt, 20, 0, 5_000),
    breachMs: integer('breach', flags.breach, 250, 1, 60_000),
    shards: workers > 0 ? workers : integer('shards', flags.shards, 4, 1, 64),
    workers,
    seed: integer('seed', flags.seed, randomInt(1_000_000), 0, 2 ** 32 - 1),
    recover: flags['no-recover'] !== true,
    quiet: flags.quiet === true,
    sabotage: sabotageOf(flags.sabotage),
  };
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        messages: text,
        rate: text,
        loss: text,
        burst: text,
        repeat: text,
        jitter: text,
        rtt: text,
        breach: text,
        shards: text,
        workers: text,
        seed: text,
        'no-recover': flag,
        quiet: flag,
        help: flag,
        sabotage: text,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

function number(
  name: string,
  given: string | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  if (given === undefined) return fallback;
  const value = given.trim() === '' ? NaN : Number(given);
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} takes a number from ${least} to ${most}, not '${given}'`);
}

function integer(...args: Parameters<typeof number>): number {
  const value = number(...args);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${args[0]} takes a whole number, not '${value}'`);
}

function sabotageOf(given: string | undefined): Sabotage | undefined {
  if (given === undefined) return undefined;
  const known = sabotages.find((name) => name === given);
  if (known === undefined) throw new UsageError(`--sabotage takes ${sabotages.join(', ')}`);
  return known;
}
