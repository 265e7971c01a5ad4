import { reorderBy, type ReorderByEvent, type ReorderBySequenceOptions } from 'rxjs-reliable';
import { Rig } from './Rig.js';

/** Messages put in order by what `orderOf` reads off them. */
export function reordering<T>(
  orderOf: Parameters<typeof reorderBy<T>>[0],
  options: ReorderBySequenceOptions<T, undefined> = {},
): Rig<T, ReorderByEvent<T>> {
  return new Rig((base) => reorderBy(orderOf, { ...base, ...options }));
}

/** Numbers that are their own sequence numbers. */
export const plain = (options: ReorderBySequenceOptions<number, undefined> = {}) =>
  reordering<number>((n) => n, options);

/** Events as they are told. */
export const skipped = (first: number, last: number, reason: string) => ({
  kind: 'skipped',
  first,
  last,
  count: last - first + 1,
  key: undefined,
  reason,
});
export const late = (message: number, behind: number, passed = false) => ({
  kind: 'late',
  message,
  key: undefined,
  behind,
  passed,
});
export const duplicate = (message: number) => ({
  kind: 'duplicate',
  message,
  key: undefined,
  passed: false,
});
