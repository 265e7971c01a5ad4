import { describe, expect, it } from 'vitest';
import type { GapRequest } from '../../../src/core/GapRequest.js';
import { noSuchMessages } from '../../../src/core/NoSuchMessages.js';
import type { SequenceNumber } from '../../../src/types.js';
import { Sink } from '../../support/Sink.js';
import { Rig, tracking, rig, gap } from '../../support/gapTrackerRig.js';
import { plainSequence } from '../../support/machines.js';

describe('GapTracker: what the sender says', () => {
  describe('announcements', () => {
    it('show what is missing at the end', () => {
      const r = rig();
      r.push(1).announce(3);
      expect(r.sink.log).toEqual([1, gap('gap', 2, 3)]);
      r.push(4);
      expect(r.kinds).toEqual(['gap']);
      r.push(2, 3);
      expect(r.open).toEqual([]);
    });

    it('of what is known say nothing', () => {
      const r = rig();
      r.push(5).announce(5).announce(4).announce(0);
      expect(r.sink.events).toEqual([]);
    });

    it('before the first message lay the baseline', () => {
      const r = rig();
      r.announce(5).push(7);
      expect(r.sink.log).toEqual([gap('gap', 6, 6), 7]);
      r.push(5);
      expect(r.kinds.at(-1)).toBe('late');
    });

    it('are refused if they are no numbers or not believable', () => {
      const r = rig({ maxJump: 10 });
      r.push(5);
      for (const announced of [undefined, NaN, '7', -1, 7n, 16]) r.announce(announced);
      expect(r.sink.events).toEqual(
        [
          [undefined, 'type'],
          [NaN, 'type'],
          ['7', 'type'],
          [-1, 'negative'],
          [7n, 'mixed'],
          [16, 'jump'],
        ].map(([announced, reason]) => ({
          kind: 'invalid-announcement',
          announced,
          key: 'k',
          reason,
        })),
      );
      r.announce(15);
      expect(r.open).toEqual([[6, 15]]);
    });

    it('exactly half the modulus away are refused', () => {
      const r = rig({ modulus: 16 });
      r.push(3).announce(11);
      expect(r.sink.events).toMatchObject([{ reason: 'ambiguous' }]);
    });

    it('of bigints out of reach are refused', () => {
      const r = rig();
      r.push(3n).announce(2n ** 80n);
      expect(r.sink.events).toMatchObject([{ reason: 'jump' }]);
      r.announce(5n);
      expect(r.open).toEqual([[1, 2]]);
    });

    it('open a hole that is tolerated first', () => {
      const r = rig({ toleranceMs: 50 });
      r.push(1).announce(3);
      expect(r.sink.events).toEqual([]);
      expect(r.machine.deadlineMs).toBe(50);
    });

    it('are believed after a restart that follows', () => {
      const r = rig({ restartAfter: 2, maxJump: 10 });
      r.push(1, 900, 901).announce(903);
      expect(r.sink.events.at(-1)).toEqual(gap('gap', 902, 903));
    });

    it('that nobody listens to change nothing else', () => {
      const r = new Rig<SequenceNumber>({ ...plainSequence, ...tracking }, new Sink(), false);
      r.push(1).announce(NaN).announce(3).push(2, 3, 3).end();
      expect(r.sink.messages).toEqual([1, 2, 3, 3]);
    });
  });

  describe('answers without a quest', () => {
    const request = (first: number, last: number): GapRequest => ({
      first,
      last,
      attempt: 1,
      pieces: 1,
      isLive: true,
      cancel: () => undefined,
    });

    it('fill what is open', () => {
      const r = rig();
      r.push(1, 4);
      r.machine.answer(2, request(2, 3), r.now);
      expect(r.sink.events[1]).toEqual(
        gap('filled', 2, 2, { by: 'request', waitedMs: 0, message: 2 }),
      );
      expect(r.sink.messages).toEqual([1, 4, 2]);
      expect(r.moves).toBe(1);
    });

    it('that repeat what was asked for are dropped, others follow the policy', () => {
      const r = rig();
      r.push(1, 4, 2, 3).sink.drainEvents();
      r.machine.answer(2, request(2, 3), r.now);
      r.machine.answer(3, request(2, 3), r.now);
      r.machine.answer(1, request(2, 3), r.now);
      r.machine.answer(4, request(2, 3), r.now);
      expect(r.sink.events.map((event) => 'passed' in event && event.passed)).toEqual([
        false,
        false,
        true,
        true,
      ]);
      expect(r.sink.messages).toEqual([1, 4, 2, 3, 1, 4]);
    });

    it('that came first make the original a repeat that is dropped, whatever the policy', () => {
      const r = rig();
      r.push(1, 5);
      r.machine.answer(3, request(2, 4), r.now);
      r.push(3, 2, 2, 1);
      expect(r.sink.messages).toEqual([1, 5, 3, 2, 2, 1]);
      expect(r.sink.events.slice(2).map((event) => 'passed' in event && event.passed)).toEqual([
        false,
        false, // 2 fills its gap
        true,
        true,
      ]);
    });

    it('that came first are remembered for maxGaps runs, and until a restart', () => {
      const r = rig({ maxGaps: 2, restartAfter: 1 });
      r.push(1, 3, 5);
      r.machine.answer(2, request(2, 2), r.now);
      r.machine.answer(4, request(4, 4), r.now);
      r.push(7);
      r.machine.answer(6, request(6, 6), r.now);
      r.sink.drainMessages();
      r.push(2, 4, 6);
      expect(r.sink.drainMessages()).toEqual([2]);
      r.push(900_000, 1, 6, 6);
      expect(r.sink.messages).toEqual([900_000, 1, 6, 6]);
    });

    it('for what was given up are late, and passed', () => {
      const r = rig({ maxGaps: 1 });
      r.push(1, 3, 5);
      r.machine.answer(2, request(2, 2), r.now);
      expect(r.sink.events.at(-1)).toMatchObject({ kind: 'late', message: 2, passed: true });
    });

    it('that are invalid are dropped', () => {
      const r = rig();
      r.push(1, 4);
      r.machine.answer(NaN, request(2, 3), r.now);
      r.machine.answer(900_000, request(2, 3), r.now);
      expect(r.sink.events.slice(1)).toMatchObject([
        { kind: 'invalid', reason: 'type', passed: false },
        { kind: 'invalid', reason: 'jump', passed: false },
      ]);
      expect(r.sink.messages).toEqual([1, 4]);
    });

    it('for an old number are believed however far behind', () => {
      const r = rig({ maxMisorder: 5 });
      r.push(1, 4, 50_000);
      r.machine.answer(2, request(2, 3), r.now);
      expect(r.sink.messages.at(-1)).toBe(2);
      r.push(3);
      expect(r.sink.messages.at(-1)).toBe(3);
      r.push(1);
      expect(r.sink.events.at(-1)).toMatchObject({ kind: 'filled' }); // 1 is suspect, not known
    });

    it('that numbers never existed close them, as far as asked for', () => {
      const r = rig();
      r.push(1, 10);
      r.machine.answer(noSuchMessages(0, 3), request(2, 5), r.now);
      r.machine.answer(noSuchMessages(5, 9), request(2, 5), r.now);
      expect(r.sink.events.slice(1)).toEqual([
        gap('filled', 2, 3, { by: 'absent', waitedMs: 0, message: undefined }),
        gap('filled', 5, 5, { by: 'absent', waitedMs: 0, message: undefined }),
      ]);
      expect(r.open).toEqual([
        [4, 4],
        [6, 9],
      ]);
      expect(r.sink.messages).toEqual([1, 10]);
    });

    it('that make no sense as absence close nothing', () => {
      const r = rig({ modulus: 1_024 });
      r.push(1, 10);
      const nonsense = [
        [NaN, 5],
        [2, NaN],
        [5, 2],
        [2n, 5],
        [10, 20],
        [0, 1],
        [-1, 5],
        [2 + 512, 5],
      ] as const;
      for (const [first, last] of nonsense) {
        r.machine.answer(noSuchMessages(first, last), request(2, 5), r.now);
      }
      r.machine.answer(noSuchMessages(2, 5), undefined, r.now);
      expect(r.open).toEqual([[2, 9]]);
      expect(r.kinds).toEqual(['gap']);
    });

    it('end and ask for nothing', () => {
      const r = rig();
      r.push(1, 4);
      r.machine.answered(request(2, 3));
      expect(r.machine.requestNext(0)).toBe(false);
      expect(r.machine.book.isInLine).toBe(false);
      expect(r.moves).toBe(2);
      expect(r.open).toEqual([[2, 3]]);
    });
  });

  describe('resuming from a fallback', () => {
    it('loses everything up to the number, however far', () => {
      const r = rig();
      r.push(1, 4, 7).sink.drainEvents();
      r.machine.resume(900_000, r.now);
      expect(r.sink.events).toEqual([
        gap('lost', 2, 3, { reason: 'unrecovered' }),
        gap('lost', 5, 6, { reason: 'unrecovered' }),
        { kind: 'reset', key: 'k', reason: 'fallback' },
      ]);
      expect(r.sink.messages.at(-1)).toBe(900_000);
      r.push(900_001, 3);
      expect(r.sink.messages.slice(-2)).toEqual([900_001, 3]);
    });

    it('keeps what is missing above', () => {
      const r = rig();
      r.push(1, 10).sink.drainEvents();
      r.machine.resume(5, r.now);
      expect(r.sink.events).toEqual([
        gap('lost', 2, 5, { reason: 'unrecovered' }),
        { kind: 'reset', key: 'k', reason: 'fallback' },
      ]);
      expect(r.open).toEqual([[6, 9]]);
      r.push(3);
      expect(r.kinds.at(-1)).toBe('duplicate');
    });

    it('below all gaps changes nothing but says so', () => {
      const r = rig();
      r.push(10, 15).sink.drainEvents();
      r.machine.resume(8, r.now);
      expect(r.kinds).toEqual(['reset']);
      expect(r.sink.messages.at(-1)).toBe(8);
      expect(r.open).toEqual([[11, 14]]);
    });

    it('is refused for an invalid message', () => {
      const r = rig();
      r.push(1, 4).sink.drainEvents();
      r.machine.resume(NaN, r.now);
      expect(r.sink.events).toMatchObject([{ kind: 'invalid', passed: false }]);
      r.push(900_000);
      r.end();
      expect(r.kinds).toContain('invalid'); // no longer trusted
    });

    it('refuses a bigint out of reach, and goes on as before', () => {
      const far = 2n ** 80n;
      const r = rig({ duplicatePolicy: 'drop' });
      r.push(1n);
      r.machine.resume(far, r.now);
      r.push(2n, 4n);
      expect(r.sink.messages).toEqual([1n, 2n, 4n]);
      expect(r.kinds).toEqual(['invalid', 'gap']);
    });
  });
});
