import { describe, expect, it } from 'vitest';
import { packError, unpackError } from '../../../../src/connectors/worker/PackedError.js';

/** From one thread to another. */
const across = (thrown: unknown): unknown => unpackError(structuredClone(packError(thrown)));

const acrossError = (thrown: unknown): Error & Record<string, unknown> => {
  const error = across(thrown);
  expect(error).toBeInstanceOf(Error);
  return error as Error & Record<string, unknown>;
};

/** Its own properties that are enumerable. */
const ownOf = (error: Error): unknown => Object.fromEntries(Object.entries(error));

class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code = 'E_HTTP';
  readonly status = 503;
  readonly headers = { retry: 'later' };
  readonly retry = (): void => undefined;
  readonly tag = Symbol('tag');
}

describe('an error', () => {
  it('keeps name, message and stack', () => {
    const thrown = new Error('broken');
    const error = acrossError(thrown);
    expect(error).not.toBe(thrown);
    expect([error.name, error.message, error.stack]).toEqual(['Error', 'broken', thrown.stack]);
    expect('cause' in error).toBe(false);
  });

  it.each([EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])(
    'keeps its standard class: %o',
    (Class) => {
      const error = acrossError(new Class('broken'));
      expect(error).toBeInstanceOf(Class);
      expect(error.name).toBe(Class.name);
    },
  );

  it('of a class of its own is an Error with its name and its plain properties', () => {
    const error = acrossError(new HttpError('busy'));
    expect(String(error)).toBe('HttpError: busy');
    expect(ownOf(error)).toEqual({ code: 'E_HTTP', status: 503 });
  });

  it('keeps plain properties of every kind', () => {
    const plain = { a: 'text', b: 1, c: 2n, d: true, e: null, f: undefined, g: NaN };
    expect(ownOf(acrossError(Object.assign(new Error(), plain)))).toEqual(plain);
  });

  it('of a system call keeps its code', () => {
    const thrown = Object.assign(new Error('ENOENT: no such file'), {
      ...{ code: 'ENOENT', errno: -2, syscall: 'open', path: '/none' },
    });
    expect(ownOf(acrossError(thrown))).toEqual(ownOf(thrown));
  });

  it('keeps its causes, down to what is no error', () => {
    const thrown = new Error('a', { cause: new TypeError('b', { cause: 'c' }) });
    const error = acrossError(thrown);
    expect(error.cause).toBeInstanceOf(TypeError);
    expect((error.cause as Error).cause).toBe('c');
    expect(Object.keys(error)).toEqual([]);
  });

  it('with causes in a circle arrives', () => {
    const thrown = new Error('a');
    thrown.cause = new Error('b', { cause: thrown });
    let depth = 0;
    for (let error: unknown = across(thrown); error instanceof Error; error = error.cause) {
      depth += 1;
    }
    expect(depth).toBe(9);
  });

  it('made of others keeps them', () => {
    const thrown = new AggregateError([new RangeError('a'), 'b', { c: 1 }], 'all failed');
    const error = acrossError(thrown);
    expect(error).toBeInstanceOf(AggregateError);
    expect([error.name, error.message]).toEqual(['AggregateError', 'all failed']);
    const [first, ...rest] = (error as unknown as AggregateError).errors as unknown[];
    expect(first).toBeInstanceOf(RangeError);
    expect(rest).toEqual(['b', '{"c":1}']);
  });

  it('of the platform keeps its name', () => {
    const error = acrossError(new DOMException('no clone', 'DataCloneError'));
    expect(String(error)).toBe('DataCloneError: no clone');
  });

  it.each([undefined, { odd: () => 1 }, 7])('may have %o for a name', (name) => {
    const thrown = new Error('broken');
    Object.defineProperty(thrown, 'name', { value: name });
    expect(acrossError(thrown).message).toBe('broken');
  });

  it.each([undefined, { odd: () => 1 }, 7])('may have %o for a message', (message) => {
    const thrown = new Error('broken');
    Object.defineProperty(thrown, 'message', { value: message });
    Object.defineProperty(thrown, 'stack', { value: message });
    expect(acrossError(thrown).name).toBe('Error');
  });
});

describe('what is no error', () => {
  it.each(['text', '', 7, NaN, 2n, true, null, undefined])('arrives as it is: %o', (thrown) => {
    expect(across(thrown)).toEqual(thrown);
  });

  it('arrives as text where it cannot be copied for sure', () => {
    expect(across({ status: 404 })).toBe('{"status":404}');
    expect(across([1, 2])).toBe('[1,2]');
    expect(across(Symbol('s'))).toBe('Symbol(s)');
    expect(across(() => 1)).toBe('() => 1');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(across(circle)).toBe('[object Object]');
    expect(across({ toJSON: () => undefined, toString: () => 'spoken' })).toBe('spoken');
  });
});
