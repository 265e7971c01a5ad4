import { describe, expect, it } from 'vitest';
import { Bench, type Event, transaction } from '../../support/slaBench.js';

/** An event about a limit that counts for the whole stream. */
const about = (kind: string, limit: string, deadlineMs: number, rest: object): object => ({
  kind,
  limit,
  deadlineMs,
  key: undefined,
  transaction: undefined,
  message: undefined,
  ...rest,
});

const objectives = (events: readonly Event[]): Event[] =>
  events.filter(({ kind }) => kind.startsWith('objective'));

describe('What SlaMonitor tells', () => {
  describe('of the first message', () => {
    it('is a breach, and a recovery when it comes, and then it watches silence', () => {
      const bench = new Bench({ firstMs: 100, silenceMs: 50 });
      expect(bench.monitor.deadlineMs).toBe(100);
      bench.push(130, 1, 2);
      expect(bench.sink.events).toEqual([
        about('breach', 'first', 100, { elapsedMs: 100 }),
        about('recovered', 'first', 100, { lateByMs: 30 }),
      ]);
      expect(bench.monitor.deadlineMs).toBe(180);
      bench.push(200);
      expect(bench.kinds.slice(2)).toEqual(['breach silence']);
    });

    it('is nothing if it comes in time', () => {
      const bench = new Bench({ firstMs: 100 }).push(99, 1).push(1_000);
      expect(bench.sink.events).toEqual([]);
      expect(bench.monitor.deadlineMs).toBe(Infinity);
    });
  });

  describe('of silence', () => {
    it('is a warning, a breach and a recovery, and all of it again', () => {
      const bench = new Bench({ silenceMs: 100, softOf: (ms) => ms * 0.75 });
      const round = (sinceMs: number): object[] => [
        about('warning', 'silence', sinceMs + 100, { elapsedMs: 75 }),
        about('breach', 'silence', sinceMs + 100, { elapsedMs: 100 }),
        about('recovered', 'silence', sinceMs + 100, { lateByMs: 20 }),
      ];
      bench.push(74);
      expect(bench.sink.events).toEqual([]);
      bench.push(75);
      expect(bench.kinds).toEqual(['warning silence']);
      expect(bench.monitor.deadlineMs).toBe(100);
      bench.push(120, 1);
      expect(bench.sink.drainEvents()).toEqual(round(0));
      bench.push(240, 2);
      expect(bench.sink.drainEvents()).toEqual(round(120));
      bench.push(330, 3).push(400);
      expect(bench.kinds).toEqual(['warning silence']);
    });

    it('is no warning where that would be at the deadline', () => {
      const bench = new Bench({ silenceMs: 100, softOf: (ms) => ms }).push(200);
      expect(bench.kinds).toEqual(['breach silence']);
    });

    it('names the key, whose silence is the only one that its message ends', () => {
      const bench = new Bench({ silenceMs: 100, keyBy: (n) => n % 10 });
      expect(bench.monitor.deadlineMs).toBe(Infinity);
      bench.push(0, 1, 2).push(50, 11).push(110);
      expect(bench.sink.events).toEqual([
        about('breach', 'silence', 100, { elapsedMs: 100, key: 2 }),
      ]);
      bench.push(150, 22);
      expect(bench.sink.events.slice(1)).toEqual([
        about('breach', 'silence', 150, { elapsedMs: 100, key: 1 }),
        about('recovered', 'silence', 100, { lateByMs: 50, key: 2 }),
      ]);
    });

    it('forgets the key that was silent for the longest time', () => {
      const bench = new Bench({ silenceMs: 100, keyBy: (n) => n, maxKeys: 2 });
      bench.push(0, 1).push(1, 2).push(2, 1).push(3, 3);
      expect(bench.sink.events).toEqual([
        about('abandoned', 'silence', 101, { reason: 'overflow', key: 2 }),
      ]);
      bench.push(200);
      expect(bench.sink.events.slice(1)).toEqual([
        about('breach', 'silence', 102, { elapsedMs: 100, key: 1 }),
        about('breach', 'silence', 103, { elapsedMs: 100, key: 3 }),
      ]);
    });

    it('is nothing where it is not watched', () => {
      const bench = new Bench({ totalMs: 1_000, keyBy: (n) => n });
      bench.push(0, 1, 2);
      expect(bench.monitor.deadlineMs).toBe(1_000);
    });
  });

  describe('of the whole', () => {
    it('comes after what has been watched for longer, where both are due at once', () => {
      const bench = new Bench({ silenceMs: 100, totalMs: 100 }).push(100);
      expect(bench.kinds).toEqual(['breach silence', 'breach total']);
    });

    it('is a breach, and a recovery at the end', () => {
      const bench = new Bench({ totalMs: 100 }).push(110, 1);
      bench.monitor.end('completed', () => 150);
      expect(bench.sink.events).toEqual([
        about('breach', 'total', 100, { elapsedMs: 100 }),
        about('recovered', 'total', 100, { lateByMs: 50 }),
      ]);
    });

    it('is nothing if it ends in time', () => {
      const bench = new Bench({ totalMs: 100 });
      bench.monitor.end('completed', () => 99);
      expect(bench.sink.events).toEqual([]);
      expect(bench.monitor.deadlineMs).toBe(Infinity);
    });

    it('reads no time at the end where it is not watched', () => {
      const bench = new Bench({ silenceMs: 100 });
      let reads = 0;
      bench.monitor.end('completed', () => (reads += 1));
      expect(reads).toBe(0);
    });
  });

  describe('of a transaction', () => {
    const open = { key: 1, transaction: 1, message: 1 };

    it('names it and the message that began it', () => {
      const bench = new Bench({ transaction, keyBy: (n) => Math.abs(n), softOf: () => 40 });
      bench.push(10, 1).push(70, -1).push(80, -1);
      expect(bench.sink.events).toEqual([
        about('warning', 'transaction', 60, { ...open, elapsedMs: 40 }),
        about('breach', 'transaction', 60, { ...open, elapsedMs: 50 }),
        about('recovered', 'transaction', 60, { ...open, lateByMs: 10 }),
        { kind: 'invalid', message: -1, key: 1, reason: 'not-started', passed: true },
      ]);
      expect(bench.sink.messages).toEqual([1, -1, -1]);
    });

    it('counts from the first message where it is begun twice', () => {
      const bench = new Bench({ transaction }).push(0, 1).push(30, 1);
      expect(bench.sink.events).toEqual([
        { kind: 'invalid', message: 1, key: undefined, reason: 'started-twice', passed: true },
      ]);
      expect(bench.monitor.deadlineMs).toBe(50);
    });

    it.each([
      ['end', 'completed'],
      ['discard', 'error'],
      ['leave', 'switched'],
    ] as const)('that is open is abandoned at the %s: %s', (how, reason) => {
      const bench = new Bench({ transaction, firstMs: 100 });
      bench.push(5, 1, 2).push(55);
      bench.push(60, 3).sink.drainEvents();
      if (how === 'end') bench.monitor.end('completed', () => 60);
      else bench.monitor[how]();
      expect(bench.sink.events).toEqual([
        // Of 1 and 2 the breach has said it all.
        about('abandoned', 'transaction', 110, { transaction: 3, message: 3, reason }),
      ]);
      expect(bench.monitor.deadlineMs).toBe(Infinity);
    });
  });

  describe('of a response', () => {
    const timed = { responseMs: 100, eventTimeOf: (n: number) => n, softOf: () => 60 };
    const slow = (kind: string, message: number, elapsedMs: number): object =>
      about(kind, 'response', message + 100, { message, elapsedMs });

    it('is a breach at exactly the limit, and a warning at exactly the soft one', () => {
      const bench = new Bench(timed).push(1_000, 900, 901, 940, 941);
      expect(bench.sink.log).toEqual([
        slow('breach', 900, 100),
        900,
        slow('warning', 901, 99),
        901,
        slow('warning', 940, 60),
        940,
        941,
      ]);
      expect(bench.breaches).toEqual([slow('breach', 900, 100)]);
    });

    it('takes the place of the slow message where that is wanted', () => {
      const bench = new Bench({ ...timed, dropsSlow: true }).push(1_000, 900, 901);
      expect(bench.sink.messages).toEqual([901]);
    });

    it('is nothing where it is not watched, and every message passes', () => {
      const bench = new Bench({ silenceMs: 100, dropsSlow: true }).push(1_000, 7);
      expect(bench.sink.messages).toEqual([7]);
    });

    it('is that no event time was found, and the message passes', () => {
      const dropping = { ...timed, dropsSlow: true };
      for (const time of [NaN, Infinity, undefined, '5', 5n, new Date(5)]) {
        const bench = new Bench({ ...dropping, eventTimeOf: () => time }, 0.5).push(1_000, 7);
        expect(bench.sink.log).toEqual([
          { kind: 'invalid', message: 7, key: undefined, reason: 'type', passed: true },
          7,
        ]);
        expect(bench.monitor.deadlineMs).toBe(Infinity);
      }
    });
  });

  describe('of an objective', () => {
    const limits = { responseMs: 100, eventTimeOf: (n: number) => n };

    it('counts what is kept and what is broken', () => {
      const bench = new Bench(limits, 0.75).push(1_000, 999, 998, 997, 0);
      expect(objectives(bench.sink.events)).toEqual([]);
      bench.push(1_001, 0);
      expect(objectives(bench.sink.events)).toMatchObject([
        { kind: 'objective-missed', ratio: 0.6 },
      ]);
      bench.push(1_002, 1_001, 1_001, 1_001);
      expect(objectives(bench.sink.events).slice(1)).toMatchObject([
        { kind: 'objective-met', ratio: 0.75 },
      ]);
    });

    it('counts silence and transactions that were ended in time as kept', () => {
      const bench = new Bench({ silenceMs: 100, transaction }, 0.6).push(10, 1).push(20, -1);
      // Kept: silence twice, the transaction.
      bench.push(120).push(121, 5).push(171);
      expect(objectives(bench.sink.events)).toEqual([]);
      bench.push(221);
      expect(objectives(bench.sink.events)).toMatchObject([{ ratio: 0.5 }]);
    });

    it('is due when it slides, and slides before what is due at the same time', () => {
      const bench = new Bench({ silenceMs: 600 }, 0.75);
      bench.monitor.push(1, () => 0);
      expect(bench.monitor.deadlineMs).toBe(10); // a sixtieth of the window
      bench.monitor.settle(600);
      // What was kept at 0 is forgotten: nothing but the breach counts.
      expect(objectives(bench.sink.events)).toMatchObject([{ ratio: 0 }]);
      bench.monitor.settle(1_200);
      expect(bench.kinds.at(-1)).toBe('objective-met');
      expect(bench.monitor.deadlineMs).toBe(Infinity);
    });

    it('is met again by what is forgotten, before what is due at that time breaks it', () => {
      const bench = new Bench({ ...limits, silenceMs: 600 }, 0.75);
      bench.monitor.push(-1_000, () => 0);
      bench.monitor.settle(600);
      expect(bench.kinds).toEqual([
        'breach response',
        'objective-missed',
        'objective-met',
        'breach silence',
        'objective-missed',
      ]);
    });

    it('slides after what was due before', () => {
      const bench = new Bench({ silenceMs: 500 }, 0.75);
      bench.monitor.push(1, () => 0);
      bench.monitor.settle(10_000);
      // The breach at 500 was the second in the window, then the only one, then gone.
      expect(objectives(bench.sink.events)).toMatchObject([
        { kind: 'objective-missed', ratio: 0.5 },
        { kind: 'objective-met', ratio: 1 },
      ]);
    });
  });

  it('stops at what was told: what closed the output is not watched any further', () => {
    const bench = new Bench({ responseMs: 5, eventTimeOf: () => 0, transaction });
    bench.sink.isShut = true;
    bench.push(10, 1, -1, -2);
    expect(bench.sink.events).toEqual([]);
    expect(bench.monitor.deadlineMs).toBe(Infinity);
  });
});
