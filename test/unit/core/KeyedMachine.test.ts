import { expect, it } from 'vitest';
import { Scribe } from '../../support/keyedMachinesRig.js';
import { Sink } from '../../support/Sink.js';

it('a KeyedMachine knows its key, and is in no order and in no heap at first', () => {
  const machine = new Scribe('a', [], () => undefined, new Sink());
  expect(machine).toMatchObject({ key: 'a', older: undefined, newer: undefined, heapIndex: -1 });
});
