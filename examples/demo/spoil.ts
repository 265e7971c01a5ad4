import { concatMap, EMPTY, type MonoTypeOperatorFunction, type Observable, of } from 'rxjs';
import type { Message } from './message.js';
import type { Sabotage } from './settings.js';

const victim = 100;

type Work = (message: Message) => Observable<Message>;

const isInShards = (sabotage: Sabotage): boolean =>
  sabotage === 'drop-in-shard' || sabotage === 'unordered-shards';

/** Breaks what the pipeline delivers, to prove that the account notices; without a sabotage it does nothing. */
export function spoil(sabotage: Sabotage | undefined): MonoTypeOperatorFunction<Message> {
  if (sabotage === undefined || isInShards(sabotage)) return (messages$) => messages$;
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

/** Breaks the work of the shards in the same way. */
export function spoilWork(sabotage: Sabotage | undefined, work: Work): Work {
  if (sabotage !== 'drop-in-shard') return work;
  return (message) => (message.seq === victim ? EMPTY : work(message));
}

/** The order in which the results of the shards leave. */
export const orderFor = (sabotage: Sabotage | undefined): 'source' | 'arrival' =>
  sabotage === 'unordered-shards' ? 'arrival' : 'source';
