import { runSoak, type SoakOptions, type SoakResult } from '../runSoak.js';
import type { SoakCase } from '../SoakCase.js';
import { dedupeSequence } from './dedupeSequence.js';
import { dedupeTime } from './dedupeTime.js';
import { gaps } from './gaps.js';
import { reorderSequence } from './reorderSequence.js';
import { reorderTime } from './reorderTime.js';
import { shards } from './shards.js';
import { slaKeys } from './slaKeys.js';
import { slaTransactions } from './slaTransactions.js';

/** Runs one case. */
export type Soak = (options: SoakOptions) => SoakResult;

function soakOf<E, R>(soakCase: SoakCase<E, R>): readonly [name: string, soak: Soak] {
  return [soakCase.name, (options) => runSoak(soakCase, options)];
}

/** Every case by its name. */
export const soaks: ReadonlyMap<string, Soak> = new Map([
  soakOf(gaps),
  soakOf(reorderSequence),
  soakOf(reorderTime),
  soakOf(dedupeTime),
  soakOf(dedupeSequence),
  soakOf(slaKeys),
  soakOf(slaTransactions),
  soakOf(shards),
]);
