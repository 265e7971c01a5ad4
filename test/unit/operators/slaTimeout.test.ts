import { NEVER, of, Subject, throwError } from 'rxjs';
import { slaTimeout, type SlaTimeoutEvent } from 'rxjs-reliable';
import { operatorContract } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';
import { transaction, type Event, watching, breach } from '../../support/slaRig.js';

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
