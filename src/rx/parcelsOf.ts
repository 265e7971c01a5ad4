import { Observable } from 'rxjs';

/** Hands messages over to whoever is ready for them. */
export interface Handing<M, P> {
  /** Returns how to stop. */
  subscribe(receiver: {
    readonly isPlain: boolean;
    readonly isReady: boolean;
    take(message: M, parcel: P): void;
    complete(): void;
    error(error: unknown): void;
  }): () => void;
}

/** How much can be taken. */
export interface Room {
  readonly isFree: boolean;
  /** Something was taken; called before it is handled, which may have to wait. */
  taken(): void;
}

/** What a channel hands over, one at a time and as long as there is room for more. */
export function parcelsOf<M, P>(channel: Handing<M, P>, room: Room): Observable<P> {
  return new Observable((subscriber) =>
    channel.subscribe({
      isPlain: false,
      get isReady() {
        return room.isFree;
      },
      take: (_, parcel) => {
        room.taken();
        subscriber.next(parcel);
      },
      complete: () => {
        subscriber.complete();
      },
      error: (error) => {
        subscriber.error(error);
      },
    }),
  );
}
