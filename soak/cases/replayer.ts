import { EMPTY, Observable, throwError } from 'rxjs';
import type { Gap } from 'rxjs-reliable';
import { fractionAt } from '../fractionAt.js';
import type { Message, Oracle } from '../Oracle.js';
import type { SoakSetup } from '../SoakCase.js';

/** One number in a hundred the sender has forgotten. */
const isForgotten = (seq: number, seed: number): boolean => fractionAt(seed + 1, seq) < 0.01;

/** The sender's side of re-requests: sometimes it fails, sometimes it is silent, sometimes its answer comes too late. */
export function replayer<E>(
  { clock, seed }: SoakSetup,
  oracle: Oracle<E>,
): (gap: Gap, attempt: number) => Observable<Message> {
  return ({ first, last }, attempt) => {
    const luck = fractionAt(seed + 2 + attempt, Number(first));
    if (luck < 0.05) return throwError(() => new Error('no connection'));
    if (luck < 0.1) return EMPTY;
    return new Observable((subscriber) =>
      clock.schedule(
        () => {
          for (let seq = Number(first); seq <= Number(last) && !subscriber.closed; seq += 1) {
            if (isForgotten(seq, seed)) continue;
            const message = { seq, sentMs: NaN };
            oracle.before(message);
            subscriber.next(message);
            oracle.after(message);
          }
          subscriber.complete();
        },
        50 + Math.floor(luck * 1_400),
      ),
    );
  };
}
