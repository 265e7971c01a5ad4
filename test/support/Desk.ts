import { Observable, type ObservableInput, type Subscriber } from 'rxjs';
import type { Gap, NoSuchMessages } from 'rxjs-reliable';

/** A request the desk received, to be answered by hand. */
export interface ReceivedRequest<T> {
  readonly first: number;
  readonly last: number;
  readonly attempt: number;
  readonly key: unknown;
  readonly answer: Subscriber<T | NoSuchMessages>;
  /** The operator listens to the answer no longer. */
  readonly closed: boolean;
}

/** The sender's side of re-requests: keeps what is asked for. */
export class Desk<T = number> {
  readonly requests: ReceivedRequest<T>[] = [];

  /** To be given as `recover.request`. */
  readonly request = (gap: Gap<unknown>, attempt: number): ObservableInput<T | NoSuchMessages> =>
    new Observable((answer) => {
      const [first, last] = [Number(gap.first), Number(gap.last)];
      this.requests.push({
        first,
        last,
        attempt,
        key: gap.key,
        answer,
        get closed() {
          return answer.closed;
        },
      });
    });

  /** What was asked for, as "first-last#attempt". */
  get asked(): string[] {
    return this.requests.map(({ first, last, attempt }) => `${first}-${last}#${attempt}`);
  }

  /** Whether nobody listens to any answer. */
  get isClosed(): boolean {
    return this.requests.every((request) => request.closed);
  }

  /** The request received last. */
  get last(): ReceivedRequest<T> {
    return this.at(-1);
  }

  at(index: number): ReceivedRequest<T> {
    const request = this.requests.at(index);
    if (request === undefined) throw new Error(`no request ${index}`);
    return request;
  }
}
