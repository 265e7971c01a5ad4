/** Operators that break the contract, each in one way. */
import {
  asyncScheduler,
  bufferCount,
  concatMap,
  filter,
  finalize,
  map,
  type MonoTypeOperatorFunction,
  Observable,
  type SchedulerLike,
  tap,
} from 'rxjs';

/** The pattern of the documentation: the source is subscribed with a plain observer. */
export const fromTheDocs =
  (change: (value: number) => number = (x) => x): MonoTypeOperatorFunction<number> =>
  (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (value) => subscriber.next(change(value)),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );

export const leaksTimer =
  (scheduler: SchedulerLike): MonoTypeOperatorFunction<number> =>
  (source) =>
    new Observable((subscriber) => {
      scheduler.schedule(() => undefined, 1_000);
      return source.subscribe(subscriber);
    });

export function sharesState(): MonoTypeOperatorFunction<number> {
  const seen = new Set<number>();
  return filter((value) => !seen.has(value) && seen.add(value).size > 0);
}

export const subscribesAtOnce = (): MonoTypeOperatorFunction<number> => (source) => {
  source.subscribe();
  return source;
};

export const wrapsErrors = (): MonoTypeOperatorFunction<number> => (source) =>
  new Observable((subscriber) =>
    source.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(new Error('wrapped', { cause: error })),
      complete: () => subscriber.complete(),
    }),
  );

export const neverUnsubscribes = (): MonoTypeOperatorFunction<number> => (source) =>
  new Observable((subscriber) => {
    source.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });

export const clones = (): MonoTypeOperatorFunction<{ seq: number }> =>
  map((message) => ({ ...message }));
export const writes = (): MonoTypeOperatorFunction<{ seq: number }> =>
  tap((message) => (message.seq += 1));

export function swallowsLast(): MonoTypeOperatorFunction<number> {
  return (source) =>
    source.pipe(
      bufferCount(2, 1),
      concatMap(([a = 0, b]) => (b === undefined ? [] : [a])),
    );
}

export function forgetsReentrant(): MonoTypeOperatorFunction<number> {
  return (source) =>
    new Observable((subscriber) => {
      let isBusy = false;
      return source.subscribe({
        next: (value) => {
          if (isBusy) return;
          isBusy = true;
          subscriber.next(value);
          isBusy = false;
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

/** Arms a timer in the course of its teardown. */
export function armsOnTheWayOut(): MonoTypeOperatorFunction<number> {
  return (source) => source.pipe(finalize(() => asyncScheduler.schedule(() => undefined, 10)));
}

export function neverEnds(): MonoTypeOperatorFunction<number> {
  return (source) =>
    new Observable((subscriber) => source.subscribe({ next: (value) => subscriber.next(value) }));
}

export function endsAtOnce(): MonoTypeOperatorFunction<number> {
  return (source) =>
    new Observable((subscriber) => {
      subscriber.complete();
      return source.subscribe();
    });
}
