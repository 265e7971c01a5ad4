/** Numbers made to exhaust time or memory: at most 1 ms and 1 KiB per message, whatever it says. */
import { Subject as Source, Subscription } from 'rxjs';
import { sequenceGaps, type SequenceGapsOptions } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import {
  heapBytes,
  largestBytes,
  longestGrowthMs,
  longestMs,
  longestStepMs,
} from '../../support/cost.js';
import {
  allSubjects,
  countingSubjects,
  credulous,
  named,
  numberedSubjects,
  type Numbered,
  type Subject,
} from '../../support/subjects.js';

const farthest = Number.MAX_SAFE_INTEGER - 1;

/** Counts what comes out instead of keeping it. */
class Flood {
  readonly clock = new VirtualClock();
  readonly #source = new Source<Numbered>();
  readonly events: Record<string, number> = {};
  emitted = 0;
  alive = true;

  constructor(subject: Subject, isKeyed = false) {
    const onEvent = ({ kind }: { readonly kind: string }): void => {
      this.events[kind] = (this.events[kind] ?? 0) + 1;
    };
    const base = { scheduler: this.clock, onEvent };
    this.#source.pipe(subject.make(base, isKeyed ? { keyBy: ({ key }) => key } : {})).subscribe({
      next: () => (this.emitted += 1),
      error: () => (this.alive = false),
    });
  }

  send(n: unknown, key?: unknown): void {
    this.#source.next({ n, key });
  }
}

interface Pouring {
  readonly subject: Subject;
  readonly count: number;
  readonly numberOf: (index: number) => unknown;
  /** Default: the operator has no keys. */
  readonly keyOf?: (index: number) => unknown;
  /** Whether a millisecond passes after each hundredth message. Default true. */
  readonly hasTime?: boolean;
  readonly enoughMs?: number;
}

/** Pours, again and again; how long the longest message took, and what the last flood left on the heap. */
function pour({ subject, count, numberOf, keyOf, hasTime = true, enoughMs }: Pouring) {
  const begin = () => {
    const flood = new Flood(subject, keyOf !== undefined);
    // What comes with the first messages of a kind is not what a million of them leave.
    if (keyOf === undefined) for (let index = 0; index < 1_000; index += 1) flood.send(numberOf(0));
    return { flood, before: heapBytes() };
  };
  let last = begin();
  const longest = longestStepMs(
    count,
    () => {
      last = begin();
      const { flood } = last;
      return {
        step: (index) => {
          flood.send(numberOf(index), keyOf?.(index));
        },
        between: (index) => {
          if (hasTime && index % 100 === 0) flood.clock.advanceBy(1);
        },
      };
    },
    enoughMs,
  );
  return { ...last, longest, grown: heapBytes() - last.before };
}

describe.each(named(countingSubjects))('%s', (_name, subject) => {
  it.each([
    ['a jump of 2^53 - 2 in the second message', { n: 0 }, { n: farthest }],
    ['a range of 2^53 - 2 numbers', { n: 2 }, { n: [1, farthest] }],
  ])('H10: takes %s in its stride', (__, first, second) => {
    const scheduler = Object.assign(new VirtualClock(), { schedule: () => Subscription.EMPTY });
    const operator = subject.make({ scheduler, onEvent: () => undefined });
    let sources: Source<Numbered>[] = [];
    let before = 0;
    const longest = longestStepMs(2_000, () => {
      sources = Array.from({ length: 2_000 }, () => new Source<Numbered>());
      for (const source of sources) {
        source.pipe(operator).subscribe();
        source.next(first);
      }
      before = heapBytes();
      return {
        step: (index) => {
          sources[index]?.next(second);
        },
      };
    });
    const grown = (heapBytes() - before) / sources.length;
    expect(longest).toBeLessThanOrEqual(longestMs);
    expect(grown).toBeLessThanOrEqual(largestBytes);
    expect(sources.every(({ observed }) => observed)).toBe(true);
  });

  it('H11: takes 0 and 2^53 - 2 in turn for as long as they come', { timeout: 60_000 }, () => {
    const numberOf = (index: number): number => (index % 2 === 0 ? 0 : farthest);
    const { longest, grown, flood } = pour({ subject, count: 100_000, numberOf });
    expect(longest).toBeLessThanOrEqual(longestMs);
    expect(grown).toBeLessThanOrEqual(1_024 * largestBytes);
    expect(flood.alive).toBe(true);
  });

  it('H11: takes numbers from both ends towards the middle', { timeout: 60_000 }, () => {
    const numberOf = (index: number): number => (index % 2 === 0 ? index : farthest - index);
    const { longest, grown, flood } = pour({ subject, count: 50_000, numberOf });
    expect(longest).toBeLessThanOrEqual(longestMs);
    expect(grown).toBeLessThanOrEqual(4 * 1_024 * largestBytes);
    expect(flood.alive).toBe(true);
  });

  it('H12: takes a stream of which every second number is missing', { timeout: 60_000 }, () => {
    const numberOf = (index: number): number => 2 * index;
    const { longest, grown, flood } = pour({ subject, count: 100_000, numberOf });
    expect(longest).toBeLessThanOrEqual(longestMs);
    expect(grown).toBeLessThanOrEqual(4 * 1_024 * largestBytes);
    expect(flood.alive).toBe(true);
  });
});

describe.each(named(numberedSubjects))('%s', (_name, subject) => {
  it('H13: takes 100,000 numbers in descending order', { timeout: 60_000 }, () => {
    const numberOf = (index: number): number => 100_000 - index;
    const { longest, flood } = pour({ subject, count: 100_000, numberOf });
    expect(longest).toBeLessThanOrEqual(longestMs);
    expect(flood.alive).toBe(true);
  });
});

describe.each(named(allSubjects))('%s', (_name, subject) => {
  it('H14: takes a million messages with the same number', { timeout: 120_000 }, () => {
    const flow = { subject, count: 1_000_000, numberOf: () => 7, hasTime: false };
    const { longest, grown, flood } = pour(flow);
    expect(longest).toBeLessThanOrEqual(longestMs);
    expect(grown).toBeLessThanOrEqual(1_024 * largestBytes);
    expect(flood.alive).toBe(true);
  });
});

describe.each([
  ['numbers', (index: number): unknown => index],
  ['strings', (index: number): unknown => `key-${String(index)}`],
])('with %s for keys', (_, keyOf) => {
  const isWindow = ({ name }: Subject): boolean => /a time|a count|water/.test(name);
  const subjects = allSubjects.filter(({ name }) => !name.includes('believes'));

  it.each(named(subjects.filter((subject) => !isWindow(subject))))(
    'H15: %s takes a million distinct keys, and says which it forgot',
    { timeout: 120_000 },
    (_name, subject) => {
      const count = 1_000_000;
      const maxKeys = subject.name.startsWith('dedupeWithin') ? 100_000 : 10_000;
      const enoughMs = longestGrowthMs(maxKeys);
      const flow = { subject, count, numberOf: () => 1, keyOf, hasTime: false, enoughMs };
      const { longest, grown, flood } = pour(flow);
      expect(grown).toBeLessThanOrEqual(maxKeys * largestBytes);
      expect(longest).toBeLessThanOrEqual(enoughMs);
      expect(flood.events).toEqual({ evicted: count - maxKeys });
      expect(flood.alive).toBe(true);
    },
  );

  it.each(named(subjects.filter(isWindow)))(
    'H15: %s takes a million distinct keys',
    { timeout: 120_000 },
    (_name, subject) => {
      const count = 1_000_000;
      const enoughMs = longestGrowthMs(100_000);
      const flow = { subject, count, numberOf: keyOf, hasTime: false, enoughMs };
      const { longest, grown, flood } = pour(flow);
      expect(longest).toBeLessThanOrEqual(enoughMs);
      expect(grown).toBeLessThanOrEqual(100_000 * largestBytes);
      expect(flood.alive).toBe(true);
    },
  );
});

describe('sequenceGaps with a sender that answers every request at once, with nothing,', () => {
  /** The longest that one of `messages` took, in ms; stops at one that took far too long. */
  function longestOf(messages: Iterable<number>, options: SequenceGapsOptions<number>): number {
    const source = new Source<number>();
    let calls = 0;
    const subscription = source
      .pipe(
        sequenceGaps<number>((n) => n, {
          ...options,
          scheduler: new VirtualClock(),
          markers: undefined,
          recover: {
            request: () => {
              if (calls++ > 3_000) subscription.unsubscribe();
              return [];
            },
          },
        }),
      )
      .subscribe();
    let longest = 0;
    for (const n of messages) {
      const start = performance.now();
      calls = 0;
      source.next(n);
      longest = Math.max(longest, performance.now() - start);
      if (longest > 100 * longestMs || subscription.closed) break;
    }
    return subscription.closed ? Infinity : longest;
  }

  it(
    'H10: spends no more on a jump of 2^53 - 2 than on any other',
    { timeout: 60_000, retry: 2 },
    () => {
      expect(longestOf([0, farthest], { ...credulous })).toBeLessThanOrEqual(100 * longestMs);
    },
  );

  it(
    'H12: spends no more on the thousandth gap than on the first',
    { timeout: 60_000, retry: 2 },
    () => {
      const messages = Array.from({ length: 1_100 }, (_, index) => index * 65_536);
      expect(longestOf(messages, {})).toBeLessThanOrEqual(100 * longestMs);
    },
  );
});
