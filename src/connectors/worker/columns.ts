import { OptionError } from '../../errors.js';
import type { Codec, Encoded } from './Codec.js';

/** How a column holds values of type `V`: as numbers, booleans or strings, or as clones of whatever they are. */
export type ColumnKind<V> =
  | 'cloned'
  | ([V] extends [number]
      ? 'number'
      : [V] extends [boolean]
        ? 'boolean'
        : [V] extends [string]
          ? 'string'
          : never);

/** The kind of each field of a message. */
export type ColumnKinds<T> = { readonly [F in keyof T]-?: ColumnKind<T[F]> };

/** What is said of messages: a kind for each field, or one for messages that are values themselves. */
export type MessageKinds<T> = [T] extends [readonly unknown[]]
  ? 'cloned'
  : [T] extends [object]
    ? 'cloned' | ColumnKinds<T>
    : ColumnKind<T>;

const kindsKnown = ['number', 'boolean', 'string', 'cloned'] as const;
type Kind = (typeof kindsKnown)[number];

/**
 * A {@link Codec} that sends messages as columns: all their numbers and booleans in one buffer, which is handed over
 * instead of copied, and strings side by side. Objects are made again on the other side, with these fields and no others.
 *
 * Use it where messages are small, and cloning them costs as much as the work (docs/WORKERS.md has figures). Numbers keep
 * all their bits. A field that may be missing, or that holds anything else, is `'cloned'`.
 *
 * A message with another type of value than was said cannot be encoded: it is a dead letter.
 *
 * @param kinds - the kind of each field; or one kind, for messages that are plain numbers, booleans or strings.
 * @throws `OptionError` if a kind is none of these, or if there is no field.
 *
 * @example
 * ```ts
 * import { columns } from 'rxjs-reliable/worker';
 *
 * interface Order {
 *   readonly id: number;
 *   readonly symbol: string;
 *   readonly isBuy: boolean;
 * }
 * // To be given to inWorker in one thread, and to exposePipeline in the other.
 * const codec = columns<Order>({ id: 'number', symbol: 'string', isBuy: 'boolean' });
 * const resultCodec = columns<number>('number');
 *
 * const { data } = codec.encode([{ id: 7, symbol: 'ACME', isBuy: true }]);
 * console.log(codec.decode(data));
 * // => [ { id: 7, symbol: 'ACME', isBuy: true } ]
 * console.log(resultCodec.decode(resultCodec.encode([0.1, -0]).data));
 * // => [ 0.1, -0 ]
 * ```
 * @see The columns of Apache Arrow; transferable objects of HTML's living standard.
 */
export function columns<T>(kinds: MessageKinds<T>): Codec<T> {
  if (isKind(kinds)) return new ValueCodec(kinds) as Codec<unknown> as Codec<T>;
  const isRecord =
    typeof kinds === 'object' && (kinds as unknown) !== null && !Array.isArray(kinds);
  const fields = isRecord ? Object.entries(kinds as Readonly<Record<string, unknown>>) : [];
  if (fields.length === 0) {
    throw new OptionError('columns', 'kinds', kinds, 'a kind of column, or one for each field');
  }
  for (const [name, kind] of fields) {
    const expected = `one of ${kindsKnown.map((known) => `'${known}'`).join(', ')}`;
    if (!isKind(kind)) throw new OptionError('columns', `kinds.${name}`, kind, expected);
  }
  return new FieldCodec(fields as [string, Kind][]) as Codec<unknown> as Codec<T>;
}

function isKind(value: unknown): value is Kind {
  return kindsKnown.includes(value as Kind);
}

/** Columns of numbers and booleans share a buffer, one behind the other; each of the others is a list. */
interface Columns {
  readonly numbers: Float64Array;
  readonly lists: readonly (readonly unknown[])[];
}

function isNumeric(kind: Kind): boolean {
  return kind === 'number' || kind === 'boolean';
}

/** For messages that are values themselves. */
class ValueCodec implements Codec<unknown> {
  constructor(private readonly kind: Kind) {}

  encode(messages: readonly unknown[]): Encoded {
    for (const value of messages) expectKind(value, this.kind, 'a message');
    if (!isNumeric(this.kind)) return { data: messages, transfer: [] };
    const numbers = Float64Array.from(messages as readonly number[]);
    return { data: numbers, transfer: [numbers.buffer] };
  }

  decode(data: unknown): readonly unknown[] {
    if (!isNumeric(this.kind)) return data as readonly unknown[];
    const values: unknown[] = [];
    for (const number of data as Float64Array) place(values, values.length, number, this.kind);
    return values;
  }
}

type Fields = Record<string, unknown>;

/** For messages that are objects. */
class FieldCodec implements Codec<Fields> {
  /** How many columns are in the buffer. */
  readonly #numeric: number;
  /** What messages are made of, so that all have their fields in one order. */
  readonly #blank: Readonly<Fields>;

  constructor(private readonly fields: readonly (readonly [name: string, kind: Kind])[]) {
    this.#numeric = fields.filter(([, kind]) => isNumeric(kind)).length;
    this.#blank = Object.fromEntries(fields.map(([name]) => [name, undefined]));
  }

  encode(messages: readonly Fields[]): Encoded {
    const numbers = new Float64Array(messages.length * this.#numeric);
    const lists: (readonly unknown[])[] = [];
    let end = 0;
    for (const [name, kind] of this.fields) {
      const list: unknown[] = [];
      if (!isNumeric(kind)) lists.push(list);
      for (const message of messages) {
        const value = message[name];
        expectKind(value, kind, name);
        if (isNumeric(kind)) numbers[end++] = Number(value);
        else list.push(value);
      }
    }
    const data: Columns = { numbers, lists };
    return { data, transfer: [numbers.buffer] };
  }

  decode(data: unknown): readonly Fields[] {
    const { numbers, lists } = data as Columns;
    const count = this.#numeric === 0 ? lists[0]?.length : numbers.length / this.#numeric;
    const messages = Array.from({ length: count ?? 0 }, () => ({ ...this.#blank }));
    let end = 0;
    let used = 0;
    for (const [name, kind] of this.fields) {
      if (isNumeric(kind)) {
        for (const message of messages) {
          place(message, name, numbers[end++] as number, kind);
        }
      } else {
        const list = lists[used++] ?? [];
        for (const [row, message] of messages.entries()) message[name] = list[row];
      }
    }
    return messages;
  }
}

function expectKind(value: unknown, kind: Kind, name: string): void {
  if (kind === 'cloned' || typeof value === kind) return;
  throw new TypeError(`columns: ${name} is of type ${typeof value}, not ${kind}`);
}

/** Gives `target` what a number in a buffer stands for: as an integer if it is one, with which loops count faster. */
function place<N extends PropertyKey>(
  target: { [name in N]: unknown },
  name: N,
  number: number,
  kind: Kind,
): void {
  const integer = number | 0;
  if (kind === 'boolean') target[name] = integer === 1;
  else if (integer === number && !Object.is(number, -0)) target[name] = integer;
  else target[name] = number;
}
