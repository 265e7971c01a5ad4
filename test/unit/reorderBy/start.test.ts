/** reorderBy by: 'sequence' startWaitMs: what the baseline is. */
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { plain, reordering } from '../../support/reorderRig.js';

describe('reorderBy with startWaitMs', () => {
  it('collects that long, then starts at the lowest number', () => {
    const rig = plain({ startWaitMs: 50 }).send(5, 3).sendAt(20, 4);
    expect(rig.clock.pending).toBe(1);
    rig.clock.advanceTo(49);
    expect(rig.values).toEqual([]);
    rig.clock.advanceTo(50);
    expect(rig.log).toEqual([
      [50, 'next', 3],
      [50, 'next', 4],
      [50, 'next', 5],
    ]);
  });

  it('counts the time from the first message, not from subscribing', () => {
    const rig = plain({ startWaitMs: 50 }).sendAt(500, 2).sendAt(510, 1);
    rig.clock.flush();
    expect(rig.log[0]).toEqual([550, 'next', 1]);
  });

  it('takes what comes below the baseline afterwards for late', () => {
    const rig = plain({ startWaitMs: 50 }).send(5).sendAt(50, 4);
    expect(rig.log).toEqual([
      [50, 'next', 5],
      [50, 'event', { kind: 'late', message: 4, key: undefined, behind: 2, passed: false }],
    ]);
  });

  it('collects no longer than maxWaitMs', () => {
    const rig = plain({ startWaitMs: 500, maxWaitMs: 100 }).send(2, 1);
    rig.clock.advanceTo(100);
    expect(rig.values).toEqual([1, 2]);
  });

  it('still waits maxWaitMs for holes between what was collected', () => {
    const rig = plain({ startWaitMs: 50, maxWaitMs: 200 }).send(5, 3);
    rig.clock.flush();
    expect(rig.log.map(([at, , value]) => [at, value])).toEqual([
      [50, 3],
      [200, { kind: 'skipped', first: 4, last: 4, count: 1, key: undefined, reason: 'wait' }],
      [200, 5],
    ]);
  });

  it('drops repeats while it collects', () => {
    const rig = plain({ startWaitMs: 50 }).send(5, 4, 5);
    rig.clock.flush();
    expect(rig.values).toEqual([4, 5]);
    expect(kinds(rig)).toEqual(['duplicate']);
  });

  it('starts early when maxBuffer messages are collected', () => {
    const rig = plain({ startWaitMs: 50, maxBuffer: 2 }).send(5, 4, 3);
    expect(rig.values).toEqual([3, 4, 5]);
    expect(rig.clock.pending).toBe(0);
  });

  it('starts when the source completes', () => {
    const rig = plain({ startWaitMs: 50 }).send(5, 4).complete();
    expect(rig.values).toEqual([4, 5]);
    expect(rig.isClean).toBe(true);
  });

  it('gives account of what it collected when the source fails', () => {
    const rig = plain({ startWaitMs: 50 }).send(5, 4).fail(new Error('gone'));
    expect(rig.values).toEqual([]);
    expect(kinds(rig)).toEqual(['discarded', 'discarded']);
  });

  it('does not collect where `first` says what to expect', () => {
    expect(plain({ startWaitMs: 50, first: 1 }).send(1).values).toEqual([1]);
  });

  it('collects again after a restart', () => {
    type Message = readonly [epoch: string, seq: number];
    const rig = reordering<Message>(([, seq]) => seq, {
      startWaitMs: 50,
      epochOf: ([epoch]) => epoch,
    })
      .send(['a', 2], ['a', 1])
      .sendAt(100, ['b', 2], ['b', 1]);
    rig.clock.flush();
    expect(rig.values.map(String)).toEqual(['a,1', 'a,2', 'b,1', 'b,2']);
    expect(rig.log.at(-1)?.[0]).toBe(150);
  });
});
