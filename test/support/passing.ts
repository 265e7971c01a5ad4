import { Observable } from 'rxjs';
import { type Inlet, operate, type Outlet } from '../../src/rx/operate.js';

/** An operator that passes everything on, with some of its reactions replaced. */
export function passing<T>(change: (outlet: Outlet<T>) => Partial<Inlet<T>> = () => ({})) {
  return operate<T, T>((outlet) => ({
    next: (value) => {
      outlet.next(value);
    },
    ...change(outlet),
  }));
}

/** A source that counts its subscriptions and what was torn down. */
export function counted<T>(source: Observable<T>) {
  const counts = { subscribed: 0, tornDown: 0, active: 0 };
  const observable = new Observable<T>((subscriber) => {
    counts.subscribed += 1;
    counts.active += 1;
    subscriber.add(() => {
      counts.tornDown += 1;
      counts.active -= 1;
    });
    subscriber.add(source.subscribe(subscriber));
  });
  return { observable, counts };
}

/** Emits 0, 1, 2 … without a pause for as long as anybody listens. */
export function firehose(): { observable: Observable<number>; emitted: () => number } {
  let emitted = 0;
  const observable = new Observable<number>((subscriber) => {
    while (!subscriber.closed) subscriber.next(emitted++);
  });
  return { observable, emitted: () => emitted };
}

export const failure = new Error('failure');
export const fail = (): never => {
  throw failure;
};
