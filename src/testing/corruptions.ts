import type { Corruption } from './FaultRecord.js';

/** Every way to spoil a number that can be read, the harmless one first: shrinking ends there. */
export const corruptions: readonly Corruption[] = [
  'none',
  'undefined',
  'NaN',
  'Infinity',
  '-Infinity',
  'negative',
  'fraction',
  'unsafe',
  'string',
  'bigint',
  'object',
];
