import type { Message } from './boundedOperators.js';

const last = 2 ** 53 - 2;
/** Spreads numbers without a pattern that helps anybody. */
const spread = (index: number): number => Math.imul(index + 1, 0x9e3779b1) >>> 0;

/** How many messages it has, and what the `index`-th of them is. */
export interface Flood {
  readonly length: number;
  readonly messageAt: (index: number) => Omit<Message, 'atMs'>;
}

const flood = (messageAt: Flood['messageAt'], length = 20_000): Flood => ({ length, messageAt });

/** What never ends and wants to be remembered. */
export const floods: Readonly<Record<string, Flood>> = {
  'in order': flood((index) => ({ seq: index, key: index % 8 })),
  'almost all lost': flood((index) => ({ seq: index * 900, key: index % 8 })),
  'every second one lost': flood((index) => ({ seq: 2 * index, key: index % 8 })),
  'nothing but repeats': flood((index) => ({ seq: index & 7, key: index & 7 })),
  'as far apart as can be': flood((index) => ({
    seq: index % 2 === 0 ? index : last - index,
    key: index % 8,
  })),
  'from the last to the first': flood((index) => ({ seq: 2 ** 31 - index, key: index % 8 })),
  'in no order': flood((index) => ({ seq: spread(index), key: spread(index) % 50 })),
  'of 10^5 keys': flood((index) => ({ seq: index >> 4, key: index }), 100_000),
};
