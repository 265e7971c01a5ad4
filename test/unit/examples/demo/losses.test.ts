import { describe, expect, it } from 'vitest';
import { Losses } from '../../../../examples/demo/losses.js';
import { messageOf } from './messageOf.js';

describe('Losses', () => {
  it('counts a number once, however often it is reported', () => {
    const losses = new Losses();
    losses.report(3, 5);
    losses.report(5);
    expect(losses.count).toBe(3);
    expect(losses.ranges).toEqual([
      { first: 3, last: 5 },
      { first: 5, last: 5 },
    ]);
  });

  it('forgets what comes after all, but not that it was reported', () => {
    const losses = new Losses();
    losses.report(3, 5);
    losses.revoke(messageOf(4));
    losses.revoke(messageOf(9));
    expect(losses.count).toBe(2);
    expect(losses.ranges).toEqual([{ first: 3, last: 5 }]);
  });
});
