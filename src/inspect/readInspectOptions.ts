import { parseArgs } from 'node:util';
import type { FieldNames, InspectOptions, Numbering } from './InspectOptions.js';
import { UsageError } from './UsageError.js';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** The options of `rxjs-reliable inspect`. */
const known = {
  seq: text,
  time: text,
  key: text,
  previous: text,
  first: text,
  epoch: text,
  modulus: text,
  'max-jump': text,
  'max-misorder': text,
  'max-keys': text,
  format: text,
  delimiter: text,
  'time-unit': text,
  'no-time': flag,
  bigint: flag,
  waits: text,
  json: flag,
  'skip-invalid': flag,
} as const;

const defaultWaits = [0, 20, 50, 100, 200, 400, 500, 800];
const mostWaits = 64;
const msPerUnit: Readonly<Record<string, number>> = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 };

type Values = ReturnType<typeof parse>['values'];

/** Understands the arguments that follow `inspect`. */
export function readInspectOptions(args: readonly string[]): InspectOptions {
  const { values, positionals } = parse(args);
  const [file, ...others] = positionals;
  if (file === undefined) throw new UsageError('inspect: no FILE given (- for standard input)');
  if (others.length > 0)
    throw new UsageError(`inspect: one FILE only, not also ${others.join(' ')}`);
  if (values['no-time'] === true && values.time !== undefined) {
    throw new UsageError('--no-time and --time contradict each other');
  }
  const unit = values['time-unit'] ?? 'ms';
  return {
    file,
    fields: readFields(values),
    numbering: readNumbering(values),
    format: readChoice('--format', values.format, ['csv', 'ndjson']),
    delimiter: readDelimiter(values.delimiter ?? ','),
    bigint: values.bigint ?? false,
    noTime: values['no-time'] ?? false,
    msPerUnit: msPerUnit[readChoice('--time-unit', unit, ['s', 'ms', 'us', 'ns']) ?? 'ms'] ?? 1,
    waits: readWaits(values.waits),
    json: values.json ?? false,
    skipInvalid: values['skip-invalid'] ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`inspect: ${(error as Error).message}`);
  }
}

function readFields({ seq, time, key, previous, first, epoch }: Values): FieldNames {
  return { seq, time, key, previous, first, epoch };
}

function readNumbering(values: Values): Numbering {
  const modulus = readCount('--modulus', values.modulus, 2n, 2n ** 64n);
  const isSafe = modulus !== undefined && modulus <= BigInt(Number.MAX_SAFE_INTEGER);
  // Numbers under a pointer are sparse: any distance between them is believed.
  const anywhere = values.previous === undefined ? undefined : Number.MAX_SAFE_INTEGER;
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  return {
    modulus: isSafe ? Number(modulus) : modulus,
    maxJump: toNumber(readCount('--max-jump', values['max-jump'], 1n, most)) ?? anywhere,
    maxMisorder:
      toNumber(readCount('--max-misorder', values['max-misorder'], 0n, most)) ?? anywhere,
    maxKeys: toNumber(readCount('--max-keys', values['max-keys'], 1n, 2n ** 24n)) ?? 10_000,
  };
}

function toNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function readCount(
  name: string,
  value: string | undefined,
  least: bigint,
  most: bigint,
): bigint | undefined {
  if (value === undefined) return undefined;
  const count = /^\d{1,20}$/.test(value) ? BigInt(value) : -1n;
  if (count >= least && count <= most) return count;
  throw new UsageError(
    `${name}: "${value}" is not an integer from ${String(least)} to ${String(most)}`,
  );
}

function readChoice<C extends string>(
  name: string,
  value: string | undefined,
  choices: readonly C[],
): C | undefined {
  const choice = choices.find((each) => each === value);
  if (value === undefined || choice !== undefined) return choice;
  throw new UsageError(`${name}: "${value}" is not one of ${choices.join(', ')}`);
}

function readDelimiter(value: string): string {
  const delimiter = value === '\\t' || value === 'tab' ? '\t' : value;
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new UsageError(`--delimiter: "${value}" is not one character (\\t for a tab)`);
}

function readWaits(value: string | undefined): readonly number[] {
  if (value === undefined) return defaultWaits;
  const waits = value.split(',').map((each) => (each.trim() === '' ? NaN : Number(each)));
  if (waits.length <= mostWaits && waits.every((wait) => wait >= 0 && wait < Infinity)) {
    return [...new Set(waits)].sort((a, b) => a - b);
  }
  throw new UsageError(
    `--waits: "${value}" is not a list of up to ${String(mostWaits)} times in ms`,
  );
}
