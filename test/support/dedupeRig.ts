import { dedupeWithin, type DedupeWithinEvent, type DedupeWithinOptions } from 'rxjs-reliable';
import { Rig } from './Rig.js';

type Window = Parameters<typeof dedupeWithin<unknown>>[0];
type Options = DedupeWithinOptions<unknown, unknown>;

/** Messages that are their own keys. */
export const deduping = (
  window: Window,
  options: Options = {},
): Rig<unknown, DedupeWithinEvent<unknown>> =>
  new Rig((base) => dedupeWithin(window, { ...base, ...options }));

/** An event as it is told. */
export const duplicate = (message: unknown, first: number, ageMs: number, passed = false) => ({
  kind: 'duplicate',
  message,
  key: message,
  first,
  ageMs,
  passed,
});
