import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Settings {
  readonly messages: number;
  readonly seed: number;
  /** Beginning of the names of the cases to run. */
  readonly only: string;
  /** Run the cases here, and not in processes of their own. */
  readonly alone: boolean;
}

export const help = `Usage: npm run soak -- [flags]

Sends messages over a bad link through every operator, on a virtual clock, while
an oracle checks each of them; then subscribes and leaves 100,000 times. Exit
status 1 if anything is wrong, or if the heap grows.

  --messages N     how many are sent per operator (10000000)
  --only NAME      only cases that begin so: sequenceGaps, reorderBy, reorderBy:time,
                   dedupeWithin, slaTimeout, shardBy, subscriptions …
  --seed N         which of all possible runs (1)
  --help           this text
`;

/** A flag that cannot be used; its message is for the user. */
export class UsageError extends Error {}

/** Reads the command line; `'help'` if that was asked for. */
export function readSettings(args: readonly string[]): Settings | 'help' {
  const { values } = parseOrComplain(args);
  if (values.help) return 'help';
  return {
    messages: wholeNumber('--messages', values.messages, 10),
    seed: wholeNumber('--seed', values.seed, -Infinity),
    only: values.only,
    alone: values.alone,
  };
}

function parseOrComplain(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        messages: { type: 'string', default: '10000000' },
        only: { type: 'string', default: '' },
        seed: { type: 'string', default: '1' },
        alone: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text.replaceAll('_', ''));
  if (text !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${flag} cannot be '${text}'`);
}
