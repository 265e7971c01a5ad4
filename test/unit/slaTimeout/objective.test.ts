/** slaTimeout objective: how much may be broken, and how fast the budget burns. */
import { slaTimeout } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/Rig.js';
import { type Event, kindsOf, watching } from '../../support/slaRig.js';

describe('slaTimeout with an objective', () => {
  const limits = { responseMs: 100, eventTimeOf: (n: number) => n };
  const fast = 1e9;
  const slow = -1e9;
  const objective = { ratio: 0.75, windowMs: 600 };
  const objectivesOf = (rig: Rig<number, Event>): unknown[] =>
    rig.log.filter(([, , event]) =>
      String((event as Event | undefined)?.kind).startsWith('objective'),
    );

  it('tells when it is missed, and how fast the budget burns', () => {
    const rig = watching(limits, { objective }).send(fast, fast, fast, slow);
    expect(objectivesOf(rig)).toEqual([]);
    rig.sendAt(10, slow);
    expect(objectivesOf(rig)).toStrictEqual([
      [10, 'event', { kind: 'objective-missed', key: undefined, ratio: 0.6, burnRate: 1.6 }],
    ]);
  });

  it('tells it after the breach, once, until it is met again', () => {
    const rig = watching(limits, { objective }).send(slow, slow, fast, fast, fast, fast, fast);
    expect(kindsOf(rig.events)).toEqual(['breach', 'objective-missed', 'breach']);
    rig.send(fast);
    expect(rig.events.at(-1)).toEqual({
      kind: 'objective-met',
      key: undefined,
      ratio: 0.75,
      burnRate: 1,
    });
  });

  it('is met again when what was broken is old enough, and needs no timer then', () => {
    const rig = watching(limits, { objective }).sendAt(15, slow).sendAt(300, fast);
    rig.clock.advanceTo(609);
    expect(objectivesOf(rig)).toHaveLength(1);
    expect(rig.clock.pending).toBe(1);
    rig.clock.flush();
    expect(objectivesOf(rig).slice(1)).toEqual([
      [610, 'event', { kind: 'objective-met', key: undefined, ratio: 1, burnRate: 0 }],
    ]);
    expect(rig.clock.now()).toBe(900);
    expect(rig.clock.pending).toBe(0);
  });

  it('counts every guarantee, each once', () => {
    const transaction = { startOf: (n: number) => n, finishOf: (n: number) => n - 1, withinMs: 10 };
    const rig = watching({ silenceMs: 10, transaction }, { objective: { ...objective, ratio: 1 } });
    // Kept: silence, silence, transaction 1.
    rig.send(1, 2);
    rig.clock.advanceTo(20);
    // Broken: silence and transaction 2.
    expect(kindsOf(rig.events)).toContain('objective-missed');
    const missed = rig.events.find(({ kind }) => kind === 'objective-missed');
    expect(missed).toMatchObject({ ratio: 0.75, burnRate: Infinity });
    expect(kindsOf(rig.events).filter((kind) => kind.startsWith('objective'))).toHaveLength(1);
  });

  it('forgets what is old before it judges what is due at the same instant', () => {
    const rig = watching({ ...limits, silenceMs: 600 }, { objective }).send(slow);
    rig.clock.advanceTo(600);
    expect(kindsOf(rig.events)).toEqual([
      'breach',
      'objective-missed',
      'objective-met',
      'breach',
      'objective-missed',
    ]);
  });

  it('judges by the time of the deadline, however late the timer is', () => {
    const rig = watching(100, { objective }).send(1);
    rig.clock.lateBy(86_400_000);
    rig.clock.flush();
    expect(kindsOf(rig.events)).toEqual(['breach', 'objective-missed', 'objective-met']);
  });

  it('slides in time where silence was put off meanwhile', () => {
    // At 1,000 ms the timer wakes for the silence that a message at 900 put off to 1,900.
    const rig = watching(1_000, { objective: { ratio: 0.75, windowMs: 600 } });
    rig.sendAt(999, 1).sendAt(1_998, 2);
    rig.clock.lateBy(86_400_000);
    rig.clock.flush();
    expect(kindsOf(rig.events)).toEqual(['breach', 'objective-missed', 'objective-met']);
  });

  it.each([1, 7, 1e-3 + 1])('comes to rest with a window of %s ms at any time', (windowMs) => {
    for (const startMs of [0, 1.8e12, -5_000, -1.5]) {
      const rig = new Rig<number, Event>(
        (base) => slaTimeout<number>(limits, { ...base, objective: { ratio: 0.5, windowMs } }),
        { startMs, maxActions: 200 },
      );
      rig.send(slow, startMs);
      rig.clock.flush();
      expect(rig.clock.pending).toBe(0);
      expect(rig.clock.now()).toBeLessThanOrEqual(startMs + windowMs + 1);
    }
  });
});
