/** What the first three operators promise together: a feed over a bad network comes out in order, whole or with every hole told. */
import * as fc from 'fast-check';
import { from } from 'rxjs';
import type { Gap } from 'rxjs-reliable';
import { arrivalsOf, faultScript, type FaultScript, lossyLink } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import {
  type Ask,
  chain,
  type ChainRules,
  chainRules,
  type Item,
  type Message,
  type StageName,
} from '../support/chainStages.js';
import { checkerOf } from '../support/check.js';
import { listOf } from '../support/dedupeOracle.js';
import { eventsOf, valuesOf } from '../support/reorderChecks.js';
import { runTimed, type TimedMessage, type TimedRun } from '../support/runTimed.js';

/** The way of answers; in percent and ms. */
interface Answers {
  readonly loss: number;
  readonly duplicate: number;
  readonly delayMs: number;
  readonly seed: number;
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const calm = ['burst', 'loss', 'blackout', 'tail', 'duplicate', 'delay', 'straggler'] as const;
const feed = faultScript({ maxDelayMs: 400, faults: [...calm] });
const answerSet: fc.Arbitrary<Answers> = fc.record({
  loss: upTo(60),
  duplicate: upTo(40),
  delayMs: upTo(80),
  seed: upTo(1_000),
});

function itemsIn(script: FaultScript, endAtMs: number): TimedMessage<Item>[] {
  const items: TimedMessage<Item>[] = arrivalsOf(script)
    .filter(({ atMs }) => atMs <= endAtMs)
    .map(({ atMs, message: { seq } }) => ({ atMs, message: Object.freeze({ seq, key: 0 }) }));
  let sentAtMs = 0;
  const sent = script.filter(({ gapMs = 0 }) => (sentAtMs += gapMs) <= endAtMs);
  if (sent.length > 0)
    items.push({ atMs: endAtMs, message: { sentUpTo: sent.length - 1, key: 0 } });
  return items;
}

function repair(
  rules: ChainRules,
  ask: Ask,
  arrivals: readonly TimedMessage<Item>[],
  endAtMs: number,
): TimedRun<Item> {
  const control = { end: 'complete', endAtMs, unsubscribeAtMs: null, resubscribe: false } as const;
  return runTimed(chain(['dedupe', 'gaps', 'reorder'], rules, ask), { arrivals, control });
}

const numbersOf = ({ log }: TimedRun<Item>): number[] =>
  valuesOf(log).map((value) => (value as Message).seq);

/** The numbers that events of a kind are about. */
function numbersIn({ log }: TimedRun<Item>, stage: StageName, kind: string): Set<number> {
  const numbers = eventsOf(log).flatMap((event) => {
    const { first, last, message, ...more } = event as {
      stage?: StageName;
      first?: number;
      last?: number;
      message?: Message;
    };
    if (more.stage !== stage || event.kind !== kind) return [];
    return message === undefined ? listOf(first ?? 0, last ?? -1) : [message.seq];
  });
  return new Set(numbers);
}

function expectInOrder(numbers: readonly number[]): void {
  const disorder = numbers.findIndex(
    (seq, index) => index > 0 && seq <= (numbers[index - 1] ?? -1),
  );
  expect(disorder, numbers.join(' ')).toBe(-1);
}

const checker = checkerOf('pipelines');
const asList = ({ first, key, last }: Gap<number>): Message[] =>
  listOf(Number(first), Number(last)).map((seq) => ({ seq, key }));

describe('dedupeWithin, sequenceGaps with recovery, reorderBy', () => {
  it('deliver in order, once, all but what they report', () => {
    const args = [feed, chainRules, answerSet, upTo(3_000)] as const;
    checker.check(
      'repair: reported',
      4_000,
      [...args],
      (script, rules, { loss, duplicate, delayMs, seed }, endAtMs) => {
        let asked = seed;
        const faults = {
          loss: loss / 100,
          duplicate: duplicate / 100,
          delay: { kind: 'exponential', meanMs: delayMs } as const,
        };
        const arrivals = itemsIn(script, endAtMs);
        const run = repair(
          rules,
          (gap, _, scheduler) =>
            from(asList(gap)).pipe(lossyLink(faults, { seed: asked++, scheduler })),
          arrivals,
          endAtMs,
        );
        const out = numbersOf(run);
        expectInOrder(out);
        const last = arrivals.at(-1)?.message;
        const sent = last !== undefined && 'sentUpTo' in last ? listOf(0, last.sentUpTo) : [];
        const delivered = new Set(out);
        const [lost, late] = [numbersIn(run, 'gaps', 'lost'), numbersIn(run, 'gaps', 'late')];
        const skipped = numbersIn(run, 'reorder', 'skipped');
        const missing = sent.filter((seq) => !delivered.has(seq));
        expect(out.filter((seq) => seq >= sent.length)).toEqual([]);
        expect(missing.filter((seq) => !lost.has(seq) && !skipped.has(seq))).toEqual([]);
        expect(out.filter((seq) => skipped.has(seq))).toEqual([]);
        expect(out.filter((seq) => lost.has(seq) && !late.has(seq))).toEqual([]);
        expect(run.clock.pending).toBe(0);
      },
    );
  });

  it('deliver everything where the attempts suffice', () => {
    const lossy = fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 4 }), {
      maxLength: 6,
      size: 'max',
    });
    const patient = chainRules.map((rules) => ({ ...rules, maxWaitMs: 600_000, maxBuffer: 1_024 }));
    const delayMs = upTo(9);
    checker.check(
      'repair: whole',
      3_000,
      [feed, patient, lossy, delayMs],
      (script, rules, losses, answerMs) => {
        const endAtMs = 1_000_000;
        const arrivals = itemsIn(script, endAtMs);
        let asked = 0;
        const run = repair(
          rules,
          (gap, attempt, scheduler) => {
            const lost =
              attempt < rules.maxAttempts
                ? (losses[asked++ % Math.max(losses.length, 1)] ?? [])
                : [];
            const messages = asList(gap).filter(({ seq }) => !lost.includes(seq % 10));
            return from(messages).pipe(lossyLink({ delay: answerMs }, { scheduler }));
          },
          // Nobody is told later than the answers to the last request come.
          arrivals.map((one) => ('sentUpTo' in one.message ? { ...one, atMs: 100_000 } : one)),
          endAtMs,
        );
        const last = arrivals.at(-1)?.message;
        const sent = last !== undefined && 'sentUpTo' in last ? listOf(0, last.sentUpTo) : [];
        expect(numbersOf(run)).toEqual(sent);
        expect([
          ...numbersIn(run, 'gaps', 'lost'),
          ...numbersIn(run, 'reorder', 'skipped'),
        ]).toEqual([]);
        expect(run.clock.pending).toBe(0);
      },
    );
  });

  it('have a property for every stored case', () => {
    const ours = checker.stored.filter((property) => property.startsWith('repair: '));
    expect(ours.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});
