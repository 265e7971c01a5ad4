import type { SchedulerLike } from 'rxjs';
import type { SequenceOf, SequenceOptions } from '../types.js';
import type { Numbering } from './InspectOptions.js';
import type { KeyedRow } from './Row.js';

/** Which fields the recording has, and how it is numbered. */
export interface FeedShape {
  readonly numbering: Numbering;
  readonly hasTime: boolean;
  readonly hasKey: boolean;
  readonly hasPrevious: boolean;
  readonly hasEpoch: boolean;
}

export const sequenceOfRow: SequenceOf<KeyedRow> = (row) => row.sequence;

/** What every operator is told about the feed. */
export function feedOptions(
  { numbering, hasKey, hasPrevious, hasEpoch }: FeedShape,
  scheduler: SchedulerLike,
): SequenceOptions<KeyedRow, string | undefined> & { readonly scheduler: SchedulerLike } {
  return {
    ...numbering,
    scheduler,
    keyBy: hasKey ? (row) => row.key : undefined,
    previousOf: hasPrevious ? (row) => row.previous : undefined,
    epochOf: hasEpoch ? (row) => row.epoch : undefined,
  };
}
