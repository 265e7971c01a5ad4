/** Clocks that jump, timers that are late, delays too long for timers or none at all: each outcome once, in order. */
import { NEVER, type OperatorFunction, type SchedulerLike, Subject } from 'rxjs';
import {
  mergeShards,
  OptionError,
  reorderBy,
  sequenceGaps,
  shardBy,
  slaTimeout,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { ManualScheduler } from '../../support/ManualScheduler.js';
import { named } from '../../support/subjects.js';

interface Timed {
  readonly scheduler: SchedulerLike;
  readonly onEvent: (event: { readonly kind: string }) => void;
}
/** An operator with a deadline. */
interface Waiting {
  readonly name: string;
  /** What makes it wait. */
  readonly messages: readonly number[];
  /** What happens at the deadline, once: an event of this kind, or that this message is emitted. */
  readonly outcome: string;
  readonly make: (ms: number, base: Timed) => OperatorFunction<number, number>;
  /** What is done with a delay of 0: the outcome in the same call, or refused, or due like any other. */
  readonly zero: 'at once' | 'refused' | 'due';
}

const self = (n: number): number => n;
const patient = { timeoutMs: Infinity, backoff: { maxMs: Infinity } };
const ask = { ...patient, request: () => NEVER, maxAttempts: 1, maxInFlight: 1 };

const waiting: readonly Waiting[] = [
  {
    name: 'reorderBy maxWaitMs',
    messages: [0, 2],
    outcome: 'next 2',
    make: (maxWaitMs, base) => reorderBy(self, { ...base, maxWaitMs }),
    zero: 'at once',
  },
  {
    name: 'reorderBy startWaitMs',
    messages: [2],
    outcome: 'next 2',
    make: (startWaitMs, base) => reorderBy(self, { ...base, startWaitMs, maxWaitMs: Infinity }),
    zero: 'at once',
  },
  {
    name: "reorderBy by: 'sparse'",
    messages: [2],
    outcome: 'next 2',
    make: (maxWaitMs, base) => reorderBy(self, { ...base, by: 'sparse', maxWaitMs }),
    zero: 'at once',
  },
  {
    name: "reorderBy by: 'time'",
    messages: [2],
    outcome: 'next 2',
    make: (maxWaitMs, base) => reorderBy(self, { ...base, by: 'time', boundMs: 9, maxWaitMs }),
    zero: 'at once',
  },
  {
    name: 'sequenceGaps toleranceMs',
    messages: [0, 2],
    outcome: 'gap',
    make: (toleranceMs, base) => sequenceGaps<number>(self, { ...base, toleranceMs }),
    zero: 'at once',
  },
  {
    name: 'sequenceGaps recover.delayMs',
    messages: [0, 2],
    outcome: 'request',
    make: (delayMs, base) => sequenceGaps<number>(self, { ...base, recover: { ...ask, delayMs } }),
    zero: 'at once',
  },
  {
    name: 'sequenceGaps recover.timeoutMs',
    messages: [0, 2],
    outcome: 'lost',
    make: (timeoutMs, base) =>
      sequenceGaps<number>(self, {
        ...base,
        recover: { ...ask, timeoutMs },
      }),
    zero: 'refused',
  },
  {
    name: 'slaTimeout silenceMs',
    messages: [0],
    outcome: 'breach',
    make: (silenceMs, base) => slaTimeout<number>({ silenceMs }, base),
    zero: 'due',
  },
  {
    name: 'slaTimeout totalMs',
    messages: [],
    outcome: 'breach',
    make: (totalMs, base) => slaTimeout<number>({ totalMs }, base),
    zero: 'due',
  },
  {
    name: 'slaTimeout transaction',
    messages: [7],
    outcome: 'breach',
    make: (withinMs, base) =>
      slaTimeout<number>(
        {
          transaction: {
            startOf: (n) => (n === 7 ? n : undefined),
            finishOf: () => undefined,
            withinMs,
          },
        },
        base,
      ),
    zero: 'due',
  },
  {
    name: 'mergeShards idleMs',
    messages: [1],
    outcome: 'next 1',
    make: (idleMs, base) => (source) =>
      source.pipe(
        shardBy<number>({ policy: 'custom', indexOf: (n) => n % 2 }, { shards: 2 }),
        mergeShards<number, number>((shard) => shard, { ...base, order: { by: self, idleMs } }),
      ),
    zero: 'at once',
  },
];

/** The operator at work, with a clock and timers that do what the test says. */
class Stand {
  readonly scheduler = new ManualScheduler(1e12);
  readonly #source = new Subject<number>();
  readonly log: string[] = [];
  readonly #armedAt: number;

  constructor(
    private readonly operator: Waiting,
    ms: number,
  ) {
    const onEvent = ({ kind }: { readonly kind: string }): void => {
      this.log.push(kind);
    };
    this.#source.pipe(operator.make(ms, { scheduler: this.scheduler, onEvent })).subscribe((n) => {
      this.log.push(`next ${String(n)}`);
    });
    for (const n of operator.messages) this.#source.next(n);
    this.#armedAt = this.log.length;
  }

  send(n: number): void {
    this.#source.next(n);
  }

  /** How often what was waited for has happened. */
  get outcomes(): number {
    return this.log.filter((entry) => entry === this.operator.outcome).length;
  }

  /** What happened since it waits. */
  get news(): readonly string[] {
    return this.log.slice(this.#armedAt);
  }

  get delays(): readonly number[] {
    return this.scheduler.delays;
  }
}

const dayMs = 86_400_000;
const longestTimerMs = 2 ** 31 - 1;

describe.each(named(waiting))('%s', (_name, operator) => {
  it.each([longestTimerMs, 2 ** 31, 30 * dayMs, 365 * dayMs])(
    'H39: is exact after %i ms, with no timer too long for timers',
    (ms) => {
      const stand = new Stand(operator, ms);
      stand.scheduler.advance(ms - 1);
      expect(stand.outcomes).toBe(0);
      stand.scheduler.advance(1);
      expect(stand.outcomes).toBe(1);
      expect(Math.max(...stand.delays)).toBeLessThanOrEqual(longestTimerMs);
      expect(Math.min(...stand.delays)).toBeGreaterThanOrEqual(0);
      expect(stand.scheduler.pending.size).toBe(0);
    },
  );

  it('H40: waits for ever with Infinity, without a timer', () => {
    const stand = new Stand(operator, Infinity);
    expect(stand.delays).toEqual([]);
    stand.scheduler.clockMs += 1e15;
    stand.send(3);
    expect(stand.outcomes).toBe(0);
    expect(stand.delays).toEqual([]);
  });

  it('H42: with 0 has the outcome in the same call, without a timer', () => {
    // slaTimeout watches time that passes, of which there is none within a call.
    if (operator.zero === 'refused') {
      expect(() => new Stand(operator, 0)).toThrow(OptionError);
      return;
    }
    const stand = new Stand(operator, 0);
    if (operator.zero === 'due') stand.scheduler.advance(0);
    else expect(stand.delays).toEqual([]);
    // The silence from subscription to the first message counts, too.
    expect(stand.outcomes).toBe(operator.name === 'slaTimeout silenceMs' ? 2 : 1);
    expect(stand.scheduler.pending.size).toBe(0);
  });

  it.each([-30 * dayMs, -3_600_000, -1, 1, 3_600_000, 30 * dayMs])(
    'H44: has one outcome though the clock jumps by %i ms',
    (jumpMs) => {
      const stand = new Stand(operator, 1_000);
      stand.scheduler.advance(500);
      stand.scheduler.clockMs += jumpMs;
      // A step back is taken as no time at all (docs/DECISIONS.md, 15), one forward as time that passed.
      stand.scheduler.advance(500);
      expect(stand.outcomes).toBe(1);
      stand.scheduler.advance(dayMs);
      expect(stand.outcomes).toBe(1);
      expect(stand.scheduler.pending.size).toBe(0);
    },
  );

  it.each([1_000, 8 * 3_600_000])(
    'H45: has one outcome though the timer is %i ms late',
    (lateMs) => {
      const stand = new Stand(operator, 1_000);
      const { length } = stand.delays;
      stand.scheduler.clockMs += 1_000 + lateMs;
      stand.scheduler.timerMs += 1_000 + lateMs;
      stand.scheduler.fire();
      expect(stand.outcomes).toBe(1);
      stand.scheduler.advance(dayMs);
      expect(stand.outcomes).toBe(1);
      expect(stand.delays.length - length).toBeLessThanOrEqual(1);
    },
  );

  it.each([1, 1_000])(
    'H46: takes the deadline before %i messages that come exactly then, timer or not',
    (count) => {
      const outcomeOf = (isTimerFirst: boolean): readonly string[] => {
        const stand = new Stand(operator, 1_000);
        if (isTimerFirst) stand.scheduler.advance(1_000);
        else stand.scheduler.clockMs += 1_000;
        for (let n = 0; n < count; n += 1) stand.send(n);
        expect(stand.outcomes).toBeGreaterThanOrEqual(1);
        return stand.news;
      };
      const log = outcomeOf(false);
      expect(log).toEqual(outcomeOf(true));
      const afterwards = log.filter((entry) => entry !== 'skipped' && entry !== operator.outcome);
      expect(log.indexOf(operator.outcome)).toBeLessThan(log.indexOf(afterwards[0] ?? ''));
    },
  );
});
