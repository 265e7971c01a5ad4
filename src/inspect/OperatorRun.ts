import { type MonoTypeOperatorFunction, Observable, type Subscriber } from 'rxjs';

/** One operator at work, fed by hand. */
export class OperatorRun<T> {
  #entry: Subscriber<T> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(operator: MonoTypeOperatorFunction<T>, onNext: (message: T) => void) {
    const source = new Observable<T>((entry) => {
      this.#entry = entry;
    });
    source.pipe(operator).subscribe({
      next: onNext,
      error: (error: unknown) => {
        this.#failure = { error };
      },
    });
  }

  push(message: T): void {
    this.#entry?.next(message);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** No more messages: what is held comes out. */
  end(): void {
    this.#entry?.complete();
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
