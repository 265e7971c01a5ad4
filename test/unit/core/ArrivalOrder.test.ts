import { expect, it } from 'vitest';
import { ArrivalOrder } from '../../../src/core/ArrivalOrder.js';

it('ArrivalOrder passes everything on at once and never wants to be woken', () => {
  const out: string[] = [];
  const order = new ArrivalOrder<string>({ closed: false, next: (text) => out.push(text) });
  order.open();
  order.result('b');
  order.result('a');
  order.settle();
  order.close();
  order.discard();
  expect(out).toEqual(['b', 'a']);
  expect(order.deadlineMs).toBe(Infinity);
  expect(order.isClear).toBe(true);
});
