import { sequenceGaps, type SequenceGapsEvent, type SequenceGapsOptions } from 'rxjs-reliable';
import { Rig } from './Rig.js';

/** Options that say nothing of markers. */
export type Options = Omit<SequenceGapsOptions<number>, 'markers'>;

/** Numbers that are their own sequence numbers. */
export const watching = (options: Options = {}): Rig<number, SequenceGapsEvent<number>> =>
  new Rig((base) => sequenceGaps<number>((n) => n, { ...base, ...options }));

/** Events as they are told. */
export const gap = (first: number, last: number) => ({
  kind: 'gap',
  first,
  last,
  count: last - first + 1,
  key: undefined,
});
export const lost = (first: number, last: number, reason: string) => ({
  ...gap(first, last),
  kind: 'lost',
  reason,
});
export const filled = (message: number, waitedMs: number) => ({
  ...gap(message, message),
  kind: 'filled',
  by: 'late',
  waitedMs,
  message,
});
export const late = (message: number, behind: number) => ({
  kind: 'late',
  message,
  key: undefined,
  behind,
  passed: true,
});
export const duplicate = (message: number, passed: boolean) => ({
  kind: 'duplicate',
  message,
  key: undefined,
  passed,
});
