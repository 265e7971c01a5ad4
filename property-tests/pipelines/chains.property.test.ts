/** A feed over a lossy link, repaired over the same link: exactly what neither way brought is missing, and told. */
import * as fc from 'fast-check';
import { delay, from, mergeMap, NEVER, of, tap } from 'rxjs';
import { mergeShards, shardBy } from 'rxjs-reliable';
import { accountFor, arrivalsOf, type FaultScript, faultScript } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { sensibleOrders } from '../support/chainOrders.js';
import {
  type Ask,
  chain,
  chainOf,
  type ChainRules,
  chainRules,
  type Item,
  type Message,
  type StageName,
} from '../support/chainStages.js';
import { checkerOf } from '../support/check.js';
import { listOf } from '../support/dedupeOracle.js';
import { eventsOf, valuesOf } from '../support/reorderChecks.js';
import {
  type MakeOperator,
  runTimed,
  type TimedMessage,
  type TimedRun,
} from '../support/runTimed.js';
import { Tally } from '../support/Tally.js';

/** The link: what it does to each message of `keys` senders, who take turns, and to the answers to requests. */
class Link {
  /** Answers that arrived. */
  readonly said: Message[] = [];

  constructor(
    private readonly script: FaultScript,
    readonly keys: number,
    private readonly rules: ChainRules,
  ) {}

  /** What arrives, and in the end each sender's last word. */
  get arrivals(): TimedMessage<Item>[] {
    const items: TimedMessage<Item>[] = arrivalsOf(this.script).map(({ atMs, message }) => ({
      atMs,
      message: this.#messageOf(message.index),
    }));
    for (const key of listOf(0, this.keys - 1)) {
      const sentUpTo = this.sentBy(key).length - 1;
      if (sentUpTo >= 0) items.push({ atMs: 1_000_000, message: Object.freeze({ sentUpTo, key }) });
    }
    return items;
  }

  /** An answer has the same chances as any message, which are others at each attempt. */
  readonly ask: Ask = ({ first, key, last }, attempt, scheduler) => {
    const arriving = listOf(Number(first), Number(last)).flatMap((seq) => {
      const afterMs = this.#answerMs(seq * this.keys + key, attempt);
      return afterMs === undefined ? [] : [{ afterMs, message: Object.freeze({ seq, key }) }];
    });
    // If all of it is lost, so is its end.
    if (arriving.length === 0) return NEVER;
    return from(arriving).pipe(
      mergeMap(({ afterMs, message }) => of(message).pipe(delay(afterMs, scheduler))),
      tap((message) => this.said.push(message)),
    );
  };

  /** What a sender sent. */
  sentBy(key: number): number[] {
    const count = Math.ceil((this.script.length - key) / this.keys);
    return listOf(0, count - 1);
  }

  /** What of it arrives, by itself or as an answer. */
  deliveredOf(key: number): number[] {
    return this.sentBy(key).filter((seq) => {
      const index = seq * this.keys + key;
      const attempts = listOf(1, this.rules.maxAttempts);
      const isAnswered = attempts.some((n) => this.#answerMs(index, n) !== undefined);
      return isAnswered || this.#delayMs(index) !== undefined;
    });
  }

  #messageOf(index: number): Message {
    return Object.freeze({ seq: Math.floor(index / this.keys), key: index % this.keys });
  }

  #delayMs(index: number): number | undefined {
    const { copies = [], delayMs = 0, drop = false } = this.script[index] ?? {};
    return drop ? copies[0] : delayMs;
  }

  /** In time for its request; undefined if it is lost. */
  #answerMs(index: number, attempt: number): number | undefined {
    const delayMs = this.#delayMs((index + attempt * 7) % this.script.length);
    return delayMs === undefined ? undefined : Math.min(delayMs, this.rules.timeoutMs - 1);
  }
}

/** The numbers of `key` that events of an operator are about. */
function numbersIn(run: TimedRun<Item>, stage: StageName, kind: string, key: number): number[] {
  const about = eventsOf(run.log) as unknown as readonly AboutNumbers[];
  const numbers = about
    .filter((event) => event.stage === stage && event.kind === kind && event.key === key)
    .flatMap(({ first = 0, last = -1, message }) =>
      message === undefined ? listOf(first, last) : [message.seq],
    );
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** What events about numbers have. */
interface AboutNumbers {
  readonly stage: StageName;
  readonly kind: string;
  readonly key: number;
  readonly first?: number;
  readonly last?: number;
  readonly message?: Message;
}

const without = (numbers: readonly number[], others: readonly number[]): number[] =>
  numbers.filter((n) => !others.includes(n));

/** Throws unless exactly what the link lost is missing, told by those who have to, and all else is in order. */
function expectRepaired(run: TimedRun<Item>, link: Link): void {
  const out = valuesOf(run.log) as Message[];
  for (const key of listOf(0, link.keys - 1)) {
    const delivered = link.deliveredOf(key);
    const missing = without(link.sentBy(key), delivered);
    expect(out.filter((message) => message.key === key).map(({ seq }) => seq)).toEqual(delivered);
    const late = numbersIn(run, 'gaps', 'late', key);
    expect(without(numbersIn(run, 'gaps', 'lost', key), late)).toEqual(missing);
    // What comes behind the last number that was delivered was never waited for.
    const waitedFor = missing.filter((seq) => seq < (delivered.at(-1) ?? -1));
    expect(numbersIn(run, 'reorder', 'skipped', key)).toEqual(waitedFor);
  }
  const messages = run.sent.filter((item) => 'seq' in item);
  const account = accountFor([...messages, ...link.said], out, eventsOf(run.log));
  expect(account.problem).toBeUndefined();
  expect([run.ending, run.timersLeft, run.isSourceObserved]).toEqual(['complete', 0, false]);
}

function cornersOf(run: TimedRun<Item>, link: Link): string[] {
  const keys = listOf(0, link.keys - 1);
  const lost = keys.flatMap((key) => without(link.sentBy(key), link.deliveredOf(key)));
  const kinds = eventsOf(run.log).map((event) => {
    const { attempt = 1, kind, stage } = event as unknown as Record<string, string | number>;
    return `${String(stage)} ${String(kind)}${Number(attempt) > 1 ? ' again' : ''}`;
  });
  const isAsked = kinds.includes('gaps request');
  if (isAsked) kinds.push(lost.length === 0 ? 'all recovered' : 'some lost for ever');
  if (keys.some((key) => lost.length > 0 && link.deliveredOf(key).length === 0))
    kinds.push('nothing delivered of a sender');
  return kinds;
}

const calm = ['burst', 'loss', 'blackout', 'tail', 'target', 'duplicate', 'delay', 'straggler'];
const feed = faultScript({ maxMessages: 30, maxDelayMs: 400, faults: calm as ['loss'] });
/** Whoever waits for what is lost waits as long as it takes. */
const patient = chainRules.map((rules) => ({ ...rules, maxWaitMs: null, maxBuffer: 1_024 }));
const senders = fc.integer({ min: 1, max: 3 });
const control = {
  ...({ end: 'complete', endAtMs: 10_000_000 } as const),
  ...{ unsubscribeAtMs: null, resubscribe: false },
};
const corners = [
  ...['all recovered', 'some lost for ever', 'nothing delivered of a sender', 'gaps late'],
  ...['gaps request again', 'gaps filled', 'dedupe duplicate', 'reorder skipped', 'sla breach'],
];

describe('a chain over a lossy link', () => {
  it('misses exactly what it says is lost, in every order of operators that makes sense', () => {
    const met = new Tally();
    const orders = fc.constantFrom(...sensibleOrders.map((order) => [...order]));
    const args = [feed, patient, senders, orders] as const;
    checkerOf('pipelines').check(
      'chain: orders',
      6_000,
      [...args],
      (script, rules, keys, order) => {
        const link = new Link(script, keys, rules);
        const run = runTimed(chain(order, rules, link.ask), { arrivals: link.arrivals, control });
        expectRepaired(run, link);
        met.add([...cornersOf(run, link), order.join(' ')]);
      },
    );
    expect(met.rare([...corners, ...sensibleOrders.map((order) => order.join(' '))])).toEqual([]);
  });

  it('does so in each of several shards, too', () => {
    const met = new Tally();
    const orders = sensibleOrders.map((order) => order.filter((name) => name !== 'shards'));
    const args = [feed, patient, senders, fc.constantFrom(...orders)] as const;
    checkerOf('pipelines').check(
      'chain: shards',
      2_000,
      [...args],
      (script, rules, keys, order) => {
        const link = new Link(script, keys, rules);
        const make: MakeOperator<Item> = (scheduler, report) => (source) => {
          const tell = (stage: StageName) => (event: object) => report({ ...event, stage });
          const { shards } = rules;
          const onEvent = tell('shards');
          return source.pipe(
            shardBy(({ key }) => key, { shards, onEvent }),
            mergeShards((shard) => shard.pipe(chainOf(order, rules, link.ask, scheduler, tell)), {
              onEvent,
            }),
          );
        };
        const run = runTimed(make, { arrivals: link.arrivals, control });
        expectRepaired(run, link);
        met.add(cornersOf(run, link));
      },
    );
    expect(met.rare(corners)).toEqual([]);
  });
});
