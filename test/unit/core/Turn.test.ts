import { expect, it } from 'vitest';
import { Turn } from '../../../src/core/Turn.js';

it('Turn begins with nothing held, out of line', () => {
  expect(new Turn(7)).toMatchObject({
    ticket: 7,
    held: [],
    shard: -1,
    isOver: false,
    isInLine: false,
    isGivenUp: false,
    before: undefined,
    after: undefined,
  });
});
