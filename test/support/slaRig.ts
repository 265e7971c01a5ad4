import {
  type SlaLimits,
  slaTimeout,
  type SlaTimeoutEvent,
  type SlaTimeoutOptions,
} from 'rxjs-reliable';
import { Rig } from './Rig.js';

/** Work that `n` begins and `n + 2` finishes. */
export const transaction = {
  startOf: (n: number) => n,
  finishOf: (n: number) => n - 2,
  withinMs: 5,
};

/** What it tells. */
export type Event = SlaTimeoutEvent<number>;

/** An operator with these limits, ready to be sent messages. */
export function watching(
  limits: number | SlaLimits<number>,
  options: SlaTimeoutOptions<number> & { readonly markers?: false } = {},
): Rig<number, Event> {
  return new Rig((base) => slaTimeout<number>(limits, { ...base, ...options }));
}

/** Events as they are told. */
export const about = (limit: string, deadlineMs: number) => ({
  limit,
  deadlineMs,
  key: undefined,
  transaction: undefined,
  message: undefined,
});
export const breach = (limit: string, deadlineMs: number, elapsedMs: number) => ({
  kind: 'breach',
  ...about(limit, deadlineMs),
  elapsedMs,
});
export const recovered = (limit: string, deadlineMs: number, lateByMs: number) => ({
  kind: 'recovered',
  ...about(limit, deadlineMs),
  lateByMs,
});
export const abandoned = (limit: string, deadlineMs: number, reason: string) => ({
  kind: 'abandoned',
  ...about(limit, deadlineMs),
  reason,
});

/** What was told, in short. */
export const kindsOf = (events: readonly Event[]): string[] => events.map(({ kind }) => kind);
