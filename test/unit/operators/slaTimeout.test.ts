import { NEVER, of, Subject, throwError } from 'rxjs';
import {
  type SlaLimits,
  slaTimeout,
  type SlaTimeoutEvent,
  type SlaTimeoutOptions,
} from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';

const transaction = {
  startOf: (n: number) => n,
  finishOf: (n: number) => n - 2,
  withinMs: 5,
};

operatorContract('slaTimeout', ({ scheduler }) => slaTimeout(5, { scheduler }), {
  describe,
  it,
  callbacks: {
    keyBy: { make: ({ scheduler }, fail) => slaTimeout(5, { scheduler, keyBy: fail }) },
    eventTimeOf: {
      make: ({ scheduler }, fail) =>
        slaTimeout({ responseMs: 5, eventTimeOf: fail }, { scheduler }),
    },
    startOf: {
      make: ({ scheduler }, fail) =>
        slaTimeout({ transaction: { ...transaction, startOf: fail } }, { scheduler }),
    },
    finishOf: {
      make: ({ scheduler }, fail) =>
        slaTimeout({ transaction: { ...transaction, finishOf: fail } }, { scheduler }),
    },
    switchTo: {
      make: ({ scheduler }, fail) =>
        slaTimeout(5, { scheduler, breachPolicy: 'switch', switchTo: fail }),
    },
    'onEvent (breach, from the timer)': {
      make: ({ scheduler }, fail) => slaTimeout(5, { scheduler, onEvent: fail }),
    },
    'onEvent (breach, from a message)': {
      make: ({ scheduler }, fail) =>
        slaTimeout({ responseMs: 0, eventTimeOf: () => 0 }, { scheduler, onEvent: fail }),
    },
    'onEvent (abandoned, at the end)': {
      make: ({ scheduler }, fail) =>
        slaTimeout(
          { transaction: { ...transaction, withinMs: 1e9 } },
          { scheduler, onEvent: ({ kind }) => (kind === 'abandoned' ? fail() : undefined) },
        ),
    },
  },
});
operatorContract(
  'slaTimeout with everything',
  ({ scheduler }) =>
    slaTimeout<number, number>(
      { firstMs: 3, silenceMs: 5, totalMs: 50, responseMs: 9, eventTimeOf: (n) => n, transaction },
      {
        scheduler,
        keyBy: (n) => n % 3,
        softMs: 0.5,
        objective: { ratio: 0.9, windowMs: 600 },
        onEvent: () => undefined,
      },
    ),
  { describe, it },
);

type Event = SlaTimeoutEvent<number>;

function watching(
  limits: number | SlaLimits<number>,
  options: SlaTimeoutOptions<number> & { readonly markers?: false } = {},
): Rig<number, Event> {
  return new Rig((base) => slaTimeout<number>(limits, { ...base, ...options }));
}

const about = (limit: string, deadlineMs: number) => ({
  limit,
  deadlineMs,
  key: undefined,
  transaction: undefined,
  message: undefined,
});
const breach = (limit: string, deadlineMs: number, elapsedMs: number) => ({
  kind: 'breach',
  ...about(limit, deadlineMs),
  elapsedMs,
});
const recovered = (limit: string, deadlineMs: number, lateByMs: number) => ({
  kind: 'recovered',
  ...about(limit, deadlineMs),
  lateByMs,
});
const abandoned = (limit: string, deadlineMs: number, reason: string) => ({
  kind: 'abandoned',
  ...about(limit, deadlineMs),
  reason,
});

describe('slaTimeout and silence', () => {
  it('says nothing while messages come in time', () => {
    const rig = watching(100).sendAt(99, 1).sendAt(198, 2).sendAt(297, 3);
    expect(rig.values).toEqual([1, 2, 3]);
    expect(rig.events).toEqual([]);
  });

  it('reports it exactly when the time is over, and the stream goes on', () => {
    const rig = watching(100).sendAt(50, 1);
    rig.clock.advanceTo(149);
    expect(rig.events).toEqual([]);
    rig.clock.advanceTo(150);
    expect(rig.take()).toStrictEqual([
      [50, 'next', 1],
      [150, 'event', breach('silence', 150, 100)],
    ]);
    expect(rig.isAlive).toBe(true);
    expect(rig.send(2).values).toEqual([1, 2]);
  });

  it('counts from the subscription if no message comes', () => {
    const rig = watching(100);
    rig.clock.flush();
    expect(rig.log).toEqual([[100, 'event', breach('silence', 100, 100)]]);
  });

  it('takes a message exactly at the deadline for too late, whichever of message and timer is first', () => {
    const expected = [
      [100, 'event', breach('silence', 100, 100)],
      [100, 'event', recovered('silence', 100, 0)],
      [100, 'next', 1],
    ];
    expect(watching(100).sendBeforeTimersAt(100, 1).log).toEqual(expected);
    expect(watching(100).sendAt(100, 1).log).toEqual(expected);
  });

  it('takes a message one ms before the deadline for in time', () => {
    expect(watching(100).sendBeforeTimersAt(99, 1).log).toEqual([[99, 'next', 1]]);
  });

  it('reports one breach per silence, however long, and no timer is left meanwhile', () => {
    const rig = watching(100).send(1);
    rig.clock.advanceTo(1e9);
    expect(rig.events).toEqual([breach('silence', 100, 100)]);
    expect(rig.clock.pending).toBe(0);
  });

  it('is armed again by the next message, which says how late it is', () => {
    const rig = watching(100).send(1).sendAt(130, 2);
    rig.clock.flush();
    expect(rig.events).toStrictEqual([
      breach('silence', 100, 100),
      recovered('silence', 100, 30),
      breach('silence', 230, 100),
    ]);
  });

  it('with 0 ms reports every message that is not followed at once', () => {
    const rig = watching(0).send(1);
    rig.clock.flush();
    expect(rig.events.map(({ kind }) => kind)).toEqual(['breach', 'recovered', 'breach']);
  });

  it('with Infinity watches nothing and needs no timer', () => {
    const rig = watching(Infinity).send(1);
    expect(rig.clock.pending).toBe(0);
    expect(rig.sendAt(1e12, 2).complete().events).toEqual([]);
  });
});

describe('slaTimeout and the first message', () => {
  it('reports that it did not come in time, and how late it is', () => {
    const rig = watching({ firstMs: 100 }).sendAt(130, 1);
    expect(rig.log).toEqual([
      [100, 'event', breach('first', 100, 100)],
      [130, 'event', recovered('first', 100, 30)],
      [130, 'next', 1],
    ]);
  });

  it('watches nothing any more after it', () => {
    const rig = watching({ firstMs: 100 }).sendAt(99, 1);
    rig.clock.flush();
    expect(rig.events).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  });

  it('leaves silence until then to firstMs', () => {
    const rig = watching({ firstMs: 1_000, silenceMs: 100 }).sendAt(500, 1);
    rig.clock.flush();
    expect(rig.events).toEqual([breach('silence', 600, 100)]);
  });

  it('is abandoned by an end without messages', () => {
    expect(watching({ firstMs: 100 }).complete().log).toStrictEqual([
      [0, 'event', abandoned('first', 100, 'completed')],
      [0, 'complete'],
    ]);
  });

  it('is not abandoned after it was broken', () => {
    const rig = watching({ firstMs: 100 });
    rig.clock.flush();
    expect(rig.complete().events).toEqual([breach('first', 100, 100)]);
  });
});

describe('slaTimeout and the total time', () => {
  it('is kept by completion in time', () => {
    const rig = watching({ totalMs: 100 }).send(1);
    rig.clock.advanceTo(99);
    expect(rig.complete().events).toEqual([]);
    expect(rig.isClean).toBe(true);
  });

  it('is broken by completion exactly then, whichever of end and timer is first', () => {
    const expected = [
      [100, 'event', breach('total', 100, 100)],
      [100, 'event', recovered('total', 100, 0)],
      [100, 'complete'],
    ];
    const endFirst = watching({ totalMs: 100 });
    endFirst.clock.block(100);
    expect(endFirst.complete().log).toEqual(expected);
    const timerFirst = watching({ totalMs: 100 });
    timerFirst.clock.advanceTo(100);
    expect(timerFirst.complete().log).toEqual(expected);
  });

  it('counts from subscription, whatever messages come', () => {
    const rig = watching({ totalMs: 100 }).sendAt(99, 1).sendAt(101, 2);
    expect(rig.events).toEqual([breach('total', 100, 100)]);
  });

  it('is abandoned by an error', () => {
    const error = new Error('gone');
    const rig = watching({ totalMs: 100, silenceMs: 20 }).send(1).fail(error);
    expect(rig.events).toEqual([abandoned('total', 100, 'error')]);
    expect(rig.error).toBe(error);
    expect(rig.isClean).toBe(true);
  });
});

describe('slaTimeout and the response time', () => {
  const limits = { responseMs: 100, eventTimeOf: (n: number) => n };
  const slow = (deadlineMs: number, elapsedMs: number, message: number) => ({
    ...breach('response', deadlineMs, elapsedMs),
    message,
  });

  it('reports a message that took as long as that or longer, and passes it on', () => {
    const rig = watching(limits).sendAt(1_000, 901, 900, 5);
    expect(rig.log).toStrictEqual([
      [1_000, 'next', 901],
      [1_000, 'event', slow(1_000, 100, 900)],
      [1_000, 'next', 900],
      [1_000, 'event', slow(105, 995, 5)],
      [1_000, 'next', 5],
    ]);
    expect(rig.clock.pending).toBe(0);
  });

  it('H47: takes an event in the future for in time', () => {
    expect(watching(limits).send(1e12).events).toEqual([]);
  });

  it('H48: reports a time that is none, and passes the message on', () => {
    const rig = watching(limits).send(NaN, Infinity);
    expect(rig.values).toEqual([NaN, Infinity]);
    const fields = { kind: 'invalid', key: undefined, reason: 'type', passed: true };
    expect(rig.events).toStrictEqual([
      { ...fields, message: NaN },
      { ...fields, message: Infinity },
    ]);
  });

  it("drops what took too long with breachPolicy 'drop', which ends the silence all the same", () => {
    const rig = watching({ ...limits, silenceMs: 50 }, { breachPolicy: 'drop' });
    rig.sendAt(40, 40).sendAt(80, -20).sendAt(120, 120);
    expect(rig.values).toEqual([40, 120]);
    expect(rig.events).toEqual([slow(80, 100, -20)]);
  });

  it('warns of a message that took longer than softMs', () => {
    const rig = watching(limits, { softMs: 0.5 }).sendAt(1_000, 951, 950, 900);
    expect(rig.events).toStrictEqual([
      { ...slow(1_050, 50, 950), kind: 'warning' },
      slow(1_000, 100, 900),
    ]);
  });
});

describe('slaTimeout and softMs', () => {
  it('warns after a share of the limit, then reports the breach', () => {
    const rig = watching(100, { softMs: 0.75 });
    rig.clock.advanceTo(74);
    expect(rig.events).toEqual([]);
    rig.clock.flush();
    expect(rig.log).toStrictEqual([
      [75, 'event', { ...breach('silence', 100, 75), kind: 'warning' }],
      [100, 'event', breach('silence', 100, 100)],
    ]);
  });

  it('warns after so many ms', () => {
    const rig = watching(100, { softMs: 30 }).sendAt(10, 1);
    rig.clock.advanceTo(40);
    expect(rig.log.at(-1)).toEqual([
      40,
      'event',
      { ...breach('silence', 110, 30), kind: 'warning' },
    ]);
  });

  it('takes 1 for a ms, and warns again after the next message', () => {
    const rig = watching(100, { softMs: 1 }).sendAt(50, 1);
    rig.clock.advanceTo(60);
    expect(rig.log.map(([atMs]) => atMs)).toEqual([1, 50, 51]);
  });

  it('warns of no limit that is not longer', () => {
    const rig = watching({ silenceMs: 100, totalMs: 200 }, { softMs: 100 });
    rig.clock.flush();
    expect(rig.events.map(({ kind }) => kind)).toEqual(['breach', 'warning', 'breach']);
  });

  it('says nothing of recovery after a mere warning', () => {
    const rig = watching(100, { softMs: 0.5 }).sendAt(99, 1);
    expect(rig.events.map(({ kind }) => kind)).toEqual(['warning']);
  });
});

describe('slaTimeout', () => {
  it('tells what is due at one instant in the order in which it began', () => {
    const rig = watching({ silenceMs: 100, totalMs: 100 });
    rig.clock.flush();
    expect(rig.events).toEqual([breach('silence', 100, 100), breach('total', 100, 100)]);
  });

  it('passes empty, failing and single sources on as they are', () => {
    const out: unknown[] = [];
    const observer = {
      next: (n: number) => out.push(n),
      error: (error: unknown) => out.push(error),
      complete: () => out.push('complete'),
    };
    const error = new Error('gone');
    of(7).pipe(slaTimeout(100)).subscribe(observer);
    throwError(() => error)
      .pipe(slaTimeout<never>(100))
      .subscribe(observer);
    of()
      .pipe(slaTimeout<never>({ totalMs: 100 }))
      .subscribe(observer);
    expect(out).toEqual([7, 'complete', error, 'complete']);
  });

  it('says nothing after it was unsubscribed, and leaves nothing behind', () => {
    const rig = watching({ silenceMs: 100, totalMs: 200 }).send(1);
    rig.subscription.unsubscribe();
    expect(rig.isClean).toBe(true);
    rig.send(2);
    rig.clock.flush();
    expect(rig.log).toEqual([[0, 'next', 1]]);
  });

  it('calls nobody any more after onEvent unsubscribed', () => {
    const source = new Subject<number>();
    const calls: string[] = [];
    const subscription = source
      .pipe(
        slaTimeout<number>(
          {
            silenceMs: 0,
            responseMs: 0,
            eventTimeOf: () => calls.push('eventTimeOf'),
            transaction: {
              startOf: () => calls.push('startOf'),
              finishOf: () => calls.push('finishOf'),
              withinMs: 5,
            },
          },
          {
            onEvent: ({ kind }) => {
              calls.push(kind);
              if (kind === 'recovered') subscription.unsubscribe();
            },
          },
        ),
      )
      .subscribe(() => calls.push('next'));
    source.next(1);
    expect(calls).toEqual(['breach', 'recovered']);
  });

  it('forgets everything between subscriptions', () => {
    const events: Event[] = [];
    const stream = of(1).pipe(
      slaTimeout<number>(
        { transaction: { startOf: (n) => n, finishOf: () => undefined, withinMs: 5 } },
        { onEvent: (event) => events.push(event) },
      ),
    );
    stream.subscribe();
    stream.subscribe();
    expect(events.map(({ kind }) => kind)).toEqual(['abandoned', 'abandoned']);
  });

  it('has one timer however much it watches', () => {
    const rig = new Rig<number, SlaTimeoutEvent<number, number>>((base) =>
      slaTimeout<number, number>(
        { firstMs: 90, silenceMs: 30, totalMs: 900, transaction: { ...transaction, withinMs: 40 } },
        { ...base, keyBy: (n) => n, softMs: 0.5 },
      ),
    );
    for (let n = 0; n < 200; n += 1) {
      rig.sendAt(n, n);
      expect(rig.clock.pending).toBe(1);
    }
    rig.complete();
    expect(rig.clock.pending).toBe(0);
  });
});

describe('slaTimeout refuses at once', () => {
  const refused = (option: string, make: () => unknown, mustBe = expected[option]): void => {
    expect(make).toThrow(`slaTimeout: option \`${option}\` must be ${String(mustBe)}, got `);
  };
  const duration = 'a number of milliseconds, 0 or more';
  const expected: Record<string, string> = {
    limits: 'an object',
    'limits.firstMs': duration,
    'limits.silenceMs': duration,
    'limits.totalMs': duration,
    'limits.responseMs': duration,
    'limits.eventTimeOf': 'a function',
    'limits.transaction': 'an object',
    'limits.transaction.startOf': 'a function',
    'limits.transaction.finishOf': 'a function',
    'limits.transaction.withinMs': duration,
    softMs: 'a number above 0',
    maxKeys: 'an integer from 1 to 16777216',
    objective: 'an object',
    'objective.ratio': 'a number above 0, at most 1',
    'objective.windowMs': 'a number of milliseconds, 1 or more',
    breachPolicy: "one of 'report', 'drop', 'error', 'switch'",
    switchTo: 'a function',
    keyBy: 'a function',
    onEvent: 'a function',
    markers: 'true or false',
    scheduler: 'a scheduler with now() and schedule()',
    options: 'an object',
  };
  const bad = (value: unknown): never => value as never;

  it.each([NaN, -1, '5', null])('H41: a silence of %s', (ms) => {
    refused('limits.silenceMs', () => slaTimeout({ silenceMs: bad(ms) }));
    refused(typeof ms === 'number' ? 'limits.silenceMs' : 'limits', () => slaTimeout(bad(ms)));
  });

  it('limits that limit nothing', () => {
    refused('limits.silenceMs', () => slaTimeout({}), `${duration}, or another limit`);
    refused('limits', () => slaTimeout(bad(undefined)));
  });

  it.each(['firstMs', 'totalMs', 'responseMs'])('a bad %s', (name) => {
    refused(`limits.${name}`, () => slaTimeout({ [name]: -1, eventTimeOf: () => 0 }));
  });

  it('responseMs without eventTimeOf', () => {
    refused('limits.eventTimeOf', () => slaTimeout({ responseMs: 5 }));
  });

  it('a transaction that is not whole', () => {
    const [startOf, finishOf] = [(): number => 1, (): number => 1];
    const make = (given: object) => () => slaTimeout({ transaction: bad(given) });
    refused('limits.transaction.withinMs', make({ startOf, finishOf }));
    refused('limits.transaction.withinMs', make({ startOf, finishOf, withinMs: -1 }));
    refused('limits.transaction.startOf', make({ finishOf, withinMs: 1 }));
    refused('limits.transaction.finishOf', make({ startOf, withinMs: 1 }));
    refused('limits.transaction', () => slaTimeout({ transaction: bad(5) }));
  });

  it.each([0, -1, NaN, '5'])('softMs %s', (softMs) => {
    refused('softMs', () => slaTimeout(5, { softMs: bad(softMs) }));
  });

  it.each([0, 1.5, 2 ** 24 + 1, Infinity, '5'])('H43: maxKeys %s', (maxKeys) => {
    refused('maxKeys', () => slaTimeout(5, { maxKeys: bad(maxKeys) }));
  });

  it('an objective that cannot be kept or has no window', () => {
    const make = (objective: object) => () => slaTimeout(5, { objective: bad(objective) });
    for (const ratio of [0, 1.01, NaN, undefined]) {
      refused('objective.ratio', make({ ratio, windowMs: 5 }));
    }
    for (const windowMs of [0, 0.9, NaN, Infinity, undefined]) {
      refused('objective.windowMs', make({ ratio: 0.9, windowMs }));
    }
    refused('objective', () => slaTimeout(5, { objective: bad(5) }));
  });

  it('a policy it does not know, and switching to nothing', () => {
    refused('breachPolicy', () => slaTimeout(5, { breachPolicy: bad('ignore') }));
    refused('switchTo', () => slaTimeout(5, { breachPolicy: 'switch' }));
    refused('switchTo', () => slaTimeout(5, { switchTo: bad(NEVER) }));
  });

  it('anything else that is not what it should be', () => {
    refused('keyBy', () => slaTimeout(5, { keyBy: bad('id') }));
    refused('onEvent', () => slaTimeout(5, { onEvent: bad({}) }));
    refused('markers', () => slaTimeout(5, { markers: bad('yes') }));
    refused('scheduler', () => slaTimeout(5, { scheduler: bad({}) }));
    refused('options', () => slaTimeout(5, bad(null)));
  });
});
