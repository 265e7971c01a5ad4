/** Somebody with requests to make when there is room for them. */
export interface Requester {
  /** Starts its next request, if it still has one; returns whether it has another after that. */
  requestNext(nowMs: number): boolean;
}

/** Bounds how many requests are under way at once, whatever the number of keys; those who wait are served in turn. */
export class RequestPool {
  /** Requests under way. */
  #inFlight = 0;
  /** Each requester at most once. */
  readonly #waiting: Requester[] = [];

  constructor(private readonly maxInFlight: number) {}

  get isFull(): boolean {
    return this.#inFlight >= this.maxInFlight;
  }

  /** Takes a place. */
  enter(): void {
    this.#inFlight += 1;
  }

  /** Gives a place back. */
  leave(): void {
    this.#inFlight -= 1;
  }

  /** Gets in line, once until its turn has come. */
  wait(requester: Requester): void {
    this.#waiting.push(requester);
  }

  /** Hands free places to those who wait; owed at the end of every entry. */
  serve(now: () => number): void {
    while (!this.isFull) {
      const requester = this.#waiting.shift();
      if (requester === undefined) return;
      if (requester.requestNext(now())) this.#waiting.push(requester);
    }
  }
}
