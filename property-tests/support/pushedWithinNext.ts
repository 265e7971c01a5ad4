import { Observable, Subject } from 'rxjs';
import { type MakeOperator, sourceError } from './runTimed.js';

/**
 * An operator on batches of messages that arrive at one instant. The first of a batch is sent as any message is; each of
 * the others within `next` of what comes out meanwhile and is `heeded`, or, if `isReentrant` is false or nothing comes out,
 * after it.
 */
export function pushedWithinNext<T>(
  make: MakeOperator<T>,
  isReentrant: boolean,
  heeded: (value: unknown) => boolean = () => true,
): MakeOperator<readonly T[]> {
  return (scheduler, report) => {
    const operator = make(scheduler, report);
    return (batches) =>
      new Observable((listener) => {
        const source = new Subject<T>();
        const waiting: T[] = [];
        const send = (): void => {
          const [message] = waiting.splice(0, 1);
          if (message !== undefined) source.next(message);
        };
        listener.add(
          source.pipe(operator).subscribe({
            next(value) {
              listener.next(value);
              if (isReentrant && heeded(value)) send();
            },
            error: (error: unknown) => listener.error(error),
            complete: () => listener.complete(),
          }),
        );
        batches.subscribe({
          next(batch) {
            waiting.push(...batch);
            while (waiting.length > 0) send();
          },
          error: () => source.error(sourceError),
          complete: () => source.complete(),
        });
      });
  };
}
