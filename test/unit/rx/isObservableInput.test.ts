import { EMPTY } from 'rxjs';
import { expect, it } from 'vitest';
import { isObservableInput } from '../../../src/rx/isObservableInput.js';

async function* asynchronous(): AsyncGenerator<number> {
  yield await Promise.resolve(1);
}

it.each([
  ['an Observable', EMPTY],
  ['a promise', Promise.resolve(1)],
  ['an array', [1]],
  ['an array-like', { length: 0 }],
  ['a Set', new Set([1])],
  ['a generator', asynchronous()],
  ['a stream', { getReader: () => undefined }],
  ['an interoperable observable', { '@@observable': () => EMPTY }],
])('takes %s', (_name, value) => {
  expect(isObservableInput(value)).toBe(true);
});

it('takes what has `Symbol.observable`, and nothing else, where there is one', () => {
  const observable = Symbol('observable');
  Object.defineProperty(Symbol, 'observable', { value: observable, configurable: true });
  try {
    expect(isObservableInput({ [observable]: () => EMPTY })).toBe(true);
    expect(isObservableInput({})).toBe(false);
  } finally {
    Reflect.deleteProperty(Symbol, 'observable');
  }
  expect(isObservableInput({ undefined: 1 })).toBe(false);
});

it.each([[undefined], [null], [5], [true], [{}], [NaN], [() => EMPTY], [5n]])(
  'does not take %s',
  (value) => {
    expect(isObservableInput(value)).toBe(false);
  },
);
