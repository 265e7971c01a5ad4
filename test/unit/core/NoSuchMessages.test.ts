import { describe, expect, it } from 'vitest';
import { isNoSuchMessages, noSuchMessages } from '../../../src/core/NoSuchMessages.js';

describe('noSuchMessages', () => {
  it('says which numbers never existed', () => {
    const answer = noSuchMessages(2, 4n);
    expect([answer.first, answer.last]).toEqual([2, 4n]);
    expect(isNoSuchMessages(answer)).toBe(true);
  });

  it('is known from another copy of the package', () => {
    const foreign = { [Symbol.for('rxjs-reliable/NoSuchMessages')]: true };
    expect(isNoSuchMessages(foreign)).toBe(true);
  });

  it.each([undefined, null, 0, 'answer', {}, { first: 1, last: 2 }, () => 0])(
    'is not %s',
    (value) => {
      expect(isNoSuchMessages(value)).toBe(false);
    },
  );

  it('bears the mark that other copies of the package look for', () => {
    const mark = Symbol.for('rxjs-reliable/NoSuchMessages');
    expect(Reflect.get(noSuchMessages(2, 4), mark)).toBe(true);
  });
});
