import { delay, type Observable, of } from 'rxjs';
import type { Message } from './message.js';
import type { Settings } from './settings.js';
import { spoilWork } from './spoil.js';
import { workTime } from './workTime.js';

/** What a shard does with each message, wherever it runs. */
export function shardWork(settings: Settings): (message: Message) => Observable<Message> {
  const workMs = workTime(settings);
  return spoilWork(settings.sabotage, (message) => simulateWork(message, workMs(message.seq)));
}

const simulateWork = (message: Message, ms: number): Observable<Message> =>
  ms === 0 ? of(message) : of(message).pipe(delay(ms));
