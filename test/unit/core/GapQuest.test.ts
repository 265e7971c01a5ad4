import { describe, expect, it } from 'vitest';
import { noSuchMessages } from '../../../src/core/NoSuchMessages.js';
import { Rig } from '../../support/gapQuestRig.js';

describe('GapQuest', () => {
  it('asks at once for what is missing, after its gap was reported', () => {
    const r = new Rig();
    r.a(1, 5);
    expect(r.port.drain()).toEqual(['a2-4#1']);
    expect(r.events()).toEqual(['gap 2-4', 'request 2-4']);
    expect(r.deadlineMs).toBe(100);
    expect(r.requestAt(0).request).toMatchObject({ attempt: 1, pieces: 1, isLive: true });
  });

  it('passes answers on, and is content when all is there', () => {
    const r = new Rig();
    r.a(1, 4).answer(0, 2, 3);
    expect(r.sink.messages).toEqual([1, 4, 2, 3]);
    expect(r.events().slice(2)).toEqual(['filled 2-2 request', 'filled 3-3 request']);
    expect(r.deadlineMs).toBe(Infinity);
    r.answered(0);
    expect(r.port.drain()).toEqual(['a2-3#1', 'cancel a2-3#1']);
  });

  it('asks again exactly when the answer is late, with growing intervals, and gives up', () => {
    const r = new Rig();
    r.a(1, 3);
    r.at(99);
    expect(r.port.drain()).toEqual(['a2-2#1']);
    r.at(100);
    expect(r.port.drain()).toEqual(['cancel a2-2#1', 'a2-2#2']);
    expect(r.deadlineMs).toBe(300);
    r.at(300);
    expect(r.port.drain()).toEqual(['cancel a2-2#2', 'a2-2#3']);
    expect(r.deadlineMs).toBe(700);
    r.at(699);
    expect(r.port.drain()).toEqual([]);
    r.at(700);
    expect(r.port.drain()).toEqual(['cancel a2-2#3', 'fallback a2-2']);
    expect(r.events()).toEqual([
      'gap 2-2',
      'request 2-2',
      'request 2-2',
      'request 2-2',
      'lost 2-2 attempts',
    ]);
    expect(r.deadlineMs).toBe(Infinity);
  });

  it('frees the place of an answer once, however often it ends', () => {
    const r = new Rig({ maxInFlight: 1 });
    r.a(1, 3, 5, 7).answered(0);
    expect(r.port.drain()).toEqual(['a2-2#1', 'a4-4#1']);
    r.answered(0);
    expect(r.port.drain()).toEqual([]);
  });

  it('waits no longer than the longest interval', () => {
    const r = new Rig({ backoff: { factor: 10, maxMs: 250, jitter: 0 } });
    r.a(1, 3).at(100);
    expect(r.deadlineMs).toBe(350);
    r.at(350);
    expect(r.deadlineMs).toBe(600);
  });

  it.each([
    [0, 80],
    [0.5, 100],
    [1, 120],
  ])('varies the interval by the jitter (random %f)', (fraction, expected) => {
    const r = new Rig({ backoff: { factor: 2, maxMs: 1_000, jitter: 0.2 } });
    r.port.fraction = fraction;
    r.a(1, 3);
    expect(r.deadlineMs).toBeCloseTo(expected);
  });

  it('draws no number where nothing varies', () => {
    const r = new Rig();
    r.port.random = () => {
      throw new Error('drawn');
    };
    r.a(1, 3).at(100);
    expect(r.deadlineMs).toBe(300);
  });

  it('has each gap say how far it has come', () => {
    const r = new Rig({ delayMs: 10, maxInFlight: 1 }, { toleranceMs: 5 });
    const open = (): string[] => r.states('a');
    r.a(1, 3, 5);
    expect(open()).toEqual(['tolerated', 'tolerated']);
    const gaps = r.open('a');
    r.at(5);
    expect(open()).toEqual(['reported', 'reported']);
    r.at(15);
    expect(open()).toEqual(['asked', 'ready']);
    r.a(2, 4);
    expect(gaps.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('needs nobody to listen to events', () => {
    const r = new Rig({ maxAttempts: 1 }, {}, Infinity, false);
    r.a(1, 3).at(100);
    expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1', 'fallback a2-2']);
  });

  it('asks once only with one attempt', () => {
    const r = new Rig({ maxAttempts: 1 });
    r.a(1, 3).at(100);
    expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1', 'fallback a2-2']);
  });

  it('waits delayMs before the first attempt', () => {
    const r = new Rig({ delayMs: 30 });
    r.at(5).a(1, 3);
    expect(r.port.drain()).toEqual([]);
    expect(r.deadlineMs).toBe(35);
    r.at(34);
    expect(r.port.drain()).toEqual([]);
    r.at(35);
    expect(r.port.drain()).toEqual(['a2-2#1']);
    const other = new Rig({ delayMs: 30 });
    other.a(1, 3, 2).at(30);
    expect(other.port.drain()).toEqual([]);
  });

  it('waits for the tolerance first', () => {
    const r = new Rig({}, { toleranceMs: 20 });
    r.a(1, 3).at(19);
    expect(r.port.drain()).toEqual([]);
    r.at(20);
    expect(r.port.drain()).toEqual(['a2-2#1']);
    expect(r.deadlineMs).toBe(120);
  });

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

  describe('fallback', () => {
    it('is asked for one loss at a time, for what was not recovered', () => {
      const r = new Rig({ maxAttempts: 1 });
      r.a(1, 3, 5).at(100);
      expect(r.port.drain().filter((line) => line.startsWith('fallback'))).toEqual([
        'fallback a2-2',
      ]);
    });

    it('is asked for after an overflow of gaps', () => {
      const r = new Rig({}, { maxGaps: 2 });
      r.a(1, 3, 5, 7);
      expect(r.port.drain().slice(2)).toEqual(['a6-6#1', 'cancel a2-2#1', 'fallback a2-2']);
    });

    it('is not asked for because a gap is asked for in parts', () => {
      const r = new Rig({ maxRange: 1 }, { maxGaps: 1 });
      r.a(1, 5);
      r.a(2, 3, 4);
      expect(r.port.drain().filter((line) => line.startsWith('fallback'))).toEqual([]);
    });

    it('is not asked for at the end, and one under way is cancelled', () => {
      const r = new Rig({ maxAttempts: 1 });
      r.a(1, 3).at(100).a(5).b(1, 3);
      r.port.drain();
      r.end();
      expect(r.port.drain()).toEqual(['cancel fallback a2-2', 'cancel a4-4#1', 'cancel b2-2#1']);
    });

    it('is not asked for after a restart', () => {
      const r = new Rig({}, { restartAfter: 1 });
      r.a(500_000, 500_002, 1);
      expect(r.port.drain()).toEqual(['a500001-500001#1', 'cancel a500001-500001#1']);
    });

    it('is not asked for where there is none', () => {
      const r = new Rig({ maxAttempts: 1, hasFallback: false });
      r.a(1, 3).at(100);
      expect(r.port.drain()).toEqual(['a2-2#1', 'cancel a2-2#1']);
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

  it('does not ask once the output is closed', () => {
    const r = new Rig({}, { markers: 'detected' }, 2);
    r.a(1, 3);
    expect(r.port.drain()).toEqual([]);
  });

  it('asks in the numbers of the sender', () => {
    const r = new Rig();
    r.a(2n ** 70n, 2n ** 70n + 2n);
    expect(r.port.drain()).toEqual([`a${String(2n ** 70n + 1n)}-${String(2n ** 70n + 1n)}#1`]);
    const wrapping = new Rig({}, { modulus: 16 });
    wrapping.a(14, 2);
    expect(wrapping.port.drain()).toEqual(['a15-1#1']);
  });
});
