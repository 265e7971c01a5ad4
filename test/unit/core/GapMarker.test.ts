import { describe, expect, it } from 'vitest';
import { GapMarker, isGapMarker } from '../../../src/core/GapMarker.js';

describe('GapMarker', () => {
  it('says what is missing', () => {
    const marker = new GapMarker(2, 4, 3, 'k');
    expect(Object.entries(marker)).toEqual([
      ['first', 2],
      ['last', 4],
      ['count', 3],
      ['key', 'k'],
    ]);
    expect(isGapMarker(marker)).toBe(true);
  });

  it('is known from another copy of the package', () => {
    const foreign = { first: 1, [Symbol.for('rxjs-reliable/GapMarker')]: true };
    expect(isGapMarker(foreign)).toBe(true);
  });

  it.each([undefined, null, 0, 'marker', true, {}, [], { first: 1, last: 2, count: 2 }, () => 0])(
    'is not %s',
    (value) => {
      expect(isGapMarker(value)).toBe(false);
    },
  );

  it('bears the mark that other copies of the package look for', () => {
    const mark = Symbol.for('rxjs-reliable/GapMarker');
    expect(Reflect.get(new GapMarker(2, 4, 3, undefined), mark)).toBe(true);
  });
});
