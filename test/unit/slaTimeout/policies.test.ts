/** slaTimeout doing something about breaches: markers and policies. */
import { concat, from, NEVER, type ObservableInput, of, Subject, take, timer } from 'rxjs';
import {
  isSlaBreach,
  type SlaBreach,
  SlaBreachError,
  type SlaBreachEvent,
  type SlaLimits,
  slaTimeout,
  type SlaTimeoutOptions,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';
import { type Event, kindsOf, watching } from '../../support/slaRig.js';

describe('slaTimeout with markers', () => {
  const marking = (
    limits: SlaLimits<number>,
    options: SlaTimeoutOptions<number> = {},
  ): Rig<number, Event, number | SlaBreach<number>> =>
    new Rig((base) => slaTimeout<number>(limits, { ...base, ...options, markers: true }));

  it('emits each breach among the messages, after its event', () => {
    const rig = marking({ silenceMs: 100 }).send(1).sendAt(130, 2);
    expect(rig.log.map(([, kind]) => kind)).toEqual(['next', 'event', 'next', 'event', 'next']);
    const [atMs, , marker] = rig.log[2] ?? [];
    expect(atMs).toBe(100);
    expect(isSlaBreach(marker)).toBe(true);
    expect({ ...(marker as object) }).toStrictEqual({
      limit: 'silence',
      deadlineMs: 100,
      elapsedMs: 100,
      key: undefined,
      transaction: undefined,
      message: undefined,
    });
    expect(rig.values.filter((value) => !isSlaBreach(value))).toEqual([1, 2]);
  });

  it('emits that of a slow message before it, or in its place', () => {
    const limits = { responseMs: 5, eventTimeOf: () => 0 };
    const both = marking(limits).sendAt(5, 7);
    expect(both.values).toEqual([expect.objectContaining({ message: 7 }), 7]);
    const alone = marking(limits, { breachPolicy: 'drop' }).sendAt(5, 7);
    expect(alone.values).toEqual([expect.objectContaining({ message: 7 })]);
  });

  it('emits none for a warning or a recovery', () => {
    const rig = marking({ silenceMs: 100 }, { softMs: 0.5 }).sendAt(60, 1);
    expect(rig.values).toEqual([1]);
  });

  it('stops where the consumer leaves at a marker', () => {
    const source = new Subject<number>();
    const events: string[] = [];
    const values: unknown[] = [];
    source
      .pipe(
        slaTimeout<number>(
          { responseMs: 0, eventTimeOf: () => 0 },
          { markers: true, breachPolicy: 'error', onEvent: ({ kind }) => events.push(kind) },
        ),
        take(1),
      )
      .subscribe((value) => values.push(isSlaBreach(value)));
    source.next(1);
    expect(values).toEqual([true]);
    expect(events).toEqual(['breach']);
    expect(source.observed).toBe(false);
  });
});

describe("slaTimeout with breachPolicy 'error'", () => {
  it('ends the stream at the first breach', () => {
    const rig = watching(100, { breachPolicy: 'error' }).send(1);
    rig.clock.flush();
    expect(rig.error).toBeInstanceOf(SlaBreachError);
    expect(rig.error).toMatchObject({
      operator: 'slaTimeout',
      code: 'RELIABLE_SLA_BREACH',
      limit: 'silence',
      deadlineMs: 100,
      elapsedMs: 100,
    });
    expect(rig.log.map(([atMs, kind]) => [atMs, kind])).toEqual([
      [0, 'next'],
      [100, 'event'],
      [100, 'error'],
    ]);
    expect(rig.isClean).toBe(true);
  });

  it('does not emit the slow message', () => {
    const rig = watching({ responseMs: 5, eventTimeOf: (n) => n }, { breachPolicy: 'error' });
    rig.sendAt(10, 6, 5, 10);
    expect(rig.values).toEqual([6]);
    expect(rig.error).toMatchObject({ limit: 'response', elapsedMs: 5 });
  });

  it('abandons what is open', () => {
    const limits = {
      silenceMs: 10,
      totalMs: 100,
      transaction: { startOf: (n: number) => n, finishOf: () => undefined, withinMs: 50 },
    };
    const rig = watching(limits, { breachPolicy: 'error' }).send(7);
    rig.clock.flush();
    expect(rig.events.slice(1)).toEqual([
      expect.objectContaining({ kind: 'abandoned', limit: 'total', reason: 'error' }),
      expect.objectContaining({ kind: 'abandoned', transaction: 7, message: 7, reason: 'error' }),
    ]);
  });

  it('counts a completion at the last instant as too late', () => {
    const rig = watching({ totalMs: 100 }, { breachPolicy: 'error' });
    rig.clock.block(100);
    expect(rig.complete().error).toBeInstanceOf(SlaBreachError);
  });
});

describe("slaTimeout with breachPolicy 'switch'", () => {
  const switching = (
    limits: number | SlaLimits<number>,
    switchTo: (breach: SlaBreachEvent<number, undefined>) => ObservableInput<number>,
  ): Rig<number, Event> => watching(limits, { breachPolicy: 'switch', switchTo });

  it('goes on with something else, and leaves the source', () => {
    const breaches: unknown[] = [];
    const rig = switching(100, (breach) => {
      breaches.push(breach);
      return [8, 9];
    }).send(1);
    rig.clock.flush();
    expect(rig.log).toEqual([
      [0, 'next', 1],
      [100, 'event', breaches[0]],
      [100, 'next', 8],
      [100, 'next', 9],
      [100, 'complete'],
    ]);
    expect(breaches).toHaveLength(1);
    expect(rig.isClean).toBe(true);
  });

  it('watches nothing of what takes the place', () => {
    const rig = switching(100, () => concat(of(8), NEVER));
    rig.clock.flush();
    expect(rig.values).toEqual([8]);
    expect(kindsOf(rig.events)).toEqual(['breach']);
    expect(rig.subscription.closed).toBe(false);
    expect(rig.isClean).toBe(true);
  });

  it.each(['message', 'completion', 'error'])(
    'is not moved by a %s that comes at the instant of the breach',
    (last) => {
      const rig = switching(100, () => concat(of(8), NEVER)).send(1);
      rig.clock.block(100);
      if (last === 'message') rig.send(2);
      else if (last === 'completion') rig.complete();
      else rig.fail(new Error('gone'));
      expect(rig.values).toEqual([1, 8]);
      expect(rig.log.map(([, kind]) => kind)).toEqual(['next', 'event', 'next']);
      expect(rig.subscription.closed).toBe(false);
    },
  );

  it('abandons what is open', () => {
    const transaction = { startOf: (n: number) => n, finishOf: () => undefined, withinMs: 50 };
    const rig = switching({ silenceMs: 10, transaction }, () => []).send(7);
    rig.clock.flush();
    expect(rig.events.slice(1)).toEqual([
      expect.objectContaining({ kind: 'abandoned', transaction: 7, reason: 'switched' }),
    ]);
    expect(rig.log.at(-1)).toEqual([10, 'complete']);
  });

  it('leaves a synchronous source that is in the middle of it', () => {
    const values: number[] = [];
    const pulled: number[] = [];
    function* endless(): Generator<number> {
      for (let n = 1; ; n += 1) {
        pulled.push(n);
        yield n;
      }
    }
    from(endless())
      .pipe(
        slaTimeout<number>(
          { responseMs: 10, eventTimeOf: (n) => (n < 3 ? Infinity - 1 : 0) },
          { breachPolicy: 'switch', switchTo: ({ message }) => [message ?? 0, 99] },
        ),
      )
      .subscribe((value) => values.push(value));
    expect(values).toEqual([1, 2, 3, 99]);
    expect(pulled).toEqual([1, 2, 3]);
  });

  it('passes on the error of what takes the place, or of getting it', () => {
    const error = new Error('no spare');
    const rig = switching(100, () => {
      throw error;
    });
    rig.clock.flush();
    expect(rig.error).toBe(error);
  });

  it('passes on the error of the source', () => {
    const error = new Error('gone');
    const rig = switching(100, () => [8]).fail(error);
    expect(rig.log).toEqual([[0, 'error', error]]);
  });

  it('leaves what took the place when it is unsubscribed', () => {
    const rig: Rig<number, Event> = switching(100, () => timer(50, rig.clock));
    rig.clock.advanceTo(120);
    expect(rig.clock.pending).toBe(1);
    rig.subscription.unsubscribe();
    expect(rig.isClean).toBe(true);
  });

  it('switches to nothing when onEvent unsubscribed', () => {
    const source = new Subject<number>();
    let switched = 0;
    const subscription = source
      .pipe(
        slaTimeout<number>(
          { responseMs: 0, eventTimeOf: () => 0 },
          {
            breachPolicy: 'switch',
            switchTo: () => {
              switched += 1;
              return NEVER;
            },
            onEvent: () => subscription.unsubscribe(),
          },
        ),
      )
      .subscribe();
    source.next(1);
    expect(switched).toBe(0);
  });

  it('needs no policy but this one to be given switchTo', () => {
    const rig = watching(100, { switchTo: () => [8] });
    rig.clock.flush();
    expect(rig.values).toEqual([]);
    expect(rig.isAlive).toBe(true);
  });
});
