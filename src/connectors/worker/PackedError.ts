/** How many errors deep causes are carried. */
const maxDepth = 8;

/** An error on its way from one thread to another: structured clones lose its name, its properties, and all but an Error. */
export interface PackedError {
  /** `undefined` for what is thrown without being an Error. */
  readonly name: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own properties that are plain values, such as `code`. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly cause: PackedError | undefined;
  /** Those of an AggregateError. */
  readonly errors: readonly PackedError[] | undefined;
  /** What was thrown, where it is no Error and no object. */
  readonly value: unknown;
}

/** Makes `thrown` fit to travel. */
export function packError(thrown: unknown, depth = 0): PackedError {
  if (!(thrown instanceof Error)) return packValue(thrown);
  const { name, message, stack, cause } = thrown;
  const errors: unknown = 'errors' in thrown ? thrown.errors : undefined;
  const isDeep = depth >= maxDepth;
  return {
    // Nothing keeps them from being something else, which might not travel.
    name: textOr(name, 'Error'),
    message: textOr(message, ''),
    stack: textOr(stack, undefined),
    properties: plainPropertiesOf(thrown),
    cause: cause === undefined || isDeep ? undefined : packError(cause, depth + 1),
    errors:
      Array.isArray(errors) && !isDeep
        ? errors.map((error) => packError(error, depth + 1))
        : undefined,
    value: undefined,
  };
}

/** The error that was packed, as far as it can be had: an Error of the same standard class, or a plain value. */
export function unpackError(packed: PackedError): unknown {
  const { name, message, stack, properties, cause, errors, value } = packed;
  if (name === undefined) return value;
  const error = blankError(name, message, errors);
  Object.assign(error, properties);
  define(error, 'name', name);
  define(error, 'stack', stack);
  if (cause !== undefined) define(error, 'cause', unpackError(cause));
  return error;
}

const standardErrors = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

function blankError(
  name: string,
  message: string,
  errors: readonly PackedError[] | undefined,
): Error {
  if (errors !== undefined) return new AggregateError(errors.map(unpackError), message);
  const standard = standardErrors.find((one) => one.name === name);
  return standard === undefined ? new Error(message) : new standard(message);
}

function define(error: Error, property: string, value: unknown): void {
  Object.defineProperty(error, property, { value, configurable: true, writable: true });
}

function packValue(thrown: unknown): PackedError {
  const isPlain = isPlainValue(thrown);
  const value: unknown = isPlain ? thrown : textOf(thrown);
  const none = { message: '', stack: undefined, cause: undefined, errors: undefined };
  return { ...none, name: undefined, properties: {}, value };
}

function plainPropertiesOf(error: Error): Readonly<Record<string, unknown>> {
  const known = new Set(['name', 'message', 'stack', 'cause', 'errors']);
  return Object.fromEntries(
    Object.entries(error).filter(([name, value]) => !known.has(name) && isPlainValue(value)),
  );
}

/** Whether every thread understands it. */
function isPlainValue(value: unknown): boolean {
  return value === null || !['object', 'function', 'symbol'].includes(typeof value);
}

function textOr<F>(value: unknown, fallback: F): string | F {
  return typeof value === 'string' ? value : fallback;
}

/** What is neither a plain value nor an Error arrives as text. */
function textOf(thrown: unknown): string {
  try {
    const text: unknown = JSON.stringify(thrown);
    return typeof text === 'string' ? text : String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}
