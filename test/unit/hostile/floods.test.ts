/** Numbers made to exhaust time or memory: at most 1 ms and 1 KiB per message, whatever it says. */
import { Subject as Source, Subscription } from 'rxjs';
import { sequenceGaps, type SequenceGapsOptions } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { heapBytes, largestBytes, longestMs, timeEach } from '../../support/cost.js';
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

describe.each(named(countingSubjects))('%s', (_name, subject) => {
  it.each([
    ['a jump of 2^53 - 2 in the second message', { n: 0 }, { n: farthest }],
    ['a range of 2^53 - 2 numbers', { n: 2 }, { n: [1, farthest] }],
  ])('H10: takes %s in its stride', (__, first, second) => {
    const scheduler = Object.assign(new VirtualClock(), { schedule: () => Subscription.EMPTY });
    const operator = subject.make({ scheduler, onEvent: () => undefined });
    const sources = Array.from({ length: 2_000 }, () => new Source<Numbered>());
    for (const source of sources) {
      source.pipe(operator).subscribe();
      source.next(first);
    }
    const before = heapBytes();
    const durations = timeEach(sources.length, (index) => {
      sources[index]?.next(second);
    });
    const grown = (heapBytes() - before) / sources.length;
    expect(durations.median).toBeLessThanOrEqual(longestMs);
    expect(grown).toBeLessThanOrEqual(largestBytes);
    expect(sources.every(({ observed }) => observed)).toBe(true);
  });

  it(
    'H11: takes 0 and 2^53 - 2 in turn for as long as they come',
    { timeout: 60_000, retry: 2 },
    () => {
      const flood = new Flood(subject);
      for (let index = 0; index < 1_000; index += 1) flood.send(index % 2 === 0 ? 0 : farthest);
      const before = heapBytes();
      const durations = timeEach(
        100_000,
        (index) => {
          flood.send(index % 2 === 0 ? 0 : farthest);
        },
        (index) => {
          if (index % 100 === 0) flood.clock.advanceBy(1);
        },
      );
      expect(durations.worst).toBeLessThanOrEqual(longestMs);
      expect(heapBytes() - before).toBeLessThanOrEqual(1_024 * largestBytes);
      expect(flood.alive).toBe(true);
    },
  );

  it('H11: takes numbers from both ends towards the middle', { timeout: 60_000, retry: 2 }, () => {
    const flood = new Flood(subject);
    const before = heapBytes();
    const durations = timeEach(
      50_000,
      (index) => {
        flood.send(index % 2 === 0 ? index : farthest - index);
      },
      (index) => {
        if (index % 100 === 0) flood.clock.advanceBy(1);
      },
    );
    expect(durations.worst).toBeLessThanOrEqual(longestMs);
    expect(heapBytes() - before).toBeLessThanOrEqual(4 * 1_024 * largestBytes);
    expect(flood.alive).toBe(true);
  });

  it(
    'H12: takes a stream of which every second number is missing',
    { timeout: 60_000, retry: 2 },
    () => {
      const flood = new Flood(subject);
      const before = heapBytes();
      const durations = timeEach(
        100_000,
        (index) => {
          flood.send(index * 2);
        },
        (index) => {
          if (index % 100 === 0) flood.clock.advanceBy(1);
        },
      );
      expect(durations.worst).toBeLessThanOrEqual(longestMs);
      expect(heapBytes() - before).toBeLessThanOrEqual(4 * 1_024 * largestBytes);
      expect(flood.alive).toBe(true);
    },
  );
});

describe.each(named(numberedSubjects))('%s', (_name, subject) => {
  it('H13: takes 100,000 numbers in descending order', { timeout: 60_000, retry: 2 }, () => {
    const flood = new Flood(subject);
    const durations = timeEach(
      100_000,
      (index) => {
        flood.send(100_000 - index);
      },
      (index) => {
        if (index % 100 === 0) flood.clock.advanceBy(1);
      },
    );
    expect(durations.worst).toBeLessThanOrEqual(longestMs);
    expect(flood.alive).toBe(true);
  });
});

describe.each(named(allSubjects))('%s', (_name, subject) => {
  it('H14: takes a million messages with the same number', { timeout: 120_000, retry: 2 }, () => {
    const flood = new Flood(subject);
    for (let index = 0; index < 20_000; index += 1) flood.send(7);
    const before = heapBytes();
    const durations = timeEach(1_000_000, () => {
      flood.send(7);
    });
    expect(durations.worst).toBeLessThanOrEqual(longestMs);
    expect(heapBytes() - before).toBeLessThanOrEqual(1_024 * largestBytes);
    expect(flood.alive).toBe(true);
  });
});

describe.each(named(allSubjects.filter(({ name }) => !/believes|count|a time|water/.test(name))))(
  '%s',
  (_name, subject) => {
    it(
      'H15: takes a million distinct keys, and says which it forgot',
      { timeout: 120_000, retry: 2 },
      () => {
        const flood = new Flood(subject, true);
        const before = heapBytes();
        const durations = timeEach(1_000_000, (index) => {
          flood.send(1, index);
        });
        const maxKeys = subject.name.startsWith('dedupeWithin') ? 100_000 : 10_000;
        expect(heapBytes() - before).toBeLessThanOrEqual(maxKeys * largestBytes);
        expect(durations.worst).toBeLessThanOrEqual(longestMs);
        expect(flood.events).toEqual({ evicted: 1_000_000 - maxKeys });
        expect(flood.alive).toBe(true);
      },
    );
  },
);

describe.each(named(allSubjects.filter(({ name }) => /a time|a count|water/.test(name))))(
  '%s',
  (_name, subject) => {
    it('H15: takes a million distinct keys', { timeout: 120_000, retry: 2 }, () => {
      const flood = new Flood(subject);
      const before = heapBytes();
      const durations = timeEach(1_000_000, (index) => {
        flood.send(index);
      });
      expect(durations.worst).toBeLessThanOrEqual(longestMs);
      expect(heapBytes() - before).toBeLessThanOrEqual(100_000 * largestBytes);
      expect(flood.emitted).toBe(1_000_000);
      expect(flood.alive).toBe(true);
    });
  },
);

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
