import type { ObservableInput } from 'rxjs';
import type { Gap } from '../types.js';
import type { Outlet } from './operate.js';
import type { Enter } from './operateTimed.js';

/** How many values are taken of a fallback, and numbers asked for in one request, unless told otherwise. */
export const defaultRange = 1_024;

/** Who can be asked for missing numbers. `A` is what may be answered, messages `T` among it. */
export interface Sender<T, A, K> {
  readonly request: (gap: Gap<K>, attempt: number) => ObservableInput<A>;
  readonly fallback?: ((lost: Gap<K>) => ObservableInput<T>) | undefined;
  readonly maxRange?: number | undefined;
}

interface Request {
  readonly first: number;
  readonly last: number;
  readonly attempt: number;
  /** Whether anybody waits for the answer. */
  readonly isLive: boolean;
}

/** Who asks, and hears the answers. */
interface Asker<T, A, R> {
  answer(answer: A | T, request: R | undefined, now: () => number): void;
  answered(request: R): void;
  /** Hears the first message of a fallback. */
  resume(message: T, now: () => number): void;
  cancelFallback: (() => void) | undefined;
}

/** An answer that failed. */
export type SenderEvent<K> = Gap<K> &
  (
    | { readonly kind: 'request-failed'; readonly attempt: number; readonly error: unknown }
    | { readonly kind: 'fallback-failed'; readonly error: unknown }
  );

/** Listens to what the sender answers, and hands it to the one who asked. */
export class SenderPort<T, A, K, R extends Request> {
  readonly random = Math.random;

  constructor(
    private readonly sender: Sender<T, A, K>,
    private readonly outlet: Outlet<unknown>,
    private readonly enter: Enter,
    private readonly report: ((event: SenderEvent<K>) => void) | undefined,
  ) {}

  request(asker: Asker<T, A, R>, request: R, gap: Gap<K>): () => void {
    const { enter, outlet, report, sender } = this;
    const { attempt } = request;
    const listener = outlet.listen<A>(
      () => sender.request(gap, attempt),
      {
        next: (answer) => {
          enter((now) => {
            asker.answer(answer, request, now);
          });
        },
        error: (error) => {
          enter(() => {
            if (request.isLive) report?.({ kind: 'request-failed', ...gap, attempt, error });
            asker.answered(request);
          });
        },
        complete: () => {
          enter(() => {
            asker.answered(request);
          });
        },
      },
      request.last - request.first + 1,
    );
    return () => {
      listener.unsubscribe();
    };
  }

  fallBack(asker: Asker<T, A, R>, lost: Gap<K>): () => void {
    const { enter, outlet, report, sender } = this;
    const { maxRange = defaultRange } = sender;
    // It is asked for where there is one only.
    const fallback = sender.fallback as NonNullable<typeof sender.fallback>;
    let isFirst = true;
    const listener = outlet.listen<T>(
      () => fallback(lost),
      {
        next: (message) => {
          enter((now) => {
            if (isFirst) asker.resume(message, now);
            else asker.answer(message, undefined, now);
            isFirst = false;
          });
        },
        error: (error) => {
          asker.cancelFallback = undefined;
          report?.({ kind: 'fallback-failed', ...lost, error });
        },
        complete: () => {
          asker.cancelFallback = undefined;
        },
      },
      maxRange,
    );
    return () => {
      listener.unsubscribe();
    };
  }
}
