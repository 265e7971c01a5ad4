/** slaTimeout with keys and with transactions. */
import {
  type SlaLimits,
  slaTimeout,
  type SlaTimeoutEvent,
  type SlaTimeoutOptions,
} from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';

interface Sample {
  readonly device: string;
  readonly begins?: unknown;
  readonly ends?: unknown;
}

type Event = SlaTimeoutEvent<Sample, string>;
type Options = SlaTimeoutOptions<Sample, string> & { readonly markers?: false };

function watching(limits: number | SlaLimits<Sample>, options: Options = {}): Rig<Sample, Event> {
  return new Rig((base) =>
    slaTimeout<Sample, string>(limits, { ...base, keyBy: ({ device }) => device, ...options }),
  );
}

const from = (device: string): Sample => ({ device });
const brief = (events: readonly Event[]): unknown[] =>
  events.map((event) =>
    'deadlineMs' in event ? [event.kind, event.key, event.deadlineMs] : [event.kind, event.key],
  );

describe('slaTimeout with keyBy', () => {
  it('watches the silence of each key on its own, from its first message on', () => {
    const rig = watching(100).sendAt(500, from('a')).sendAt(560, from('b')).sendAt(590, from('a'));
    rig.clock.flush();
    expect(rig.log.filter(([, kind]) => kind === 'event')).toStrictEqual([
      [660, 'event', silence('b', 660)],
      [690, 'event', silence('a', 690)],
    ]);
  });

  it('says nothing before the first message', () => {
    const rig = watching(100);
    expect(rig.clock.pending).toBe(0);
    rig.clock.advanceTo(1e6);
    expect(rig.events).toEqual([]);
  });

  it('ends the silence of one key only by its own messages', () => {
    const rig = watching(100).send(from('a'), from('b')).sendAt(150, from('b'));
    expect(brief(rig.events)).toEqual([
      ['breach', 'a', 100],
      ['breach', 'b', 100],
      ['recovered', 'b', 100],
    ]);
  });

  it('watches a key again after its silence was broken', () => {
    const rig = watching(100).send(from('a')).sendAt(150, from('a'));
    rig.clock.flush();
    expect(brief(rig.events)).toEqual([
      ['breach', 'a', 100],
      ['recovered', 'a', 100],
      ['breach', 'a', 250],
    ]);
  });

  it('tells those that are due together in the order of their first messages', () => {
    const rig = watching(100).send(from('a'), from('b'), from('c'));
    rig.sendAt(50, from('c'), from('a'), from('b'));
    rig.clock.flush();
    expect(brief(rig.events)).toEqual([
      ['breach', 'a', 150],
      ['breach', 'b', 150],
      ['breach', 'c', 150],
    ]);
  });

  it('evicts the key that was silent longest when there are more than maxKeys, with an event', () => {
    const rig = watching(100, { maxKeys: 2 }).send(from('a'), from('b')).sendAt(10, from('a'));
    rig.sendAt(20, from('c'));
    expect(rig.events).toStrictEqual([
      {
        kind: 'abandoned',
        limit: 'silence',
        deadlineMs: 100,
        key: 'b',
        transaction: undefined,
        message: undefined,
        reason: 'overflow',
      },
    ]);
    rig.clock.flush();
    expect(brief(rig.events.slice(1))).toEqual([
      ['breach', 'a', 110],
      ['breach', 'c', 120],
    ]);
  });

  it('also tells of the eviction of one that is silent already', () => {
    const rig = watching(100, { maxKeys: 1 }).send(from('a')).sendAt(150, from('b'));
    expect(brief(rig.events)).toEqual([
      ['breach', 'a', 100],
      ['abandoned', 'a', 100],
    ]);
    rig.send(from('a'));
    expect(brief(rig.events.slice(2))).toEqual([['abandoned', 'b', 250]]);
  });

  it('takes the first message of the stream for that of any key', () => {
    const rig = watching({ firstMs: 100 }).sendAt(50, from('a'));
    rig.clock.flush();
    expect(rig.events).toEqual([]);
  });

  it('tells whose message is slow', () => {
    const rig = watching({ responseMs: 10, eventTimeOf: () => 0 }).sendAt(10, from('a'));
    expect(brief(rig.events)).toEqual([['breach', 'a', 10]]);
  });

  it('does not stumble over strange keys', () => {
    const rig = watching(100, { maxKeys: 10 });
    rig.send(from('__proto__'), from('constructor'), from('__proto__'));
    rig.clock.flush();
    expect(rig.events.map(({ key }) => key)).toEqual(['__proto__', 'constructor']);
  });
});

const silence = (key: string, deadlineMs: number) => ({
  kind: 'breach',
  limit: 'silence',
  deadlineMs,
  key,
  transaction: undefined,
  message: undefined,
  elapsedMs: 100,
});

describe('slaTimeout and transactions', () => {
  const transaction = {
    startOf: ({ begins }: Sample) => begins,
    finishOf: ({ ends }: Sample) => ends,
    withinMs: 100,
  };
  const begin = (begins: unknown): Sample => Object.freeze({ device: 'a', begins });
  const end = (ends: unknown): Sample => Object.freeze({ device: 'b', ends });
  const running = (options: Options = {}): Rig<Sample, Event> => watching({ transaction }, options);

  it('says nothing of one that ends in time', () => {
    const rig = running().send(begin(1)).sendAt(99, end(1));
    expect(rig.events).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  });

  it('reports one that does not, with the message that began it and its key', () => {
    const message = begin(1);
    const rig = running().sendAt(50, message);
    rig.clock.flush();
    expect(rig.log.at(-1)).toStrictEqual([
      150,
      'event',
      {
        kind: 'breach',
        limit: 'transaction',
        deadlineMs: 150,
        key: 'a',
        transaction: 1,
        message,
        elapsedMs: 100,
      },
    ]);
    expect((rig.events[0] as { message?: unknown }).message).toBe(message);
  });

  it('takes the end exactly at the deadline for too late', () => {
    for (const rig of [
      running().send(begin(1)).sendAt(100, end(1)),
      running().send(begin(1)).sendBeforeTimersAt(100, end(1)),
    ]) {
      expect(rig.events.map(({ kind }) => kind)).toEqual(['breach', 'recovered']);
    }
  });

  it('tells how late one ends, once', () => {
    const message = begin(1);
    const rig = running().send(message).sendAt(130, end(1), end(1));
    expect(rig.events.slice(1)).toStrictEqual([
      {
        kind: 'recovered',
        limit: 'transaction',
        deadlineMs: 100,
        key: 'a',
        transaction: 1,
        message,
        lateByMs: 30,
      },
      { kind: 'invalid', message: end(1), key: 'b', reason: 'not-started', passed: true },
    ]);
  });

  it('reports the end of what never began', () => {
    const rig = running().send(end(7));
    expect(rig.log).toStrictEqual([
      [
        0,
        'event',
        { kind: 'invalid', message: end(7), key: 'b', reason: 'not-started', passed: true },
      ],
      [0, 'next', end(7)],
    ]);
  });

  it('reports a second start, and the first one counts', () => {
    const rig = running().send(begin(1)).sendAt(60, begin(1));
    expect(rig.events).toStrictEqual([
      { kind: 'invalid', message: begin(1), key: 'a', reason: 'started-twice', passed: true },
    ]);
    rig.clock.flush();
    expect(brief(rig.events.slice(1))).toEqual([['breach', 'a', 100]]);
  });

  it('can be run again after its end, even by the message that ends it', () => {
    const both = { device: 'a', begins: 1, ends: 1 };
    const rig = running().send(begin(1)).sendAt(60, both).sendAt(159, end(1));
    expect(rig.events).toEqual([]);
  });

  it('does not take what begins and ends at once for ended', () => {
    const rig = running().send({ device: 'a', begins: 1, ends: 1 });
    expect(rig.events.map((event) => 'reason' in event && event.reason)).toEqual(['not-started']);
    rig.clock.flush();
    expect(brief(rig.events.slice(1))).toEqual([['breach', 'a', 100]]);
  });

  it('tells transactions apart as Map does', () => {
    const thing = {};
    const rig = running().send(begin(NaN), begin(-0), begin(thing), begin('0'), begin(null));
    rig.send(end(NaN), end(0), end(thing), end('0'), end(null));
    expect(rig.events).toEqual([]);
  });

  it('gives up on the oldest when more than maxKeys are open, with an event', () => {
    const rig = running({ maxKeys: 2 }).send(begin(1)).sendAt(1, begin(2)).sendAt(2, begin(3));
    expect(rig.events).toStrictEqual([
      {
        kind: 'abandoned',
        limit: 'transaction',
        deadlineMs: 100,
        key: 'a',
        transaction: 1,
        message: begin(1),
        reason: 'overflow',
      },
    ]);
    rig.clock.flush();
    expect(brief(rig.events.slice(1))).toEqual([
      ['breach', 'a', 101],
      ['breach', 'a', 102],
    ]);
  });

  it.each(['completed', 'error'] as const)('abandons what is open in the end (%s)', (reason) => {
    const rig = running().send(begin(1), begin(2)).sendAt(50, begin(3), end(2));
    if (reason === 'completed') rig.complete();
    else rig.fail(new Error('gone'));
    expect(
      rig.events.map((event) => [event.kind, 'transaction' in event && event.transaction]),
    ).toEqual([
      ['abandoned', 1],
      ['abandoned', 3],
    ]);
    expect(rig.events.every((event) => 'reason' in event && event.reason === reason)).toBe(true);
    expect(rig.isClean).toBe(true);
  });

  it('does not abandon what is broken already', () => {
    const rig = running().send(begin(1)).sendAt(100, begin(2)).complete();
    expect(brief(rig.events)).toEqual([
      ['breach', 'a', 100],
      ['abandoned', 'a', 200],
    ]);
  });

  it('warns of each before its time is over', () => {
    const rig = running({ softMs: 0.25 }).send(begin(1)).sendAt(10, begin(2)).sendAt(30, end(2));
    rig.clock.flush();
    expect(
      rig.events.map((event) => [event.kind, 'transaction' in event && event.transaction]),
    ).toEqual([
      ['warning', 1],
      ['breach', 1],
    ]);
  });
});
