import { delay, type Observable, of, tap } from 'rxjs';
import { eachMessage, type Shard } from 'rxjs-reliable';
import type { Message } from './message.js';
import type { Settings } from './settings.js';
import type { ShardTally } from './shardTally.js';
import { spoilWork } from './spoil.js';
import { workTime } from './workTime.js';

export type ShardPipeline = (shard: Shard<Message>) => Observable<Message>;

/** Chooses the pipeline that works on the messages of one shard; it has to count its results. */
export function shardPipeline(settings: Settings, tally: ShardTally): ShardPipeline {
  const workMs = workTime(settings);
  const work = spoilWork(settings.sabotage, (message) =>
    simulateWork(message, workMs(message.seq)),
  );
  return (shard) => {
    const countResult = tap<Message>(() => {
      tally.countResult(shard);
    });
    const counted = (message: Message): Observable<Message> => work(message).pipe(countResult);
    return eachMessage(counted, { concurrency: 1 })(shard);
  };
}

const simulateWork = (message: Message, ms: number): Observable<Message> =>
  ms === 0 ? of(message) : of(message).pipe(delay(ms));
