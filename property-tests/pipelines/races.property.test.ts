/** Answers and messages that come by promise, in every order: what is promised does not depend on who is faster. */
import * as fc from 'fast-check';
import { from, mergeMap, type Observable, type ObservableInput, Subject, tap } from 'rxjs';
import { type Gap, reorderBy, sequenceGaps, slaTimeout } from 'rxjs-reliable';
import { accountFor } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { listOf } from '../support/dedupeOracle.js';
import { Race } from '../support/Race.js';
import { sourceError } from '../support/runTimed.js';
import { Tally } from '../support/Tally.js';

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
/** Which of all orders. */
const order = upTo(2 ** 31 - 1);
const ticks = fc.array(upTo(30), { maxLength: 8, size: 'max' });
/** The end comes after all messages, or any time. */
const end = fc.constantFrom(
  'complete' as const,
  'complete' as const,
  'error' as const,
  'leave' as const,
);
type End = 'complete' | 'error' | 'leave';

interface Message {
  readonly seq: number;
}

interface Rules {
  readonly toleranceMs: number;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly maxRange: number;
  readonly maxWaitMs: number;
  readonly hasFallback: boolean;
}

const ruleSet: fc.Arbitrary<Rules> = fc.record({
  toleranceMs: fc.constantFrom(0, 0, 10),
  maxAttempts: upTo(3, 1),
  timeoutMs: upTo(40, 1),
  maxInFlight: upTo(4, 1),
  maxRange: upTo(4, 1),
  maxWaitMs: upTo(100),
  hasFallback: fc.boolean(),
});
/** How requests are answered, one after another. */
const answers = fc.array(fc.constantFrom('whole', 'whole', 'part', 'none', 'failure'), {
  minLength: 1,
  maxLength: 5,
});

/** The sender, who answers by promise. */
class Sender {
  /** Answers in the order of asking, those that were said, and those that somebody heard. */
  readonly asked: number[] = [];
  readonly settled: number[] = [];
  readonly said: Message[] = [];
  readonly heard: Message[] = [];
  attempts = 0;

  constructor(
    private readonly race: Race,
    private readonly plans: readonly string[],
  ) {}

  request({ first, last }: Gap, attempt: number): ObservableInput<Message> {
    const ordinal = this.asked.length;
    const plan = this.plans[ordinal % this.plans.length];
    this.asked.push(ordinal);
    this.attempts = Math.max(this.attempts, attempt);
    const numbers = plan === 'none' ? [] : listOf(Number(first), Number(last));
    const messages = numbers
      .filter((seq) => plan !== 'part' || seq % 2 === 0)
      .map((seq) => Object.freeze({ seq }));
    const answer = this.race.later(() => {
      this.settled.push(ordinal);
      if (plan === 'failure') throw new Error('no answer');
      this.said.push(...messages);
      return messages;
    });
    return this.#hear(from(answer).pipe(mergeMap((list) => list)));
  }

  /** A snapshot in place of what is lost, as a promise and nothing else. */
  fallback({ last }: Gap): ObservableInput<Message> {
    return this.race.later(() => {
      const snapshot = Object.freeze({ seq: Number(last) });
      this.said.push(snapshot);
      return snapshot;
    });
  }

  #hear(answer: Observable<Message>): Observable<Message> {
    return answer.pipe(tap((message) => this.heard.push(message)));
  }
}

/** What is done to a source of whatever. */
type Source = Pick<Subject<never>, 'error' | 'observed'>;

/** The end, at a time of its own; `complete` comes after all messages. */
function endRace(race: Race, source: Source, how: End): void {
  if (how === 'error') race.inTurn([() => source.error(sourceError)]);
  if (how === 'leave') race.inTurn([() => race.leave()]);
}

function expectOver(race: Race, source: Source, how: End): void {
  // A source that completes first cannot fail any more, and nobody can leave what has ended.
  const endings =
    how === 'leave' ? ['left', 'complete'] : how === 'error' ? ['error', 'complete'] : [how];
  expect(endings).toContain(race.ending);
  if (race.ending === 'error') expect(race.error).toBe(sourceError);
  expect([race.isHaunted, source.observed, race.clock.pending]).toEqual([false, false, 0]);
}

describe('sequenceGaps with answers by promise, and reorderBy', () => {
  it('account for everything, in order, whichever settles first', async () => {
    const met = new Tally();
    const fate = fc.constantFrom('sent', 'sent', 'lost', 'late');
    const fates = fc.array(fate, { minLength: 1, maxLength: 14, size: 'max' });
    const args = [fates, answers, ruleSet, ticks, end, order] as const;
    await checkerOf('pipelines').checkAsync(
      'races: requests',
      10_000,
      [...args],
      async (drawn, plans, rules, clockTicks, how, which) => {
        const race = new Race(which);
        const { clock, onEvent } = race;
        const sender = new Sender(race, plans);
        const source = new Subject<Message>();
        const seqOf = ({ seq }: Message): number => seq;
        const request = (gap: Gap, attempt: number): ObservableInput<Message> =>
          sender.request(gap, attempt);
        const fallback = rules.hasFallback ? (gap: Gap) => sender.fallback(gap) : undefined;
        const recover = { ...rules, request, fallback };
        const timed = { scheduler: clock, onEvent, first: 0 };
        race.subscribe(
          source.pipe(
            sequenceGaps<Message>(seqOf, { ...timed, toleranceMs: rules.toleranceMs, recover }),
            reorderBy<Message>(seqOf, { ...timed, maxWaitMs: rules.maxWaitMs }),
          ),
        );
        const sent: Message[] = [];
        const push = (seq: number) => (): void => {
          const message = Object.freeze({ seq });
          if (source.observed) sent.push(message);
          source.next(message);
        };
        const numbersOf = (wanted: string): number[] =>
          drawn.flatMap((one, seq) => (one === wanted ? [seq] : []));
        const pushes = numbersOf('sent').map(push);
        // Each of these comes when it comes: before the answer that brings it, after it, or after the end.
        for (const seq of numbersOf('late')) race.inTurn([push(seq)]);
        race.inTurn([...pushes, () => source.complete()]);
        race.inTurn(clockTicks.map((ms) => () => clock.advanceBy(ms)));
        endRace(race, source, how);
        await race.finish();
        expectOver(race, source, how);
        expectDelivered(race, sent, sender, rules);
        met.add(cornersOf(race, sender));
      },
    );
    expect(met.rare(requestCorners)).toEqual([]);
  });
});

const requestCorners = [
  ...['complete', 'error', 'left', 'answers out of order', 'second attempt', 'answer not heard'],
  ...['gap', 'filled', 'lost', 'request-failed', 'skipped', 'late', 'reset', 'duplicate'],
];

/** Throws unless everything came out in order, once, but what is told. */
function expectDelivered(race: Race, sent: readonly Message[], sender: Sender, rules: Rules): void {
  const out = race.values as Message[];
  const isDisordered = out.some(({ seq }, place) => seq <= (out[place - 1]?.seq ?? -1));
  expect(isDisordered).toBe(false);
  const options = { maxHeld: Infinity };
  const account = accountFor([...sent, ...sender.said], out, race.events, options);
  expect(account.problem).toBeUndefined();
  if (race.ending === 'left') return;
  const accounted = new Set([...out, ...race.events.map(({ message }) => message)]);
  expect(sent.filter((message) => !accounted.has(message))).toEqual([]);
  if (race.ending !== 'complete' || rules.hasFallback) return;
  // What somebody heard an answer for came out, or was too late for reorderBy.
  const told = race.events.filter(({ passed }) => passed === false).map(({ message }) => message);
  const seen = new Set([...out, ...(told as Message[])].map(({ seq }) => seq));
  expect(sender.heard.filter(({ seq }) => !seen.has(seq))).toEqual([]);
  // Every number up to the last one that came is there, or given up.
  const missing = new Set(race.events.flatMap(numbersIn));
  const numbers = listOf(0, Math.max(-1, ...sent.map(({ seq }) => seq)));
  expect(numbers.filter((seq) => !seen.has(seq) && !missing.has(seq))).toEqual([]);
}

/** The numbers that sequenceGaps has given up. */
function numbersIn(event: object): number[] {
  const { kind, first, last } = event as { kind: string; first: number; last: number };
  return kind === 'lost' ? listOf(first, last) : [];
}

function cornersOf({ ending, events }: Race, sender: Sender): string[] {
  const { attempts, heard, said, settled } = sender;
  const corners = [...events.map(({ kind }) => kind), String(ending)];
  if (settled.some((ordinal, place) => ordinal < (settled[place - 1] ?? -1)))
    corners.push('answers out of order');
  if (attempts > 1) corners.push('second attempt');
  if (said.some((message) => !heard.includes(message))) corners.push('answer not heard');
  return corners;
}

describe('slaTimeout with work that is finished by promise', () => {
  it('breaks exactly the promises that are not kept in time', async () => {
    const met = new Tally();
    const args = [upTo(8, 1), upTo(40, 1), ticks, fc.boolean(), fc.boolean(), order] as const;
    await checkerOf('pipelines').checkAsync(
      'races: work',
      5_000,
      [...args],
      async (count, withinMs, clockTicks, switches, leaves, which) => {
        const race = new Race(which);
        const { clock, onEvent } = race;
        const source = new Subject<Work>();
        const startOf = ({ starts }: Work): unknown => starts;
        const finishOf = ({ finishes }: Work): unknown => finishes;
        race.subscribe(
          source.pipe(
            slaTimeout<Work>(
              { transaction: { startOf, finishOf, withinMs } },
              {
                breachPolicy: switches ? 'switch' : 'report',
                switchTo: () => race.later(() => spare),
                scheduler: clock,
                onEvent,
              },
            ),
          ),
        );
        const sent: Work[] = [];
        const [beganMs, tookMs]: [number[], number[]] = [[], []];
        const send = (work: Work): void => {
          if (source.observed) sent.push(work);
          source.next(work);
        };
        const starts = listOf(0, count - 1).map((work) => () => {
          beganMs[work] = clock.now();
          send({ starts: work });
          void race.later(() => {
            tookMs[work] = clock.now() - (beganMs[work] ?? NaN);
            send({ finishes: work });
          });
        });
        race.inTurn(starts);
        race.inTurn(clockTicks.map((ms) => () => clock.advanceBy(ms)));
        if (leaves) race.inTurn([() => race.leave()]);
        await race.finish();
        const broken = race.events
          .filter(({ kind }) => kind === 'breach')
          .map((event) => (event as unknown as { transaction: number }).transaction);
        if (source.observed) source.complete();
        const isSlow = (work: number): boolean => (tookMs[work] ?? NaN) >= withinMs;
        if (race.ending === 'left') {
          expect(broken.filter((work) => !isSlow(work))).toEqual([]);
        } else if (!switches) {
          expect(race.values).toEqual(sent);
          expect([...broken].sort()).toEqual(listOf(0, count - 1).filter(isSlow));
        } else {
          expect(broken).toHaveLength(listOf(0, count - 1).some(isSlow) ? 1 : 0);
          expect(race.values).toEqual(broken.length === 0 ? sent : [...sent, spare]);
        }
        if (race.ending !== 'left') expect(race.ending).toBe('complete');
        expect([race.isHaunted, source.observed, clock.pending]).toEqual([false, false, 0]);
        const policy = switches ? 'switch' : 'report';
        const isFinishedLate = listOf(0, count - 1).some(isSlow);
        met.add([String(race.ending), `${policy} ${isFinishedLate ? 'late' : 'in time'}`]);
      },
    );
    const corners = ['complete', 'left', 'switch late', 'switch in time', 'report late'];
    expect(met.rare([...corners, 'report in time'])).toEqual([]);
  });
});

interface Work {
  readonly starts?: number;
  readonly finishes?: number;
}
const spare: Work = Object.freeze({});
