import { describe, expect, it } from 'vitest';
import { growth } from '../../../soak/growth.js';

describe('growth', () => {
  it('is how much the last three are greater than the first three, whatever a single one says', () => {
    expect(growth([10, 90, 20, 50, 50, 50, 50, 40, 1, 60])).toBe(20);
  });

  it('is none where they are not', () => {
    expect(growth([30, 20, 10, 9, 8, 7])).toBe(0);
  });

  it('is none where nothing was measured', () => {
    expect(growth([])).toBe(0);
  });
});
