import { OptionError } from './errors.js';

/** Reads the options of one operator, so that a bad one is refused by name when the operator is created. */
export class OptionReader {
  constructor(
    private readonly operator: string,
    private readonly options: object,
    /** Name of the option that holds these. */
    private readonly group?: string,
  ) {
    if (typeof options !== 'object' || (options as unknown) === null) {
      throw new OptionError(operator, group ?? 'options', options, 'an object');
    }
  }

  /** A selector that is an argument of its own. */
  selector(name: string, value: unknown): void {
    if (typeof value !== 'function')
      throw new OptionError(this.operator, name, value, 'a function');
  }

  /** A count: an integer between `least` and `most`. */
  count(option: string, fallback: number, least: number, most: number = 2 ** 24): number {
    const value = this.read(option, fallback);
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) {
      return value as number;
    }
    return this.refuse(option, `an integer from ${String(least)} to ${String(most)}`);
  }

  /** A duration in ms: not negative; `Infinity` means never. */
  duration(option: string, fallback: number): number {
    return this.number(option, fallback, 0, Infinity, 'a number of milliseconds, 0 or more');
  }

  /** Any number between `least` and `most`, both included. */
  number(option: string, fallback: number, least: number, most: number, expected: string): number {
    const value = this.read(option, fallback);
    if (typeof value === 'number' && value >= least && value <= most) return value;
    return this.refuse(option, expected);
  }

  /** One of a few words. */
  choice<C extends string>(option: string, fallback: C, choices: readonly C[]): C {
    const value = this.read(option, fallback) as C;
    if (choices.includes(value)) return value;
    return this.refuse(option, `one of ${choices.map((c) => `'${c}'`).join(', ')}`);
  }

  /** A function, or undefined where it is left out. */
  callback(option: string): void {
    const value = this.read(option, undefined);
    if (typeof value !== 'function' && value !== undefined) this.refuse(option, 'a function');
  }

  /** A boolean. */
  flag(option: string, fallback: boolean): boolean {
    const value = this.read(option, fallback);
    return typeof value === 'boolean' ? value : this.refuse(option, 'true or false');
  }

  /** A sequence number of at least `least`, or undefined where it is left out. */
  sequence(option: string, least: number): number | bigint | undefined {
    const value = this.read(option, undefined);
    if (value === undefined) return undefined;
    if ((Number.isSafeInteger(value) || typeof value === 'bigint') && (value as number) >= least) {
      return value as number | bigint;
    }
    return this.refuse(option, `a safe integer or bigint, ${String(least)} or more`);
  }

  /** A scheduler, or undefined for the default one. */
  scheduler(): void {
    const value = this.read('scheduler', undefined);
    if (value !== undefined && !isScheduler(value)) {
      this.refuse('scheduler', 'a scheduler with now() and schedule()');
    }
  }

  /** Throws the {@link OptionError} for `option`. */
  refuse(option: string, expected: string): never {
    const name = this.group === undefined ? option : `${this.group}.${option}`;
    throw new OptionError(this.operator, name, this.read(option, undefined), expected);
  }

  private read(option: string, fallback: unknown): unknown {
    const value = (this.options as Record<string, unknown>)[option];
    return value === undefined ? fallback : value;
  }
}

function isScheduler(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { now, schedule } = value as Record<string, unknown>;
  return typeof now === 'function' && typeof schedule === 'function';
}
