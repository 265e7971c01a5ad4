import { describe, expect, it } from 'vitest';
import { Rig } from '../../support/gapQuestRig.js';

describe('GapQuest', () => {
  describe('maxInFlight', () => {
    it('makes the others wait, and serves the keys in turn', () => {
      const r = new Rig({ maxInFlight: 1 });
      r.a(1, 3, 5, 7).b(1, 3);
      expect(r.port.drain()).toEqual(['a2-2#1']);
      r.a(2);
      expect(r.port.drain()).toEqual(['cancel a2-2#1', 'a4-4#1']);
      r.a(4);
      expect(r.port.drain()).toEqual(['cancel a4-4#1', 'b2-2#1']);
      r.b(2);
      expect(r.port.drain()).toEqual(['cancel b2-2#1', 'a6-6#1']);
    });

    it('counts from the turn on, not from the wait', () => {
      const r = new Rig({ maxInFlight: 1 });
      r.a(1, 3, 5).at(50).a(2);
      expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1', 'a4-4#1']);
      expect(r.deadlineMs).toBe(150);
    });

    it('lets go of those who wait for what came by itself', () => {
      const r = new Rig({ maxInFlight: 1 });
      r.a(1, 3, 5).b(1, 3).a(4, 2);
      expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1', 'b2-2#1']);
    });

    it('makes the next attempt wait, too', () => {
      const r = new Rig({ maxInFlight: 1 });
      r.a(1, 3).at(50).b(1, 3).at(100);
      // The place that the late answer held goes to its own next attempt.
      expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1', 'a2-2#2']);
      r.answered(1);
      expect(r.port.drain()).toEqual(['b2-2#1']);
      r.at(300);
      expect(r.port.drain()).toEqual(['cancel b2-2#1', 'b2-2#2']);
    });

    it('gives up those who wait at their deadline', () => {
      const r = new Rig({ maxInFlight: 1, deadlineMs: 60 });
      r.a(1, 3, 5);
      expect(r.deadlineMs).toBe(60);
      r.at(60);
      expect(r.events().slice(3)).toEqual(['lost 2-2 unrecovered', 'lost 4-4 unrecovered']);
      expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1', 'fallback a2-2']);
      r.b(1, 3);
      expect(r.port.drain()).toEqual(['b2-2#1']);
    });
  });

  describe('maxRange', () => {
    it('divides what is longer, and asks for the parts', () => {
      const r = new Rig({ maxRange: 10 });
      r.a(0, 25);
      expect(r.port.drain()).toEqual(['a1-10#1', 'a11-20#1', 'a21-24#1']);
      expect(r.events()).toEqual(['gap 1-24', 'request 1-10', 'request 11-20', 'request 21-24']);
    });

    it.each([
      [11, ['a1-10#1']],
      [12, ['a1-10#1', 'a11-11#1']],
    ])('before %i asks for %j', (next, expected) => {
      const r = new Rig({ maxRange: 10 });
      r.a(0, next);
      expect(r.port.drain()).toEqual(expected);
    });

    it('asks for the parts as there is room', () => {
      const r = new Rig({ maxRange: 10, maxInFlight: 1 });
      r.a(0, 25);
      expect(r.port.drain()).toEqual(['a1-10#1']);
      r.answered(0);
      expect(r.port.drain()).toEqual(['a11-20#1']);
    });

    it('leaves half of the room to new gaps, and goes on as parts are filled', () => {
      const r = new Rig({ maxRange: 1, maxInFlight: 100 }, { maxGaps: 8 });
      r.a(0, 11);
      expect(r.port.drain()).toEqual(['a1-1#1', 'a2-2#1', 'a3-3#1']);
      r.a(5);
      expect(r.port.drain()).toEqual([]);
      r.a(1);
      expect(r.port.drain()).toEqual(['cancel a1-1#1', 'a4-4#1']);
      r.a(2);
      expect(r.port.drain()).toEqual(['cancel a2-2#1', 'a6-6#1']);
      r.a(3, 4, 6, 7, 8, 9, 10);
      expect(r.deadlineMs).toBe(Infinity);
    });

    it('goes on with as many parts as were filled', () => {
      const r = new Rig({ maxRange: 1, maxInFlight: 100 }, { maxGaps: 8 });
      r.a(0, 12).port.drain();
      r.a(1, 2);
      expect(r.port.drain().slice(2)).toEqual(['a4-4#1', 'a5-5#1']);
    });

    it('of a huge gap costs a few intervals at a time', () => {
      const r = new Rig({ maxRange: 1_024, maxInFlight: 2 }, { maxJump: 2 ** 52 });
      r.a(0, 2 ** 52);
      expect(r.port.drain()).toEqual(['a1-1024#1', 'a1025-2048#1']);
    });
  });

  describe('deadlineMs', () => {
    it('stops asking exactly then', () => {
      const r = new Rig({ deadlineMs: 150 });
      r.at(10).a(1, 3).at(110);
      expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1', 'a2-2#2']);
      expect(r.deadlineMs).toBe(160);
      r.at(159);
      expect(r.port.drain()).toEqual([]);
      r.at(160);
      expect(r.port.drain()).toEqual(['cancel a2-2#2', 'fallback a2-2']);
      expect(r.events().at(-1)).toBe('lost 2-2 unrecovered');
    });

    it('shorter than the delay asks for nothing', () => {
      const r = new Rig({ deadlineMs: 20, delayMs: 30 });
      r.a(1, 3).at(20);
      expect(r.port.drain()).toEqual(['fallback a2-2']);
    });

    it('counts from when the gap was noticed', () => {
      const r = new Rig({ deadlineMs: 50 }, { toleranceMs: 20 });
      r.a(1, 3).at(20);
      expect(r.deadlineMs).toBe(50);
    });
  });
});
