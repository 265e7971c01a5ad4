import { expect, it } from 'vitest';
import { noTime } from '../../../src/core/noTime.js';

it('stands still', () => {
  expect([noTime(), noTime()]).toEqual([0, 0]);
});
