import { Observable, type Subscriber } from 'rxjs';
import { ensure } from './ensure.js';

/** A source that is pushed by hand and counts who listens. */
export class SourceProbe<T> {
  subscriptions = 0;
  unsubscriptions = 0;
  #subscriber: Subscriber<T> | undefined;

  readonly stream: Observable<T> = new Observable<T>((subscriber) => {
    this.subscriptions += 1;
    this.#subscriber = subscriber;
    return () => {
      this.unsubscriptions += 1;
    };
  });

  next(message: T): void {
    this.#subscriber?.next(message);
  }

  error(error: unknown): void {
    this.#subscriber?.error(error);
  }

  complete(): void {
    this.#subscriber?.complete();
  }

  /** Fails unless it was subscribed once and unsubscribed once. */
  ensureReleased(): void {
    ensure(
      this.subscriptions === 1,
      `the source was subscribed ${String(this.subscriptions)} times instead of once`,
    );
    ensure(
      this.unsubscriptions === 1,
      `the source was unsubscribed ${String(this.unsubscriptions)} times instead of once`,
    );
  }
}
