import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expectThat } from '../support/reorderChecks.js';
import type { SharedProperty } from './SharedProperty.js';

/** `npm run test:types` checks the types themselves; here, that they are checked for this operator. */
export const types: SharedProperty = {
  id: 'G19',
  title: 'has its types tested',
  streams: 1,
  holds({ operator }) {
    const name = operator === 'inWorker' ? 'worker' : operator;
    const file = new URL(`../../test/types/${name}.test-d.ts`, import.meta.url);
    const text = readFileSync(fileURLToPath(file), 'utf8');
    const tested = new RegExp(`expectType<[^;]*${operator}[<(]`, 's');
    expectThat(tested.test(text), `${name}.test-d.ts says nothing about what ${operator} emits`);
  },
};
