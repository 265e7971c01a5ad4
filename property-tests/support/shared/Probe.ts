import { Observable, type SchedulerLike, tap } from 'rxjs';
import type { ScriptMessage } from 'rxjs-reliable/testing';
import type { Consumer } from '../runTimed.js';
import type { WatchedClock } from '../WatchedClock.js';
import type { SharedTools } from './SharedSubject.js';

/** What the `at`-th call of a callback does beside its work, counted from 0. */
export interface Fuse {
  readonly callback: string;
  readonly at: number;
  readonly deed: 'throw' | 'leave';
}

/** What callbacks throw. */
export const callbackError: Error = Object.freeze(new Error('a callback failed'));

/** Watches what an operator does with all it was given but the source. */
export class Probe implements SharedTools {
  /** How often each callback was called. */
  readonly calls = new Map<string, number>();
  /** Streams subscribed now, and the most at any instant. */
  inners = 0;
  mostInners = 0;
  /** What came out of such streams. */
  readonly given = new Set<unknown>();
  /** The most that were left when the call had ended in which the subscription did. */
  innersLeft = 0;
  /** Callbacks that were called after the synchronous call in which the subscription ended. */
  callsAfterEnd: string[] = [];
  beganMs = 0;
  /** What the fuse was blown by, if it was. */
  blown: { readonly passedMs: number } | undefined;
  /** The synchronous call in which the subscription ended; `undefined` while there is one. */
  #endedIn: number | undefined;
  #consumer: Consumer<ScriptMessage> | undefined;
  readonly report: (event: unknown) => void;

  readonly callback = <Args extends unknown[], R>(
    name: string,
    work: (...args: Args) => R,
  ): ((...args: Args) => R) => {
    return (...args) => {
      const place = this.calls.get(name) ?? 0;
      this.calls.set(name, place + 1);
      if (this.#endedIn !== undefined && this.#endedIn !== this.clock.call) {
        this.callsAfterEnd.push(name);
      }
      const { fuse } = this;
      const isBlown = fuse?.callback === name && fuse.at === place;
      // An event is heard before its listener throws.
      const isSpared = isBlown && fuse.deed === 'throw' && name !== 'onEvent';
      const result = isSpared ? undefined : work(...args);
      if (isBlown) this.#blow(fuse);
      return result as R;
    };
  };

  readonly inner = <V>(stream: Observable<V>): Observable<V> =>
    new Observable((listener) => {
      this.inners += 1;
      this.mostInners = Math.max(this.mostInners, this.inners);
      listener.add(() => {
        this.inners -= 1;
      });
      stream.pipe(tap((value) => this.given.add(value))).subscribe(listener);
    });

  constructor(
    private readonly clock: WatchedClock,
    readonly scheduler: SchedulerLike | undefined,
    report: (event: unknown) => void,
    private readonly fuse?: Fuse,
  ) {
    this.report = this.callback('onEvent', report);
    clock.onCall = () => {
      if (this.#endedIn !== undefined) this.innersLeft = Math.max(this.innersLeft, this.inners);
    };
  }

  get work(): SchedulerLike {
    return this.clock.work;
  }

  /** How often any callback was called. */
  get allCalls(): number {
    return [...this.calls.values()].reduce((sum, count) => sum + count, 0);
  }

  begin(consumer: Consumer<ScriptMessage>): void {
    this.#consumer = consumer;
    this.beganMs = this.work.now();
    this.#endedIn = undefined;
  }

  end(): void {
    this.#endedIn = this.clock.call;
  }

  #blow({ deed }: Fuse): void {
    this.blown = { passedMs: this.clock.passedMs };
    if (deed === 'throw') throw callbackError;
    this.#consumer?.unsubscribe();
  }
}
