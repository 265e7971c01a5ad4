/** What holds of requests whatever the model: for several keys, with jitter, and a sender that answers some numbers only. */
import * as fc from 'fast-check';
import { from, Observable } from 'rxjs';
import { type Gap, sequenceGaps, type SequenceGapsEvent } from 'rxjs-reliable';
import { arrivalsOf, faultScript, lossyLink } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from '../support/check.js';
import { listOf } from '../support/dedupeOracle.js';
import { runTimed, type TimedEntry, type TimedMessage } from '../support/runTimed.js';

interface Message {
  readonly seq: number;
  readonly key: number;
}
type Event = SequenceGapsEvent<Message, number>;

/** Options as plain JSON; null: no deadline. */
interface Rules {
  readonly keys: number;
  readonly toleranceMs: number;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly factor: number;
  readonly jitter: number;
  readonly maxMs: number;
  readonly maxInFlight: number;
  readonly maxRange: number;
  readonly deadlineMs: number | null;
}

/** How a request fares: after so long all is answered but the numbers with these last digits. */
interface Answer {
  readonly afterMs: number;
  readonly lost: readonly number[];
  readonly end: 'complete' | 'error' | 'never';
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const calm = ['burst', 'loss', 'blackout', 'tail', 'duplicate', 'delay', 'straggler'] as const;
const feed = faultScript({ maxDelayMs: 300, faults: [...calm] });
const ruleSet: fc.Arbitrary<Rules> = fc.record({
  keys: upTo(3, 1),
  toleranceMs: fc.oneof(fc.constant(0), upTo(60)),
  maxAttempts: upTo(4, 1),
  timeoutMs: upTo(60, 1),
  delayMs: fc.oneof(fc.constant(0), upTo(30)),
  factor: fc.constantFrom(1, 1.5, 2, 10),
  jitter: fc.constantFrom(0, 0.2, 1),
  maxMs: fc.oneof(fc.constant(30_000), upTo(80, 1)),
  maxInFlight: upTo(4, 1),
  maxRange: fc.oneof(fc.constant(1_024), upTo(6, 1)),
  deadlineMs: fc.oneof(fc.constant(null), upTo(200)),
});
const answerList = fc.array(
  fc.record<Answer>({
    afterMs: fc.oneof(fc.constant(0), upTo(80)),
    lost: fc.array(fc.nat({ max: 9 }), { maxLength: 5 }),
    end: fc.constantFrom('complete', 'error', 'never'),
  }),
  { minLength: 1, maxLength: 6, size: 'max' },
);

/** Under way at one time: numbers, or requests. */
class UnderWay {
  now = 0;
  most = 0;

  enter(): () => void {
    this.most = Math.max(this.most, (this.now += 1));
    return () => {
      this.now -= 1;
    };
  }
}

function run(rules: Rules, answers: readonly Answer[], arrivals: readonly TimedMessage<Message>[]) {
  const underWay = new UnderWay();
  let asked = 0;
  const result = runTimed<Message>(
    (scheduler, report) => {
      const request = ({ first, last, key }: Gap<number>): Observable<Message> => {
        const { afterMs, end, lost } = answers[asked++ % answers.length] ?? noAnswer;
        return new Observable((listener) => {
          const answer = (): void => {
            for (const seq of listOf(Number(first), Number(last))) {
              if (!lost.includes(seq % 10)) listener.next({ seq, key });
            }
            if (end === 'complete') listener.complete();
            if (end === 'error') listener.error(new Error('no answer'));
          };
          if (afterMs === 0) answer();
          else listener.add(scheduler.schedule(answer, afterMs));
          return underWay.enter();
        });
      };
      const { factor, jitter, maxMs, deadlineMs } = rules;
      return sequenceGaps<Message, number>(({ seq }) => seq, {
        keyBy: ({ key }) => key,
        toleranceMs: rules.toleranceMs,
        scheduler,
        onEvent: report,
        recover: {
          ...rules,
          request,
          deadlineMs: deadlineMs ?? Infinity,
          backoff: { factor, jitter, maxMs },
        },
      });
    },
    {
      arrivals,
      control: { end: 'complete', endAtMs: 2_000, unsubscribeAtMs: null, resubscribe: false },
    },
  );
  return { log: result.log, underWay };
}
const noAnswer: Answer = { afterMs: 0, lost: [], end: 'never' };

/** What became of one number. */
class Fate {
  noticedMs: number | undefined;
  reported = 0;
  settled = 0;
  readonly askedMs: number[] = [];
  emitted = 0;
  isAnswered = false;
}

/** Reads a log and throws where a promise about a number is broken. */
class Promises {
  readonly #fates = new Map<string, Fate>();
  readonly #high = new Map<number, number>();

  constructor(private readonly rules: Rules) {}

  read(log: readonly TimedEntry[]): void {
    for (const entry of log) {
      if (entry.kind === 'next') this.#emit(entry.value as Message, entry.atMs);
      if (entry.kind === 'event') this.#hear(entry.event as Event, entry.atMs);
    }
    for (const [name, fate] of this.#fates) {
      expect([name, fate.reported, fate.settled]).toEqual([name, fate.reported, fate.reported]);
      if (fate.isAnswered) expect([name, fate.emitted]).toEqual([name, 1]);
    }
  }

  #of(seq: number, key: number): Fate {
    const name = `${seq} of ${key}`;
    const fate = this.#fates.get(name) ?? new Fate();
    this.#fates.set(name, fate);
    return fate;
  }

  #emit({ seq, key }: Message, atMs: number): void {
    const high = this.#high.get(key) ?? seq - 1;
    this.#high.set(key, Math.max(high, seq));
    for (const between of listOf(high + 1, seq - 1)) this.#of(between, key).noticedMs ??= atMs;
    this.#of(seq, key).emitted += 1;
  }

  #hear(event: Event, atMs: number): void {
    if (!('first' in event)) return;
    const { first, last, count, key, kind } = event;
    const numbers = listOf(Number(first), Number(last));
    expect(numbers).toHaveLength(Number(count));
    for (const fate of numbers.map((seq) => this.#of(seq, key))) {
      if (kind === 'gap') expect([fate.emitted, (fate.reported += 1)]).toEqual([0, 1]);
      if (kind === 'filled') fate.isAnswered ||= event.by === 'request';
      if (kind === 'filled' || kind === 'lost') fate.settled += 1;
      if (kind === 'request') this.#expectTimely(fate, event.attempt, atMs);
    }
    if (kind === 'request') expect(numbers.length).toBeLessThanOrEqual(this.rules.maxRange);
  }

  #expectTimely(fate: Fate, attempt: number, atMs: number): void {
    const { deadlineMs, delayMs, factor, jitter, maxAttempts, maxMs, timeoutMs, toleranceMs } =
      this.rules;
    // Not yet filled or lost, and asked for once at a time.
    expect([fate.emitted, fate.reported, fate.settled]).toEqual([0, 1, 0]);
    fate.askedMs.push(atMs);
    expect(attempt).toBe(fate.askedMs.length);
    expect(attempt).toBeLessThanOrEqual(maxAttempts);
    // The message that shows the gap is emitted after the first request.
    const noticedMs = fate.noticedMs ?? atMs;
    expect(atMs).toBeLessThan(noticedMs + (deadlineMs ?? Infinity));
    const before = fate.askedMs[attempt - 2];
    const intervalMs = Math.min(timeoutMs * factor ** (attempt - 2), maxMs);
    const earliestMs =
      before === undefined ? noticedMs + toleranceMs + delayMs : before + intervalMs * (1 - jitter);
    if (fate.noticedMs !== undefined) expect(atMs).toBeGreaterThanOrEqual(earliestMs - 1e-6);
    if (before === undefined || this.rules.maxInFlight < 1_000) return;
    const latestMs = before + Math.min(intervalMs * (1 + jitter), maxMs);
    expect(atMs).toBeLessThanOrEqual(latestMs + 1e-6);
  }
}

/** What is heard if one run of numbers is missing, and every request is answered in full. */
function runParts(
  bounds: { readonly maxGaps: number; readonly maxRange: number; readonly maxInFlight: number },
  missing: number,
  afterMs: number,
): readonly TimedEntry[] {
  const arrivals = [0, missing + 1].map((seq) => ({ atMs: 0, message: { seq, key: 0 } }));
  const { log } = runTimed<Message>(
    (scheduler, onEvent) => {
      const request = ({ first, last }: Gap): Observable<Message> =>
        from(listOf(Number(first), Number(last)).map((seq) => ({ seq, key: 0 }))).pipe(
          lossyLink({ delay: afterMs }, { scheduler }),
        );
      const { maxGaps } = bounds;
      const recover = { ...bounds, request };
      return sequenceGaps<Message>(({ seq }) => seq, { maxGaps, scheduler, onEvent, recover });
    },
    { arrivals },
  );
  return log;
}

describe('requests of sequenceGaps', () => {
  const check = (property: string, rules: fc.Arbitrary<Rules>): void => {
    checker.check(property, 2_000, [feed, rules, answerList], (script, drawn, answers) => {
      const arrivals = arrivalsOf(script).map(({ atMs, message: { seq } }) => {
        return { atMs, message: { seq: Math.floor(seq / drawn.keys), key: seq % drawn.keys } };
      });
      const { log, underWay } = run(drawn, answers, arrivals);
      new Promises(drawn).read(log);
      expect(underWay.most).toBeLessThanOrEqual(drawn.maxInFlight);
      expect(underWay.now).toBe(0);
    });
  };

  it('are few, spaced, and never for what is there', () => {
    check('requests: bounded', ruleSet);
  });

  it('are in time where there is room for them', () => {
    check(
      'requests: timely',
      ruleSet.map((rules) => ({ ...rules, maxInFlight: 65_536 })),
    );
  });

  it('are no reason to give up what is asked for in parts', () => {
    const args = [upTo(8, 1), upTo(5, 1), upTo(4, 1), upTo(30, 1), fc.constantFrom(0, 5)] as const;
    checker.check(
      'requests: parts',
      2_000,
      [...args],
      (maxGaps, maxRange, maxInFlight, missing, afterMs) => {
        const log = runParts({ maxGaps, maxRange, maxInFlight }, missing, afterMs);
        const lost = log.filter(
          (entry) => entry.kind === 'event' && (entry.event as Event).kind === 'lost',
        );
        expect(lost).toEqual([]);
        expect(log.filter(({ kind }) => kind === 'next')).toHaveLength(missing + 2);
      },
    );
  });

  it('have a property for every stored case', () => {
    const ours = checker.stored.filter((property) => property.startsWith('requests: '));
    expect(ours.filter((property) => !checker.names.has(property))).toEqual([]);
  });
});
const checker = checkerOf('sequenceGaps');
