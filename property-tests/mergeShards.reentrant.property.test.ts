/** Consumers, events and work that send, answer, fail, end or leave in the middle of something. */
import * as fc from 'fast-check';
import { map, type Observable, Subject, type Subscription, take } from 'rxjs';
import { eachMessage, mergeShards, type Shard, shardBy } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';

const { check } = checkerOf('mergeShards');

/** What may happen within what: by itself, a result, an event of `shardBy` or of `mergeShards`, the beginning of work. */
const places = ['itself', 'result', 'shardBy', 'mergeShards', 'work'] as const;
type Place = (typeof places)[number];

interface Step {
  readonly action: 'send' | 'answer' | 'break' | 'complete' | 'error' | 'leave';
  readonly within: Place;
  /** Within the how manyth of them. */
  readonly turn: number;
  /** Which of the messages being worked on. */
  readonly which: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('send', 'send', 'answer', 'break') },
    { weight: 2, arbitrary: fc.constantFrom('complete', 'error', 'leave') },
  ),
  within: fc.constantFrom('itself', 'itself', 'shardBy', ...places),
  turn: fc.nat({ max: 4 }),
  which: fc.nat({ max: 5 }),
});

const setup = fc.record({
  shards: fc.integer({ min: 1, max: 3 }),
  route: fc.constantFrom('round-robin', 'least-busy'),
  maxPending: fc.constantFrom(1, 2, 2, 3, 100),
  overflowPolicy: fc.constantFrom('error', 'drop-newest', 'drop-oldest'),
  onShardError: fc.constantFrom('fail', 'drop', 'restart'),
  maxRestarts: fc.nat({ max: 3 }),
  order: fc.constantFrom('arrival', 'source'),
  concurrency: fc.integer({ min: 1, max: 3 }),
  /** Every so manyth message is answered at once, by an array. */
  atOnceEvery: fc.integer({ min: 2, max: 5 }),
});
type Setup = typeof setup extends fc.Arbitrary<infer S> ? S : never;

/** No script goes on for longer, whatever it brings about. */
const mostSteps = 200;

/** One message each: what became of it. */
interface Account {
  results: number;
  events: string[];
}

class Play {
  readonly accounts: Account[] = [];
  readonly shards: Shard<number>[] = [];
  isLeft = false;
  hasFailed = false;
  /** The source has ended: what is sent then is not sent at all. */
  isOver = false;
  readonly #source = new Subject<number>();
  readonly #gates: Subject<void>[] = [];
  readonly #turns: Record<Place, number> = {
    ...{ itself: 0, result: 0, shardBy: 0, mergeShards: 0, work: 0 },
  };
  #steps = 0;
  readonly #subscription: Subscription;

  constructor(
    { shards, route, maxPending, overflowPolicy, order, ...rest }: Setup,
    private readonly script: readonly Step[],
  ) {
    const { onShardError, maxRestarts, concurrency, atOnceEvery } = rest;
    const work = (message: number): Observable<string> | string[] => {
      this.#happen('work');
      if (message % atOnceEvery === 0) return [String(message)];
      const gate = new Subject<void>();
      this.#gates.push(gate);
      return gate.pipe(
        take(1),
        map(() => String(message)),
      );
    };
    const hear = (place: Place) => (event: object) => {
      const { kind, message } = event as { readonly kind: string; readonly message?: number };
      // The result that came too late, or was held when the stream failed, is told of by itself.
      if (typeof message === 'number') this.accounts[message]?.events.push(kind);
      this.#happen(place);
    };
    this.#subscription = this.#source
      .pipe(
        shardBy(route, { shards, maxPending, overflowPolicy, onEvent: hear('shardBy') }),
        mergeShards<number, string>(
          (shard) => {
            if (!this.shards.includes(shard)) this.shards.push(shard);
            return eachMessage(work, { concurrency })(shard);
          },
          { order, onShardError, maxRestarts, onEvent: hear('mergeShards') },
        ),
      )
      .subscribe({
        next: (result) => {
          const account = this.accounts[Number(result)];
          if (account !== undefined) account.results += 1;
          this.#happen('result');
        },
        error: () => {
          this.hasFailed = true;
        },
      });
  }

  /** Plays the whole script, answers what is open, and completes. */
  play(): void {
    for (const one of this.script) if (one.within === 'itself') this.#do(one);
    for (let round = 0; round < mostSteps && this.#open.length > 0; round += 1) {
      for (const gate of this.#open) gate.next();
    }
    this.#source.complete();
  }

  /** The work that somebody waits for. */
  get #open(): Subject<void>[] {
    return this.#gates.filter(({ observed }) => observed);
  }

  get isObserved(): boolean {
    return this.#source.observed || this.#open.length > 0;
  }

  #happen(place: Place): void {
    const turn = this.#turns[place]++;
    for (const one of this.script) if (one.within === place && one.turn === turn) this.#do(one);
  }

  #do({ action, which }: Step): void {
    if (++this.#steps > mostSteps) return;
    const open = this.#open;
    const gate = open[which % Math.max(open.length, 1)];
    switch (action) {
      case 'send':
        if (this.isOver || !this.#source.observed) return;
        this.accounts.push({ results: 0, events: [] });
        this.#source.next(this.accounts.length - 1);
        break;
      case 'answer':
        gate?.next();
        break;
      case 'break':
        gate?.error(new Error('broken'));
        break;
      case 'leave':
        this.isLeft = true;
        this.#subscription.unsubscribe();
        break;
      default:
        this.isOver = true;
        if (action === 'complete') this.#source.complete();
        else this.#source.error(new Error('the source'));
    }
  }
}

describe('mergeShards, whatever happens within what', () => {
  it('gives one account of every message', () => {
    check('reentrant', 20_000, [setup, fc.array(step, { maxLength: 40 })], (drawn, script) => {
      const play = new Play(drawn, script);
      play.play();
      const { accounts, shards, isLeft, isOver, hasFailed } = play;
      for (const { results, events } of accounts) {
        // A result may be out although its message is not done yet, and then something becomes of that.
        if (drawn.onShardError !== 'restart') expect(results).toBeLessThanOrEqual(1);
        expect(events.length).toBeLessThanOrEqual(1);
        if (!isLeft && !hasFailed) expect(results + events.length).toBeGreaterThanOrEqual(1);
      }
      // Shards that have completed keep what nobody took.
      if (!(isLeft && isOver)) for (const { pending } of shards) expect(pending).toBe(0);
      expect(play.isObserved).toBe(false);
    });
  });
});
