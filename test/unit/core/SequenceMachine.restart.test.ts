import { describe, expect, it } from 'vitest';
import type { Packet } from '../../support/machines.js';
import { rig } from '../../support/sequenceRecorder.js';

describe('SequenceMachine: restarts, epochs and pointers', () => {
  describe('restart', () => {
    it.each([1, 2, 3, 5])('is believed after %i in a row, which all count', (restartAfter) => {
      const r = rig({ restartAfter });
      r.feed(100_000);
      const run = Array.from({ length: restartAfter }, (_, index) => index + 3);
      const log = r.feed(...run);
      expect(log).toEqual([
        ...run.slice(0, -1).map((seq) => `suspect ${String(seq)}`),
        'restart jump',
        'begin 3',
        ...run.map((seq) => `accept ${String(seq)}`),
      ]);
      expect(r.machine.suspectCount).toBe(0);
      expect(r.feed(3 + restartAfter)).toEqual([`accept ${String(3 + restartAfter)}`]);
    });

    it('can lie ahead', () => {
      const r = rig({ restartAfter: 2 });
      r.feed(1);
      expect(r.feed(900_000, 900_001)).toEqual([
        'suspect 900000',
        'restart jump',
        'begin 900000',
        'accept 900000',
        'accept 900001',
      ]);
    });

    it('is believed of ranges that follow each other', () => {
      const r = rig({ restartAfter: 2 });
      r.feed(900_000);
      expect(r.feed([1, 4], [5, 6]).slice(1)).toEqual([
        'restart jump',
        'begin 1',
        'accept 1-4',
        'accept 5-6',
      ]);
    });

    it('is not believed of numbers that do not follow each other', () => {
      const r = rig({ restartAfter: 2 });
      r.feed(900_000);
      expect(r.feed(1, 3, 3, 2)).toEqual([
        'suspect 1',
        'jump 1 suspect',
        'suspect 3',
        'jump 3 suspect',
        'suspect 3',
        'jump 3 suspect',
        'suspect 2',
      ]);
      expect(r.machine.suspectCount).toBe(1);
    });

    it('is not believed if a message of the old run comes between', () => {
      const r = rig({ restartAfter: 3 });
      r.feed(900_000);
      expect(r.feed(1, 2, 900_001, 3)).toEqual([
        'suspect 1',
        'suspect 2',
        'jump 1 suspect',
        'jump 2 suspect',
        'accept 900001',
        'suspect 3',
      ]);
    });

    it('is counted even where suspects are not held', () => {
      const r = rig({ restartAfter: 3 });
      r.machine.isHolding = false;
      r.feed(900_000);
      expect(r.feed(1, 2, 3)).toEqual([
        'suspect 1',
        'suspect 2',
        'restart jump',
        'begin 3',
        'accept 3',
      ]);
    });

    it('is counted on after the wait of the first suspects is over', () => {
      const r = rig({ restartAfter: 3 });
      r.feed(900_000, 1);
      r.nowMs = 99;
      r.machine.settle(99);
      expect(r.machine.suspectCount).toBe(1);
      r.machine.settle(100);
      expect(r.machine.drain()).toEqual(['jump 1 suspect']);
      expect(r.feed(2, 3)).toEqual([
        'suspect 2',
        'restart jump',
        'begin 2',
        'accept 2',
        'accept 3',
      ]);
    });

    it('may wrap, and change the number type', () => {
      const wrapping = rig({ modulus: 1_000_000, restartAfter: 2 });
      wrapping.feed(500);
      expect(wrapping.feed(999_999, 0).at(-1)).toBe('accept 0'); // near 500: no restart at all
      expect(wrapping.feed(400_000, 400_001).slice(1, 3)).toEqual(['restart jump', 'begin 400000']);
      const edge = rig({ modulus: 1_000_000, restartAfter: 2, maxJump: 10, maxMisorder: 10 });
      edge.feed(500);
      expect(edge.feed(999_999, 0).slice(1)).toEqual([
        'restart jump',
        'begin 999999',
        'accept 999999',
        'accept 1000000',
      ]);
    });

    it('of bigints is believed, and counted from the new beginning', () => {
      const r = rig({ restartAfter: 2 });
      r.feed(2n ** 80n);
      expect(r.feed(5n, 6n).slice(1)).toEqual(['restart jump', 'begin 0', 'accept 0', 'accept 1']);
    });

    it('is not brought about by answers, nor prevented', () => {
      const r = rig({ restartAfter: 3 });
      r.feed(900_000, 1, 2);
      r.machine.drain();
      r.machine.answer({ seq: 7 }, false, r.now);
      r.machine.answer({ seq: 900_001 }, false, r.now);
      expect(r.machine.drain()).toEqual(['jump 7', 'accept 900001']);
      expect(r.feed(3)[0]).toBe('restart jump');
    });

    it('ends all suspects at the end', () => {
      const r = rig();
      r.feed(900_000, 1, 2);
      r.end();
      expect(r.machine.drain()).toEqual(['jump 1 suspect', 'jump 2 suspect']);
      r.end();
      expect(r.machine.drain()).toEqual([]);
    });
  });

  describe('epochs', () => {
    const epochOf = ({ epoch }: Packet): unknown => epoch;

    it('that change restart at once', () => {
      const r = rig({ epochOf });
      expect(r.send({ seq: 500, epoch: 'a' }, { seq: 501, epoch: 'a' })).toEqual([
        'begin 500',
        'accept 500',
        'accept 501',
      ]);
      expect(r.send({ seq: 3, epoch: 'b' }, { seq: 4, epoch: 'b' })).toEqual([
        'restart epoch',
        'begin 3',
        'accept 3',
        'accept 4',
      ]);
    });

    it('begin at the first number expected, each', () => {
      const r = rig({ epochOf, first: 1 });
      expect(r.send({ seq: 1, epoch: 1 }, { seq: 2, epoch: 2 })).toEqual([
        'begin 1 expected',
        'accept 1',
        'restart epoch',
        'begin 1 expected',
        'accept 2',
      ]);
    });

    it('that change restart at once, where numbers wrap and point back, too', () => {
      const r = rig({ epochOf, modulus: 16, previousOf: ({ previous }) => previous });
      expect(r.send({ seq: 5, epoch: 'a' }, { seq: 6, epoch: 'b', previous: 5 }).slice(2)).toEqual([
        'restart epoch',
        'begin 6',
        'accept 6',
      ]);
    });

    it('are told apart as by Object.is', () => {
      const r = rig({ epochOf });
      const restarts = [NaN, NaN, 0, -0, undefined, null, undefined, '0'].flatMap((epoch) =>
        r.send({ seq: 1, epoch }).filter((line) => line.startsWith('restart')),
      );
      expect(restarts.length).toBe(6);
    });

    it('forbid a restart by numbers', () => {
      const r = rig({ epochOf, restartAfter: 1 });
      expect(r.send({ seq: 900_000, epoch: 1 }, { seq: 1, epoch: 1 }).slice(2)).toEqual(['jump 1']);
    });

    it('are not read off a message without a usable number', () => {
      const r = rig({ epochOf });
      expect(
        r.send({ seq: 5, epoch: 1 }, { seq: NaN, epoch: 2 }, { seq: 9, epoch: 2 }).slice(2),
      ).toEqual(['type NaN', 'restart epoch', 'begin 9', 'accept 9']);
    });

    it('may change the number type', () => {
      const r = rig({ epochOf });
      expect(r.send({ seq: 5, epoch: 1 }, { seq: 9n, epoch: 2 }).slice(2)).toEqual([
        'restart epoch',
        'begin 0',
        'accept 0',
      ]);
    });

    it('of an answer that differ make it unbelievable', () => {
      const r = rig({ epochOf });
      r.send({ seq: 5, epoch: 1 });
      r.machine.answer({ seq: 6, epoch: 2 }, false, r.now);
      r.machine.answer({ seq: 6, epoch: 1 }, false, r.now);
      expect(r.machine.drain()).toEqual(['jump 6', 'accept 6']);
    });

    it('may come first by an answer', () => {
      const r = rig({ epochOf });
      r.machine.answer({ seq: 6, epoch: 2 }, false, r.now);
      expect(r.machine.drain()).toEqual(['begin 6', 'accept 6']);
    });
  });
});
