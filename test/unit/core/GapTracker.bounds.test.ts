import { describe, expect, it, vi } from 'vitest';
import type { GapRequest } from '../../../src/core/GapRequest.js';
import { UnseenNumbers } from '../../../src/structures/UnseenNumbers.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import type { SequenceNumber } from '../../../src/types.js';
import { gap, packets, Rig, rig, tracking } from '../../support/gapTrackerRig.js';
import { isCollected } from '../../support/garbage.js';
import { bad } from '../../support/sequenceRecorder.js';
import { plainSequence } from '../../support/machines.js';
import { Sink } from '../../support/Sink.js';

describe('GapTracker: what it remembers, and how far', () => {
  it('is nothing before a number is out of turn: there may be very many trackers', () => {
    const spy = vi.spyOn(UnseenNumbers.prototype, 'begin');
    const r = rig({ first: 5 });
    r.push(5, 6, 7, bad('8') as number, 8).announce(8);
    expect(r.machine.deadlineMs).toBe(Infinity);
    r.machine.settle(Infinity);
    r.machine.discard();
    r.end();
    expect(spy).not.toHaveBeenCalled();
    for (const seqs of [
      [5, 7],
      [5, 5],
    ])
      rig().push(...seqs);
    expect(spy.mock.calls).toEqual([
      [5, 1_025],
      [5, 1_025],
    ]);
    spy.mockRestore();
  });

  it('has nothing to settle before a gap is due', () => {
    const r = rig({ toleranceMs: 50 });
    r.machine.settle(1_000);
    r.push(1, 3);
    r.machine.settle(49);
    expect(r.sink.events).toEqual([]);
  });

  it('makes gaps of holes that are due at once in the order of their numbers', () => {
    const random = new SeededRandom(5);
    const r = rig({ toleranceMs: 50, first: 0 });
    const missing = new Set<number>();
    for (let n = 1; n < 400; n += 2) missing.add(n - 1);
    for (let n = 1; n < 400; n += 2) r.push(n);
    for (const n of [...missing]) {
      if (random.chance(0.5)) continue;
      r.push(n);
      missing.delete(n);
    }
    r.at(50);
    expect(r.sink.events).toEqual([...missing].map((n) => gap('gap', n, n)));
  });

  it('lets go of a gap that was filled', async () => {
    const r = rig({ toleranceMs: 50 });
    r.push(1, 3, 5);
    const filled = new WeakRef([...r.machine.open][0] as object);
    r.push(2);
    expect(await isCollected(filled)).toBe(true);
    expect(r.open).toEqual([[4, 4]]);
  });

  it('takes for a repeat what a range brought of what was given up', () => {
    const r = packets({ maxGaps: 1 });
    r.push({ seq: 1 }, { seq: 3 }, { seq: 5 });
    expect(r.kinds.at(-1)).toBe('lost');
    r.push({ seq: [2, 6] }, { seq: 2 });
    expect(r.kinds.slice(-2)).toEqual(['filled', 'duplicate']);
  });

  it('does not forget those before the baseline for a stray number', () => {
    const r = rig({ maxMisorder: 10 });
    r.push(100, 105).sink.drainEvents();
    r.push(1, 97);
    expect(r.kinds).toEqual(['invalid', 'late']);
  });

  describe('a fallback', () => {
    it.each([
      [5, [gap('lost', 5, 5, { reason: 'unrecovered' })], [[6, 9]]],
      [9, [gap('lost', 5, 9, { reason: 'unrecovered' })], []],
      [4, [], [[5, 9]]],
    ])('for %i settles the gap from 5 to 9 up to there', (position, lost, open) => {
      const r = rig();
      r.push(4, 10).sink.drainEvents();
      r.machine.resume(position, r.now);
      expect(r.sink.events.slice(0, -1)).toEqual(lost);
      expect(r.open).toEqual(open);
    });

    it('is believed for its own message only', () => {
      const r = rig();
      r.push(1);
      r.machine.resume(900_000, r.now);
      r.sink.drainEvents();
      r.push(5_000_000).end();
      expect(r.sink.events).toMatchObject([{ kind: 'invalid', message: 5_000_000 }]);
    });
  });

  it('needs nobody to listen', () => {
    const r = new Rig<SequenceNumber>(
      { ...plainSequence, ...tracking, maxGaps: 1, restartAfter: 2 },
      new Sink(),
      false,
    );
    const request: GapRequest = {
      first: 8,
      last: 9,
      attempt: 1,
      pieces: 1,
      isLive: true,
      cancel: () => undefined,
    };
    r.push(1, 3, 5, 2, NaN, 10);
    r.machine.answer(8, request, r.now);
    r.machine.resume(12, r.now);
    r.push(900_000, 900_001, 900_003).end();
    expect(r.sink.messages).toEqual([1, 3, 5, 2, NaN, 10, 8, 12, 900_000, 900_001, 900_003]);
  });
});
