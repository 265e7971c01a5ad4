import { describe, expect, it } from 'vitest';
import { isSlaBreach, SlaBreach } from '../../../src/core/SlaBreach.js';

describe('SlaBreach', () => {
  it('says what was broken', () => {
    const breach = new SlaBreach('transaction', 150, 100, 'a', 7, { id: 7 });
    expect(Object.fromEntries(Object.entries(breach))).toStrictEqual({
      limit: 'transaction',
      deadlineMs: 150,
      elapsedMs: 100,
      key: 'a',
      transaction: 7,
      message: { id: 7 },
    });
  });

  it('is known by its brand, from whichever copy of the package', () => {
    expect(isSlaBreach(new SlaBreach('first', 1, 1, undefined, undefined, undefined))).toBe(true);
    expect(isSlaBreach({ [Symbol.for('rxjs-reliable/SlaBreach')]: true })).toBe(true);
    for (const other of [undefined, null, 5, 'SlaBreach', {}, { limit: 'first' }, () => 1]) {
      expect(isSlaBreach(other)).toBe(false);
    }
  });

  it('bears the mark that other copies of the package look for', () => {
    const breach = new SlaBreach('first', 1, 1, undefined, undefined, undefined);
    expect(Reflect.get(breach, Symbol.for('rxjs-reliable/SlaBreach'))).toBe(true);
  });
});
