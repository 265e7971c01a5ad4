import { Observable } from 'rxjs';
import type { Shard } from '../types.js';
import type { Handing } from './parcelsOf.js';

/** What a shard shows of its channel. */
interface Shown<T> extends Handing<T, unknown> {
  readonly index: number;
  readonly pending: number;
}

/** The stream of a channel's messages; `hidden` are further properties, which lead back to it. */
export function shardOf<T>(
  channel: Shown<T>,
  size: number,
  hidden: PropertyDescriptorMap,
): Shard<T> {
  const stream = new Observable<T>((subscriber) =>
    channel.subscribe({
      isPlain: true,
      isReady: true,
      take: (message) => {
        subscriber.next(message);
      },
      complete: () => {
        subscriber.complete();
      },
      error: (error) => {
        subscriber.error(error);
      },
    }),
  );
  return Object.defineProperties(stream, {
    ...hidden,
    index: { value: channel.index, enumerable: true },
    size: { value: size, enumerable: true },
    pending: { get: () => channel.pending, enumerable: true },
  }) as Shard<T>;
}
