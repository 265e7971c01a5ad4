import { concatMap, type MonoTypeOperatorFunction, of } from 'rxjs';
import type { Message } from './message.js';
import type { Sabotage } from './settings.js';

const victim = 100;

/** Breaks what the pipeline delivers, to prove that the account notices; without a sabotage it does nothing. */
export function spoil(sabotage: Sabotage | undefined): MonoTypeOperatorFunction<Message> {
  if (sabotage === undefined) return (messages$) => messages$;
  let kept: Message | undefined;
  return concatMap((message) => {
    const before = kept;
    kept = undefined;
    if (before !== undefined) return of(message, before);
    if (message.seq !== victim) return of(message);
    if (sabotage === 'drop-one') return of();
    if (sabotage === 'repeat-one') return of(message, message);
    if (sabotage === 'corrupt-one') return of({ ...message, payload: `${message.payload}!` });
    kept = message;
    return of();
  });
}
