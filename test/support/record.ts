import type { Observable } from 'rxjs';

/** Subscribes, and writes down values, the error object, and '|' for completion; `onNext` hears of each value after. */
export function record<T>(source: Observable<T>, onNext?: (value: T) => void): unknown[] {
  const log: unknown[] = [];
  source.subscribe({
    next: (value) => {
      log.push(value);
      onNext?.(value);
    },
    error: (error: unknown) => log.push(error),
    complete: () => log.push('|'),
  });
  return log;
}
