import type { Receiver } from '../../src/core/ReceiverList.js';

/** A receiver that writes down what it is given. */
export function takeAll<T>(log: unknown[]): Receiver<T> & { isReady: boolean } {
  return {
    isPlain: false,
    isReady: true,
    take: (message) => log.push(message),
    complete: () => log.push('|'),
    error: (error) => log.push(error),
  };
}
