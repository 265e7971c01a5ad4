import { expect, it } from 'vitest';
import { doubled } from '../../../src/structures/doubled.js';

it.each([Int32Array.of(1, 2, 3), Float64Array.of(0.5, Infinity, -1)])(
  'keeps what is in a column, and its kind',
  (column) => {
    const longer = doubled<Float64Array | Int32Array>(column);
    expect(longer.constructor).toBe(column.constructor);
    expect([...longer]).toEqual([...column, 0, 0, 0]);
  },
);
