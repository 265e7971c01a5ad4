/** The operators one after another, in every order there is: what each promises by itself holds of them all together. */
import * as fc from 'fast-check';
import { from, Observable, tap } from 'rxjs';
import {
  accountFor,
  arrivalsOf,
  controlScript,
  faultScript,
  lossyLink,
} from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { withoutAmbient } from '../support/ambient.js';
import { allOrders } from '../support/chainOrders.js';
import {
  type Ask,
  chain,
  chainRules,
  type Item,
  type Message,
  type StageName,
} from '../support/chainStages.js';
import { checkerOf } from '../support/check.js';
import { listOf } from '../support/dedupeOracle.js';
import { allFaults } from '../support/faultCases.js';
import { eventsOf, valuesOf } from '../support/reorderChecks.js';
import {
  type MakeOperator,
  runRepeatably,
  sourceError,
  type TimedMessage,
  type TimedRun,
} from '../support/runTimed.js';
import { Tally } from '../support/Tally.js';

/** Whoever answers requests, over a link that loses some answers. */
class Sender {
  /** What arrived, with each subscription anew. */
  said: Message[] = [];
  asked = 0;

  readonly ask: Ask = ({ first, key, last }, attempt, scheduler) => {
    const answers = listOf(Number(first), Number(last)).map((seq) => Object.freeze({ seq, key }));
    const faults = {
      loss: 0.3,
      duplicate: 0.2,
      delay: { kind: 'exponential', meanMs: 20 },
    } as const;
    this.asked += 1;
    return from(answers).pipe(
      lossyLink(faults, { seed: Number(first) * 8 + attempt, scheduler }),
      tap((message) => this.said.push(message)),
    );
  };
}

/** The same, but all of it is torn down, answers too, before the consumer's own teardown looks what is left. */
function apart(make: MakeOperator<Item>): MakeOperator<Item> {
  return (scheduler, report) => {
    const operator = make(scheduler, report);
    return (source) =>
      new Observable((listener) =>
        source.pipe(operator).subscribe({
          next: (value) => listener.next(value),
          error: (error: unknown) => listener.error(error),
          complete: () => listener.complete(),
        }),
      );
  };
}

/** Throws unless a subscription did what every operator promises. */
function expectPromises(run: TimedRun<Item>, said: readonly Message[]): void {
  const { ending, isSourceObserved, log, timersLeft } = run;
  const ends = log.filter(({ kind }) => kind === 'complete' || kind === 'error');
  expect(ends).toEqual(ending === 'unsubscribe' ? [] : [log.at(-1)]);
  const end = ends[0];
  // A source that fails is no other error.
  if (end?.kind === 'error') expect(end.error).toBe(sourceError);
  expect([timersLeft, isSourceObserved]).toEqual([0, false]);
  const messages = run.sent.filter((item) => 'seq' in item);
  const values = valuesOf(log);
  // By reference, and of both subscriptions' answers each one that came.
  const account = accountFor([...messages, ...said], values, eventsOf(log), { maxHeld: Infinity });
  expect(account.problem).toBeUndefined();
  const accounted = new Set([...values, ...eventsOf(log).map((event) => event.message)]);
  const missing = messages.filter((message) => !accounted.has(message));
  if (ending !== 'unsubscribe') expect(missing).toEqual([]);
}

/** How the run went, and what stood before what. */
function cornersOf(run: TimedRun<Item>, order: readonly StageName[]): string[] {
  const kinds = eventsOf(run.log).map((event) => {
    const { kind, passed, stage } = event as typeof event & { stage: StageName };
    return `${stage} ${kind}${passed === false ? ' dropped' : ''}`;
  });
  const pairs = order.slice(1).map((name, place) => `${String(order[place])} before ${name}`);
  return [...kinds, ...pairs, run.ending];
}

const names: readonly StageName[] = ['dedupe', 'gaps', 'reorder', 'sla', 'shards'];
const allPairs = names.flatMap((one) =>
  names.filter((other) => other !== one).map((other) => `${one} before ${other}`),
);
const corners = [
  ...['complete', 'error', 'unsubscribe', 'gaps request', 'gaps filled', 'gaps lost', 'sla breach'],
  ...['dedupe duplicate dropped', 'reorder skipped', 'reorder late dropped'],
  ...['reorder discarded dropped', 'gaps invalid', 'reorder invalid dropped'],
];

/** All but jumps by thousands: each of those numbers would be answered. */
const faults = allFaults.filter((kind) => kind !== 'jump' && kind !== 'wrap');
const feed = faultScript({ maxMessages: 30, maxDelayMs: 400, faults });
const ending = controlScript({ maxMs: 1_500 });

describe('the operators in any order', () => {
  it('keep what they promise', () => {
    const met = new Tally();
    const orders = fc.constantFrom(...allOrders.map((order) => [...order]));
    const args = [feed, chainRules, ending, orders, fc.integer({ min: 1, max: 3 })] as const;
    checkerOf('pipelines').check(
      'orders',
      5_000,
      [...args],
      (script, rules, control, order, keys) => {
        const arrivals = arrivalsOf(script).map(({ atMs, message: { index, seq } }) => {
          const number = Number.isSafeInteger(seq) ? Math.floor(seq / keys) : seq;
          const message: Item = Object.freeze({ seq: number, key: index % keys });
          return { atMs, message };
        }) satisfies TimedMessage<Item>[];
        const sender = new Sender();
        const run = withoutAmbient(() =>
          runRepeatably(apart(chain(order, rules, sender.ask)), { arrivals, control }),
        );
        for (const one of [run, run.again ?? run]) expectPromises(one, sender.said);
        met.add(cornersOf(run, order));
      },
    );
    expect(met.rare([...corners, ...allPairs])).toEqual([]);
  });
});
