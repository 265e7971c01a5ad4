import { dedupeSubjects } from './dedupeSubjects.js';
import { sequenceSubjects } from './sequenceSubjects.js';
import type { SharedSubject } from './SharedSubject.js';
import { shardSubjects } from './shardSubjects.js';
import { slaSubjects } from './slaSubjects.js';

/** Every operator, in each of its kinds. */
export const sharedSubjects: readonly SharedSubject[] = [
  ...sequenceSubjects,
  ...dedupeSubjects,
  ...slaSubjects,
  ...shardSubjects,
];
