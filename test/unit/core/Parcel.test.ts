import { expect, it } from 'vitest';
import { Parcel } from '../../../src/core/Parcel.js';

it('Parcel begins not handed over and not over', () => {
  const message = {};
  const parcel = new Parcel(7, message, 'key', undefined);
  expect(parcel.message).toBe(message);
  expect(parcel).toMatchObject({ ticket: 7, key: 'key', isHanded: false, isOver: false });
});
