import {
  type RecoverOptions,
  sequenceGaps,
  type SequenceGapsEvent,
  type SequenceGapsOptions,
} from 'rxjs-reliable';
import { Desk } from './Desk.js';
import { Rig } from './Rig.js';

/** Options of `sequenceGaps` that have nothing to do with answers. */
export type Options = Omit<SequenceGapsOptions<number>, 'markers' | 'recover'>;
/** What answers requests. */
export type Request = RecoverOptions<number, undefined>['request'];

/** With a sender that answers by itself. */
export function answering(request: Request, options: Options = {}, recover: object = {}) {
  return new Rig<number, SequenceGapsEvent<number>>((base) =>
    sequenceGaps<number>((n) => n, { ...base, ...options, recover: { request, ...recover } }),
  );
}

/** With a desk that answers by hand. */
export function atDesk(options: Options = {}, recover: object = {}) {
  const desk = new Desk();
  return { desk, rig: answering(desk.request, options, recover) };
}
