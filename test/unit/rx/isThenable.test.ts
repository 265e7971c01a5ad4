import { of } from 'rxjs';
import { expect, it } from 'vitest';
import { isThenable } from '../../../src/rx/isThenable.js';

it('isThenable tells promises, and what is as good as one, from everything else', () => {
  const alike = { then: () => undefined };
  expect([Promise.resolve(), alike].map(isThenable)).toEqual([true, true]);
  const others = [undefined, null, 0, 'then', {}, { then: 1 }, [], of(1)];
  expect(others.map(isThenable)).toEqual(others.map(() => false));
});
