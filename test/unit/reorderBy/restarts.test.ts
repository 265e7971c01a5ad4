/** reorderBy by: 'sequence' and a sender that begins anew: epochs, jumps, stray numbers. */
import type { ReorderBySequenceOptions } from 'rxjs-reliable';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../support/kinds.js';
import { plain, reordering } from '../../support/reorderRig.js';
import { numbers } from '../../support/Rig.js';

describe('reorderBy and a sender that restarts', () => {
  type Message = readonly [epoch: unknown, seq: number];
  const withEpochs = (options: ReorderBySequenceOptions<Message, undefined> = {}) =>
    reordering<Message>(([, seq]) => seq, { epochOf: ([epoch]) => epoch, ...options });

  it('releases what is held and begins anew when the epoch changes', () => {
    const rig = withEpochs().send(['a', 7], ['a', 9], ['b', 0], ['b', 1]);
    expect(rig.log).toEqual([
      [0, 'next', ['a', 7]],
      [
        0,
        'event',
        { kind: 'skipped', first: 8, last: 8, count: 1, key: undefined, reason: 'reset' },
      ],
      [0, 'next', ['a', 9]],
      [0, 'event', { kind: 'reset', key: undefined, reason: 'epoch' }],
      [0, 'next', ['b', 0]],
      [0, 'next', ['b', 1]],
    ]);
  });

  it('expects `first` again after a change of epoch', () => {
    const rig = withEpochs({ first: 1 }).send(['a', 1], ['b', 2], ['b', 1]);
    expect(rig.values.map(String)).toEqual(['a,1', 'b,1', 'b,2']);
  });

  it('compares epochs as Object.is does', () => {
    const rig = withEpochs().send([NaN, 1], [NaN, 2], [0, 1], [-0, 1]);
    expect(kinds(rig)).toEqual(['reset', 'reset']);
  });

  it('believes five numbers in a row from far ahead, and emits them all', () => {
    const rig = plain().send(1, 2, 100_000, 100_001, 100_002, 100_003);
    expect(rig.values).toEqual([1, 2]);
    rig.send(100_004);
    expect(rig.values).toEqual([1, 2, ...numbers(100_000, 100_004)]);
    expect(rig.events).toStrictEqual([{ kind: 'reset', key: undefined, reason: 'jump' }]);
    expect(rig.clock.pending).toBe(0);
  });

  it('believes five in a row from far behind', () => {
    const rig = plain().send(5_000, ...numbers(0, 4), 5);
    expect(rig.values).toEqual([5_000, ...numbers(0, 5)]);
    expect(kinds(rig)).toEqual(['reset']);
  });

  it('takes as many in a row as restartAfter says', () => {
    expect(plain({ restartAfter: 1 }).send(1, 100_000).values).toEqual([1, 100_000]);
    expect(plain({ restartAfter: 2 }).send(1, 100_000, 100_001).values).toHaveLength(3);
  });

  it('drops a stray number as invalid as soon as a believable one comes', () => {
    const rig = plain().send(1, 100_000, 2);
    expect(rig.values).toEqual([1, 2]);
    expect(rig.events).toStrictEqual([
      { kind: 'invalid', message: 100_000, key: undefined, reason: 'jump', passed: false },
    ]);
  });

  it('drops a stray number as invalid when it waited maxWaitMs', () => {
    const rig = plain({ maxWaitMs: 100 }).send(1, 100_000);
    rig.clock.advanceTo(99);
    expect(rig.events).toEqual([]);
    rig.clock.advanceTo(100);
    expect(kinds(rig)).toEqual(['invalid']);
    expect(rig.clock.pending).toBe(0);
  });

  it('begins to count anew when a stray number does not continue the one before', () => {
    const rig = plain({ restartAfter: 2 }).send(1, 100_000, 200_000, 200_001);
    expect(rig.values).toEqual([1, 200_000, 200_001]);
    expect(rig.events).toEqual([
      { kind: 'invalid', message: 100_000, key: undefined, reason: 'jump', passed: false },
      { kind: 'reset', key: undefined, reason: 'jump' },
    ]);
  });

  it('gives account of stray numbers at the end', () => {
    expect(kinds(plain().send(1, 100_000).complete())).toEqual(['invalid']);
    expect(kinds(plain().send(1, 100_000).fail(new Error('gone')))).toEqual(['discarded']);
  });

  it('takes no jump for a restart where epochs tell', () => {
    const rig = withEpochs().send(['a', 1]);
    for (const n of numbers(100_000, 100_009)) rig.send(['a', n]);
    expect(rig.values).toHaveLength(1);
    expect(kinds(rig)).toEqual(Array.from({ length: 10 }, () => 'invalid'));
  });

  it('believes a number exactly maxJump ahead and none farther', () => {
    const rig = plain({ maxJump: 10 }).send(0, 10);
    rig.clock.flush();
    expect(rig.values).toEqual([0, 10]);
    expect(plain({ maxJump: 10 }).send(0, 11, 1).values).toEqual([0, 1]);
  });

  it('believes a number exactly maxMisorder behind and none farther', () => {
    const rig = plain({ maxMisorder: 10, restartAfter: 1_000 }).send(100, 90, 89, 101);
    expect(kinds(rig)).toEqual(['late', 'invalid']);
  });
});
