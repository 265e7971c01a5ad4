import type { SequenceNumber } from '../types.js';
import { type ColumnChoice, chooseColumns } from './chooseColumns.js';
import { InputError } from './InputError.js';
import type { InspectOptions } from './InspectOptions.js';
import { readSequence } from './readSequence.js';
import { readTime } from './readTime.js';
import type { RecordSink } from './RecordSink.js';
import type { Row } from './Row.js';
import { StringPool } from './StringPool.js';

/** Stands for a problem that was dealt with: the record is skipped. */
const skip: unique symbol = Symbol('skip');

/** Makes rows of records, by the field names asked for. */
export class RowBuilder implements RecordSink {
  /** How many records were skipped because they could not be read. */
  skipped = 0;
  #choice: ColumnChoice | undefined;
  #asBigint: boolean | undefined;
  readonly #pool = new StringPool();

  /**
   * @param name - what the input is called in messages.
   * @param isTable - all records have the same fields, so that a missing one is noticed at once.
   */
  constructor(
    private readonly name: string,
    private readonly options: InspectOptions,
    private readonly isTable: boolean,
    private readonly onRow: (row: Row) => void,
  ) {
    if (options.bigint) this.#asBigint = true;
  }

  /** The names of the fields that are used, once the first record was seen. */
  get choice(): ColumnChoice | undefined {
    return this.#choice;
  }

  choose(names: readonly string[], line: number): readonly string[] {
    const choice = chooseColumns(names, this.options, this.isTable);
    if (typeof choice === 'string') throw new InputError(this.name, line, choice);
    this.#choice = choice;
    return choice.columns;
  }

  /** The input has ended: there must have been a header or record. */
  end(): void {
    if (this.#choice !== undefined) return;
    const problem = this.skipped > 0 ? 'no line can be read' : 'the input is empty';
    throw new InputError(this.name, 1, problem);
  }

  broken(line: number, problem: string): void {
    // Without a header there is nothing to go on with.
    if (!this.options.skipInvalid || (this.isTable && this.#choice === undefined)) {
      throw new InputError(this.name, line, problem);
    }
    this.skipped += 1;
  }

  record(values: readonly unknown[], line: number, source: string): void {
    const choice = this.#choice;
    if (choice === undefined) return;
    const last = this.#sequence(values, choice.seq, line, source, false);
    if (last === skip || last === undefined) return;
    const first = this.#sequence(values, choice.first, line, source, true);
    if (first === skip) return;
    const previous = this.#sequence(values, choice.previous, line, source, true);
    if (previous === skip) return;
    const timeMs = this.#time(values, choice.time, line);
    if (timeMs === skip) return;
    const key = this.#key(values, choice.key, line);
    if (key === skip) return;
    const epoch = choice.epoch < 0 ? undefined : values[choice.epoch];
    this.onRow({
      sequence: first === undefined || first === last ? last : [first, last],
      last,
      previous,
      epoch: typeof epoch === 'string' ? this.#pool.get(epoch) : identityOf(epoch),
      key,
      timeMs,
    });
  }

  #sequence(
    values: readonly unknown[],
    column: number,
    line: number,
    source: string,
    mayBeEmpty: boolean,
  ): SequenceNumber | undefined | typeof skip {
    if (column < 0) return undefined;
    let value = values[column];
    if (mayBeEmpty && (value === undefined || value === null || value === '')) return undefined;
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      value = this.#digitsOf(column, source) ?? value;
    }
    const number = readSequence(value, this.#asBigint ?? false);
    if (number === undefined) return this.#refuse(column, value, 'an integer, 0 or more', line);
    this.#asBigint ??= typeof number === 'bigint';
    if (this.#asBigint === (typeof number === 'bigint')) return number;
    return this.#refuse(
      column,
      value,
      'a number up to 2^53 like those before it (--bigint?)',
      line,
    );
  }

  /** JSON numbers beyond 2^53 are rounded: the digits as they were written, if the line has the field only once. */
  #digitsOf(column: number, source: string): string | undefined {
    const name = JSON.stringify(this.#nameOf(column).split('.').at(-1) ?? '');
    const literal = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    const found = [...source.matchAll(new RegExp(String.raw`${literal}\s*:\s*(\d+)\s*[,}]`, 'g'))];
    return found.length === 1 ? found[0]?.[1] : undefined;
  }

  #time(values: readonly unknown[], column: number, line: number): number | typeof skip {
    if (column < 0) return 0;
    const value = values[column];
    const timeMs = readTime(value, this.options.msPerUnit);
    return timeMs === timeMs ? timeMs : this.#refuse(column, value, 'a time', line);
  }

  #key(values: readonly unknown[], column: number, line: number): string | undefined | typeof skip {
    if (column < 0) return undefined;
    const value = values[column];
    if (typeof value === 'string') return this.#pool.get(value);
    if (value === undefined || value === null) return this.#refuse(column, value, 'a key', line);
    return JSON.stringify(value);
  }

  #refuse(column: number, value: unknown, expected: string, line: number): typeof skip {
    const field = `${this.isTable ? 'column' : 'field'} "${this.#nameOf(column)}"`;
    if (value === undefined) {
      const fields = this.#choice?.names.join(', ') ?? '';
      this.broken(line, `${field} is missing; the first record has ${fields}`);
    } else {
      const shown =
        typeof value === 'string' ? value.slice(0, 80) : JSON.stringify(value).slice(0, 80);
      this.broken(line, `${field}: "${shown}" is not ${expected}`);
    }
    return skip;
  }

  #nameOf(column: number): string {
    return this.#choice?.columns[column] ?? '';
  }
}

/** Epochs are compared by identity, which objects out of JSON do not have. */
function identityOf(epoch: unknown): unknown {
  return typeof epoch === 'object' && epoch !== null ? JSON.stringify(epoch) : epoch;
}
