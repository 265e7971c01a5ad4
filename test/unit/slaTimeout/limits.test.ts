/** Each limit, and the warning before it. */
import { Subject } from 'rxjs';
import { slaTimeout } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { watching, breach, recovered, abandoned } from '../../support/slaRig.js';

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

describe('slaTimeout and what is sent from within a marker', () => {
  /** The consumer does something as soon as the breach of a silence is emitted. */
  function atMarker(deed: (source: Subject<number>) => void): unknown[] {
    const clock = new VirtualClock();
    const source = new Subject<number>();
    const heard: unknown[] = [];
    source.pipe(slaTimeout<number>(0, { scheduler: clock, markers: true })).subscribe({
      next: (value) => {
        heard.push(typeof value === 'number' ? value : 'marker');
        if (heard.length === 3) deed(source);
      },
      complete: () => heard.push('|'),
    });
    // Each silence is due before the message that ends it.
    source.next(1);
    source.next(2);
    return heard;
  }

  it('comes after the message before which it was emitted', () => {
    expect(
      atMarker((source) => {
        source.next(3);
      }).filter((value) => value !== 'marker'),
    ).toEqual([1, 2, 3]);
  });

  it('ends the stream after that message', () => {
    expect(
      atMarker((source) => {
        source.complete();
      }).filter((value) => value !== 'marker'),
    ).toEqual([1, 2, '|']);
  });
});
