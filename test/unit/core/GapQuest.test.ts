import { describe, expect, it } from 'vitest';
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
