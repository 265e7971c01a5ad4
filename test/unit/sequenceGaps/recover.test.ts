/** sequenceGaps recover: when it asks, how often, and when it gives up. */
import {
  sequenceGaps,
  type RecoverOptions,
  type SequenceGapsEvent,
  type SequenceGapsOptions,
} from 'rxjs-reliable';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Desk } from '../../support/Desk.js';
import { kinds } from '../../support/kinds.js';
import { Rig } from '../../support/Rig.js';

type Recover = Partial<RecoverOptions<number, undefined>>;
type Options = Omit<SequenceGapsOptions<number>, 'markers' | 'recover'>;

function recovering(recover: Recover = {}, options: Options = {}) {
  const desk = new Desk();
  const rig = new Rig<number, SequenceGapsEvent<number>>((base) =>
    sequenceGaps<number>((n) => n, {
      ...base,
      ...options,
      recover: { request: desk.request, ...recover },
    }),
  );
  return { desk, rig };
}

/** When each event of a kind happened. */
const instants = (rig: Rig<number, SequenceGapsEvent<number>>, kind: string): number[] =>
  rig.log.flatMap(([at, entry, event]) =>
    entry === 'event' && (event as SequenceGapsEvent<number>).kind === kind ? [at] : [],
  );

afterEach(() => {
  vi.restoreAllMocks();
});

describe('sequenceGaps asks for what is missing', () => {
  it('at once, and says so', () => {
    const { desk, rig } = recovering();
    rig.send(1, 4);
    expect(desk.asked).toEqual(['2-3#1']);
    expect(rig.log).toStrictEqual([
      [0, 'next', 1],
      [0, 'event', { kind: 'gap', first: 2, last: 3, count: 2, key: undefined }],
      [0, 'event', { kind: 'request', first: 2, last: 3, count: 2, key: undefined, attempt: 1 }],
      [0, 'next', 4],
    ]);
  });

  it('and gives one gap up while an older one is still asked for', () => {
    const { desk, rig } = recovering({ maxAttempts: 1, timeoutMs: 50 });
    rig.send(1, 3).sendAt(10, 5);
    desk.at(1).answer.complete();
    rig.sendAt(40, 4, 2);
    expect(rig.events.slice(4)).toMatchObject([
      { kind: 'lost', first: 4, last: 4, reason: 'attempts' },
      { kind: 'late', message: 4 },
      { kind: 'filled', first: 2, last: 2, by: 'late' },
    ]);
  });

  it('only for what is still missing when the tolerance is over', () => {
    const { desk, rig } = recovering({}, { toleranceMs: 50 });
    rig.send(1, 5).sendAt(20, 3).sendAt(50);
    expect(desk.asked).toEqual(['2-2#1', '4-4#1']);
  });

  it('delayMs later if told so, if it is still missing then', () => {
    const { desk, rig } = recovering({ delayMs: 50 });
    rig.send(1, 3, 5).sendAt(49, 2);
    expect(desk.asked).toEqual([]);
    rig.clock.advanceTo(50);
    expect(desk.asked).toEqual(['4-4#1']);
    expect(kinds(rig)).toEqual(['gap', 'gap', 'filled', 'request']);
  });

  it('three times, 1 s and 2 s apart, and gives up 4 s later', () => {
    const { desk, rig } = recovering();
    rig.send(1, 3);
    expect(rig.clock.pending).toBe(1);
    rig.clock.flush();
    expect(desk.asked).toEqual(['2-2#1', '2-2#2', '2-2#3']);
    expect(instants(rig, 'request')).toEqual([0, 1_000, 3_000]);
    expect(rig.log.at(-1)).toStrictEqual([
      7_000,
      'event',
      { kind: 'lost', first: 2, last: 2, count: 1, key: undefined, reason: 'attempts' },
    ]);
    expect(desk.isClosed).toBe(true);
    expect(rig.clock.pending).toBe(0);
  });

  it('as often as maxAttempts says', () => {
    const { desk, rig } = recovering({ maxAttempts: 1, timeoutMs: 10 });
    rig.send(1, 3).clock.flush();
    expect(desk.asked).toEqual(['2-2#1']);
    expect(instants(rig, 'lost')).toEqual([10]);
  });

  it('at intervals that grow by backoff.factor up to backoff.maxMs', () => {
    const backoff = { factor: 3, maxMs: 500 };
    const { rig } = recovering({ maxAttempts: 5, timeoutMs: 100, backoff });
    rig.send(1, 3).clock.flush();
    expect(instants(rig, 'request')).toEqual([0, 100, 400, 900, 1_400]);
    expect(instants(rig, 'lost')).toEqual([1_900]);
  });

  it('at even intervals with factor 1', () => {
    const { rig } = recovering({ maxAttempts: 4, timeoutMs: 100, backoff: { factor: 1 } });
    rig.send(1, 3).clock.flush();
    expect(instants(rig, 'request')).toEqual([0, 100, 200, 300]);
  });

  it.each([
    [0, 800],
    [0.5, 1_000],
    [0.75, 1_100],
  ])('at intervals varied by jitter: random %d makes 1,000 ms %d', (random, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    const { rig } = recovering({ backoff: { jitter: 0.2 } });
    rig.send(1, 3).clock.advanceTo(1_500);
    expect(instants(rig, 'request')[1]).toBeCloseTo(expected, 6);
  });

  it('at intervals within the bounds of jitter', () => {
    const { rig } = recovering({ maxAttempts: 100, backoff: { jitter: 0.5, factor: 1 } });
    rig.send(1, 3).clock.flush();
    const at = instants(rig, 'request');
    expect(at).toHaveLength(100);
    at.slice(1).forEach((instant, index) => {
      const interval = instant - (at[index] ?? NaN);
      expect(interval).toBeGreaterThanOrEqual(500 - 1e-6);
      expect(interval).toBeLessThanOrEqual(1_500 + 1e-6);
    });
    expect(new Set(at.map(Math.round)).size).toBeGreaterThan(90);
  });

  it('never at an interval longer than backoff.maxMs, jitter or not', () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const backoff = { maxMs: 1_000, jitter: 0.5 };
    const { rig } = recovering({ backoff });
    rig.send(1, 3).clock.flush();
    const at = instants(rig, 'request');
    expect(Math.max(...at.slice(1).map((instant, index) => instant - (at[index] ?? 0)))).toBe(
      1_000,
    );
  });

  it('no more than maxInFlight times at once, oldest gap first', () => {
    const { desk, rig } = recovering({ maxInFlight: 2 });
    rig.send(0, 2, 4, 6, 8);
    expect(desk.asked).toEqual(['1-1#1', '3-3#1']);
    desk.at(0).answer.complete();
    expect(desk.asked).toEqual(['1-1#1', '3-3#1', '5-5#1']);
    desk.at(2).answer.error('no');
    expect(desk.asked.at(-1)).toBe('7-7#1');
  });

  it('for the next one when what it asked for comes by itself', () => {
    const { desk, rig } = recovering({ maxInFlight: 1 });
    rig.send(0, 2, 4, 1);
    expect(desk.asked).toEqual(['1-1#1', '3-3#1']);
    expect(desk.at(0).closed).toBe(true);
  });

  it('not at all for what came while it waited for its turn', () => {
    const { desk, rig } = recovering({ maxInFlight: 1 });
    rig.send(0, 2, 4, 3, 1);
    rig.clock.flush();
    expect(desk.asked).toEqual(['1-1#1']);
  });

  it('in parts of maxRange numbers', () => {
    const { desk, rig } = recovering({ maxRange: 4 });
    rig.send(0, 11);
    expect(desk.asked).toEqual(['1-4#1', '5-8#1', '9-10#1']);
    expect(kinds(rig)).toEqual(['gap', 'request', 'request', 'request']);
  });

  it('for eight parts at once and 1,024 numbers each if not told otherwise', () => {
    const { desk, rig } = recovering();
    rig.send(0, 20_000);
    expect(desk.requests).toHaveLength(8);
    expect(desk.asked[0]).toBe('1-1024#1');
    for (let served = 0; served < 12; served += 1) desk.at(served).answer.complete();
    expect(desk.requests).toHaveLength(20);
    expect(desk.asked.at(-1)).toBe('19457-19999#1');
  });

  it('in no more parts than maxGaps at a time', () => {
    const { desk, rig } = recovering({ maxRange: 1, maxInFlight: 100 }, { maxGaps: 4 });
    rig.send(0, 21).complete();
    expect(rig.events.filter(({ kind }) => kind === 'lost').length).toBeLessThanOrEqual(5);
    expect(desk.requests.length).toBeLessThanOrEqual(5);
  });

  it('until deadlineMs after it was noticed', () => {
    const { desk, rig } = recovering({ deadlineMs: 1_500 });
    rig.send(1, 3).clock.flush();
    expect(desk.asked).toHaveLength(2);
    expect(rig.log.at(-1)).toStrictEqual([
      1_500,
      'event',
      { kind: 'lost', first: 2, last: 2, count: 1, key: undefined, reason: 'unrecovered' },
    ]);
    expect(desk.isClosed).toBe(true);
  });

  it('until deadlineMs even while it waits for its turn', () => {
    const { desk, rig } = recovering({ deadlineMs: 100, maxInFlight: 1, timeoutMs: 1_000 });
    rig.send(0, 2).sendAt(50, 4);
    rig.clock.flush();
    expect(instants(rig, 'lost')).toEqual([100, 150]);
    expect(desk.asked).toEqual(['1-1#1', '3-3#1']);
  });

  it('with one timer for all gaps', () => {
    const { rig } = recovering({}, { toleranceMs: 5 });
    for (let n = 0; n < 40; n += 2) {
      rig.sendAt(n * 10, n);
      expect(rig.clock.pending).toBeLessThanOrEqual(1);
    }
    rig.clock.flush();
    expect(kinds(rig).filter((kind) => kind === 'lost')).toHaveLength(19);
  });
});

describe('sequenceGaps stops asking', () => {
  it('when the original arrives', () => {
    const { desk, rig } = recovering();
    rig.send(1, 3).sendAt(300, 2);
    expect(desk.last.closed).toBe(true);
    rig.clock.flush();
    expect(desk.requests).toHaveLength(1);
    expect(rig.events.at(-1)).toMatchObject({ kind: 'filled', by: 'late', waitedMs: 300 });
    expect(rig.clock.pending).toBe(0);
  });

  it('only when all of what it asked for has arrived, and then asks for the rest', () => {
    const { desk, rig } = recovering();
    rig.send(1, 5).sendAt(10, 3);
    expect(desk.last.closed).toBe(false);
    rig.clock.advanceTo(1_000);
    expect(desk.asked).toEqual(['2-4#1', '2-2#2', '4-4#2']);
    rig.send(2, 4);
    expect(desk.isClosed).toBe(true);
  });

  it.each([
    ['completes', (rig: Rig<number, unknown>) => rig.complete()],
    ['fails', (rig: Rig<number, unknown>) => rig.fail(new Error('gone'))],
    ['is unsubscribed', (rig: Rig<number, unknown>) => rig.subscription.unsubscribe()],
  ])('when the stream %s', (_, end) => {
    const { desk, rig } = recovering({ maxInFlight: 1 });
    rig.send(1, 3, 5, 7);
    end(rig);
    expect(desk.requests).toHaveLength(1);
    expect(desk.isClosed).toBe(true);
    expect(rig.isClean).toBe(true);
  });

  it('when the gap is given up because there are too many', () => {
    const { desk, rig } = recovering({}, { maxGaps: 2 });
    rig.send(0, 2, 4, 6);
    expect(desk.asked).toEqual(['1-1#1', '3-3#1', '5-5#1']);
    expect(desk.at(0).closed).toBe(true);
    expect(desk.at(1).closed).toBe(false);
  });

  it('when the sender restarts', () => {
    const desk = new Desk<string>();
    const rig = new Rig<string, SequenceGapsEvent<string>>((base) =>
      sequenceGaps<string>((m) => Number(m.slice(1)), {
        ...base,
        epochOf: (m) => m.slice(0, 1),
        recover: { request: desk.request },
      }),
    );
    rig.send('a1', 'a3', 'b1');
    expect(desk.isClosed).toBe(true);
    expect(kinds(rig)).toEqual(['gap', 'request', 'lost', 'reset']);
    rig.clock.flush();
    expect(desk.requests).toHaveLength(1);
  });
});
