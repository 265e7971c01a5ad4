import { describe, expect, it } from 'vitest';
import { noSuchMessages } from '../../../src/core/NoSuchMessages.js';
import { Rig } from '../../support/gapQuestRig.js';

describe('GapQuest', () => {
  describe('the original', () => {
    it('that comes cancels the request when nothing of it is missing any more', () => {
      const r = new Rig();
      r.a(1, 4, 2);
      expect(r.port.drain()).toEqual(['a2-3#1']);
      r.a(3);
      expect(r.port.drain()).toEqual(['cancel a2-3#1']);
      expect(r.deadlineMs).toBe(Infinity);
    });

    it('that comes in the middle leaves both parts to the request, and to one next attempt each', () => {
      const r = new Rig();
      r.a(1, 7, 4);
      expect(r.requestAt(0).request.pieces).toBe(2);
      r.a(2, 3);
      expect(r.port.drain()).toEqual(['a2-6#1']);
      expect(r.requestAt(0).request.pieces).toBe(1);
      r.at(100);
      expect(r.port.drain()).toEqual(['cancel a2-6#1', 'a5-6#2']);
    });

    it('that comes in the middle: the request is cancelled when both parts went on', () => {
      const r = new Rig();
      r.a(1, 5, 3).at(100);
      expect(r.port.drain()).toEqual(['a2-4#1', 'a2-2#2', 'cancel a2-4#1', 'a4-4#2']);
    });
  });

  describe('the end of an answer', () => {
    it('frees its place, and what is missing is asked for again in its time', () => {
      const r = new Rig({ maxInFlight: 1 });
      r.a(1, 4, 6).answered(0);
      expect(r.port.drain()).toEqual(['a2-3#1', 'a5-5#1']);
      r.answered(0);
      r.at(100);
      expect(r.port.drain()).toContain('cancel a5-5#1');
    });

    it('of the last attempt gives up at once what it did not bring', () => {
      const r = new Rig({ maxAttempts: 1 });
      r.a(1, 6).answer(0, 3).answered(0);
      expect(r.events().slice(2)).toEqual([
        'filled 3-3 request',
        'lost 2-2 attempts',
        'lost 4-5 attempts',
      ]);
      expect(r.port.drain()).toEqual(['a2-5#1', 'fallback a2-2']);
      expect(r.deadlineMs).toBe(Infinity);
    });

    it('of the last attempt leaves other gaps alone', () => {
      const r = new Rig({ maxAttempts: 1 });
      r.a(1, 3, 5).answered(1);
      expect(r.events().at(-1)).toBe('lost 4-4 attempts');
      expect(r.deadlineMs).toBe(100);
      r.a(2);
      expect(r.events().at(-1)).toBe('filled 2-2 late');
    });

    it('of an attempt that is over does not give up what a later one asks for', () => {
      const r = new Rig({ maxAttempts: 1, maxInFlight: 1 });
      r.a(1, 4).answered(0).answered(0);
      r.a(6, 8);
      r.port.drain();
      r.answered(0);
      // The one place is still taken.
      expect(r.port.drain()).toEqual([]);
    });

    it('of an attempt that is over says nothing', () => {
      const r = new Rig({ maxAttempts: 2 });
      r.a(1, 3).at(100).answered(0);
      expect(r.events().at(-1)).toBe('request 2-2');
      r.answered(1).answered(1);
      expect(r.events()).toEqual(['lost 2-2 attempts']);
    });
  });

  describe('absence', () => {
    it('closes what was asked for and ends the request', () => {
      const r = new Rig();
      r.a(1, 5).answer(0, noSuchMessages(2, 4));
      expect(r.events().at(-1)).toBe('filled 2-4 absent');
      expect(r.port.drain()).toEqual(['a2-4#1', 'cancel a2-4#1']);
      expect(r.deadlineMs).toBe(Infinity);
    });
  });

  it('bears a sender that answers before it has been asked to the end', () => {
    const r = new Rig({ maxInFlight: 1 });
    r.port.onRequest = (tracker, request) => {
      tracker.answer(request.first, request, () => 0);
    };
    r.a(1, 3, 5);
    expect(r.sink.messages).toEqual([1, 2, 3, 4, 5]);
    expect(r.deadlineMs).toBe(Infinity);
  });

  it('bears a sender that answers before its announcement is handled', () => {
    const r = new Rig({ maxInFlight: 1 });
    r.port.onRequest = (tracker, request) => {
      tracker.answer(request.first, request, () => 0);
    };
    r.a(1).announce('a', 2);
    expect(r.sink.messages).toEqual([1, 2]);
    expect(r.deadlineMs).toBe(Infinity);
  });
});
