import { describe, expect, it } from 'vitest';
import { BufferOverflowError, LateMessageError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import type { SequenceNumber } from '../../../src/types.js';
import { Sink } from '../../support/Sink.js';
import { isCollected } from '../../support/garbage.js';
import { objectSequence, plainSequence } from '../../support/machines.js';
import { Rig, holding, rig, skipped } from '../../support/resequencerRig.js';

describe('Resequencer', () => {
  describe('in order', () => {
    it('passes messages on at once, without a deadline, a clock read or an event', () => {
      const r = rig();
      r.push(10, 11, 12, 13);
      expect(r.sink.log).toEqual([10, 11, 12, 13]);
      expect(r.machine.deadlineMs).toBe(Infinity);
      expect(r.reads).toBe(0);
    });

    it('tells that a message left no trace: no wait began or ended', () => {
      const r = rig();
      const push = (message: SequenceNumber): boolean => r.machine.push(message, r.now);
      expect([1, 2, 4, 5, 7, 4].map(push)).toEqual([false, true, false, true, true, true]);
      expect([3, 6, 8, 8].map(push)).toEqual([false, false, true, true]);
    });

    it('puts swapped messages in order', () => {
      const r = rig();
      r.push(1, 3, 2, 4, 6, 7, 5);
      expect(r.sink.log).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('restores every order of six messages', () => {
      const permute = (rest: number[]): number[][] =>
        rest.length < 2
          ? [rest]
          : rest.flatMap((n) => permute(rest.filter((m) => m !== n)).map((p) => [n, ...p]));
      for (const order of permute([1, 2, 3, 4, 5, 6])) {
        const r = rig({ first: 1 });
        r.push(...order);
        expect(r.sink.log).toEqual([1, 2, 3, 4, 5, 6]);
      }
    });

    it('restores a shuffled stream within its displacement', () => {
      const random = new SeededRandom(9);
      const order = Array.from({ length: 2_000 }, (_, n) => ({
        n,
        at: n + random.fraction() * (n % 100 === 0 ? 900 : 30),
      })).sort((one, other) => one.at - other.at);
      const r = rig({ first: 0 });
      for (const { n } of order) r.push(n);
      expect(r.sink.log).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
    });

    it('takes -0 for 0', () => {
      const r = rig();
      r.push(-0, 2, 1);
      expect(r.sink.messages.length).toBe(3);
      expect(r.sink.events).toEqual([]);
    });
  });

  describe('wait', () => {
    it('ends exactly at the deadline, not 1 ms before', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1).at(50).push(3, 4);
      expect(r.machine.deadlineMs).toBe(150);
      r.at(149);
      expect(r.sink.log).toEqual([1]);
      r.at(150);
      expect(r.sink.log).toEqual([1, skipped(2, 2, 'wait'), 3, 4]);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('is over for a message that comes on the deadline', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1, 3).at(100).push(2);
      expect(r.sink.messages).toEqual([1, 3]);
      expect(r.kinds).toEqual(['skipped', 'late']);
    });

    it('is counted from the arrival of the message that waits longest', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1, 10).at(30).push(5).at(60).push(12);
      expect(r.machine.deadlineMs).toBe(100);
      r.at(100);
      expect(r.sink.log).toEqual([1, skipped(2, 4, 'wait'), 5, skipped(6, 9, 'wait'), 10]);
      expect(r.machine.deadlineMs).toBe(160);
      r.at(160);
      expect(r.sink.messages).toEqual([1, 5, 10, 12]);
    });

    it('begins anew for the next hole', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1, 3).at(90).push(5).push(2);
      expect(r.sink.messages).toEqual([1, 2, 3]);
      expect(r.machine.deadlineMs).toBe(190);
      r.at(189);
      expect(r.sink.events).toEqual([]);
      r.at(190);
      expect(r.sink.log).toEqual([1, 2, 3, skipped(4, 4, 'wait'), 5]);
    });

    it('of 0 lets nothing wait', () => {
      const r = rig({ maxWaitMs: 0, startWaitMs: 50 });
      r.push(1, 3, 2, 4);
      expect(r.sink.messages).toEqual([1, 3, 4]);
      expect(r.kinds).toEqual(['skipped', 'late']);
      expect(r.sink.events[0]).toEqual(skipped(2, 2, 'wait'));
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('of Infinity needs no clock', () => {
      const r = rig({ maxWaitMs: Infinity });
      r.push(1, 3, 5, 900_000);
      expect(r.machine.deadlineMs).toBe(Infinity);
      expect(r.reads).toBe(0);
      r.push(2);
      expect(r.sink.messages).toEqual([1, 2, 3]);
    });

    it('of what leaves before others that wait needs no clock', () => {
      const r = rig({ maxWaitMs: 100 });
      r.push(1, 10);
      expect(r.reads).toBe(1);
      r.push(5, 7);
      expect(r.reads).toBe(1);
    });

    it('that is over for many is settled at once', () => {
      const r = rig({ maxWaitMs: 10 });
      r.push(0);
      for (let n = 2; n < 40; n += 2) r.at(n / 100).push(n);
      r.at(1_000_000);
      expect(r.sink.messages).toEqual(Array.from({ length: 20 }, (_, index) => index * 2));
      expect(r.sink.events.length).toBe(19);
    });
  });

  describe('buffer', () => {
    it('holds exactly maxBuffer messages; one more releases past the oldest hole', () => {
      const r = rig({ maxBuffer: 3 });
      r.push(1, 3, 4, 6);
      expect(r.sink.log).toEqual([1]);
      r.push(8);
      expect(r.sink.log).toEqual([1, skipped(2, 2, 'overflow'), 3, 4]);
      r.push(5, 7);
      expect(r.sink.messages).toEqual([1, 3, 4, 5, 6, 7, 8]);
    });

    it('that is full drops the newest with that policy, and reports it', () => {
      const r = rig({ maxBuffer: 2, overflowPolicy: 'drop-newest' });
      r.push(1, 3, 4, 5);
      expect(r.sink.events).toEqual([{ kind: 'overflow', message: 5, key: 'k', passed: false }]);
      r.push(3);
      expect(r.kinds).toEqual(['overflow', 'duplicate']);
      r.push(2, 5);
      expect(r.sink.messages).toEqual([1, 2, 3, 4, 5]);
    });

    it('that is full ends the stream with that policy', () => {
      const r = rig({ maxBuffer: 2, overflowPolicy: 'error' });
      r.push(1, 3, 4);
      expect(() => r.push(5)).toThrow(new BufferOverflowError('reorderBy', 2));
    });

    it('of 1 works', () => {
      const r = rig({ maxBuffer: 1 });
      r.push(1, 3, 5, 4, 9, 7);
      expect(r.sink.messages).toEqual([1, 3, 4, 5, 7]);
      expect(r.kinds).toEqual(['skipped', 'skipped']);
    });
  });

  describe('repeats', () => {
    it('of held and of released messages are dropped', () => {
      const r = rig();
      r.push(1, 2, 4, 4, 2, 1);
      expect(r.sink.messages).toEqual([1, 2]);
      expect(r.sink.events).toEqual(
        [4, 2, 1].map((message) => ({ kind: 'duplicate', message, key: 'k', passed: false })),
      );
    });

    it('of a late message that was passed are duplicates', () => {
      const r = rig({ maxWaitMs: 10, latePolicy: 'emit' });
      r.push(1, 4).at(10).push(2, 2, 3);
      expect(r.sink.messages).toEqual([1, 4, 2, 3]);
      expect(r.kinds).toEqual(['skipped', 'late', 'duplicate', 'late']);
    });
  });

  describe('late messages', () => {
    it('are dropped and reported with how far behind they are', () => {
      const r = rig({ maxWaitMs: 10 });
      r.push(1, 4).at(10).push(2, 3, 5);
      expect(r.sink.log.slice(2)).toEqual([
        4,
        { kind: 'late', message: 2, key: 'k', behind: 3, passed: false },
        { kind: 'late', message: 3, key: 'k', behind: 2, passed: false },
        5,
      ]);
    });

    it('are late again when they come again, as long as they are dropped', () => {
      const r = rig({ maxWaitMs: 10 });
      r.push(1, 4).at(10).push(2, 2);
      expect(r.kinds).toEqual(['skipped', 'late', 'late']);
    });

    it('are passed after their event with that policy', () => {
      const r = rig({ maxWaitMs: 10, latePolicy: 'emit' });
      r.push(1, 4).at(10).push(2);
      expect(r.sink.log.slice(-2)).toEqual([
        { kind: 'late', message: 2, key: 'k', behind: 3, passed: true },
        2,
      ]);
    });

    it('end the stream with that policy', () => {
      const r = rig({ maxWaitMs: 10, latePolicy: 'error' });
      r.push(1, 4).at(10);
      expect(() => r.push(2)).toThrow(new LateMessageError('reorderBy', 3));
      expect(() => r.push(4)).not.toThrow(); // a duplicate, not late
    });

    it('from before the baseline are late, up to maxMisorder behind', () => {
      const r = rig({ maxMisorder: 10 });
      r.push(100, 99, 91, 90);
      expect(r.kinds).toEqual(['late', 'late', 'late']);
      r.push(89);
      expect(r.kinds.length).toBe(3); // not believed: it waits for others
    });

    it('behind by more than maxMisorder of the high-water mark are believed while they are near the turn', () => {
      const r = rig({ maxMisorder: 10 });
      r.push(1, 200, 2);
      expect(r.sink.messages).toEqual([1, 2]);
      expect(r.sink.events).toEqual([]);
    });

    it('are believed to exactly maxMisorder behind the last one that left', () => {
      const r = rig({ maxMisorder: 5, latePolicy: 'emit' });
      r.push(10, 100, 5, 5, 4);
      expect(r.kinds).toEqual(['late', 'duplicate']);
      r.end();
      expect(r.sink.events.at(-1)).toMatchObject({ kind: 'invalid', message: 4, reason: 'jump' });
    });

    it('are believed however far behind, if they were skipped', () => {
      const r = rig({ maxMisorder: 10, maxWaitMs: 1 });
      r.push(1, 5)
        .at(1)
        .push(...Array.from({ length: 1_000 }, (_, index) => index + 6));
      r.push(3);
      expect(r.sink.events.at(-1)).toMatchObject({ kind: 'late', message: 3, behind: 1_003 });
      r.push(1, 0); // released long ago, and from before the baseline
      r.end();
      expect(r.kinds.slice(2)).toEqual(['invalid', 'invalid']);
    });

    it('are forgotten to have been skipped after 1,024 more runs', () => {
      const r = rig({ maxWaitMs: 0, maxMisorder: 100_000 });
      for (let n = 0; n <= 2 * 1_025; n += 2) r.push(n);
      r.sink.drainEvents();
      r.push(1, 3);
      expect(r.kinds).toEqual(['duplicate', 'late']);
    });
  });

  describe('end', () => {
    it.each(['completed', 'evicted'] as const)('releases all in order (%s)', (reason) => {
      const r = rig();
      r.push(1, 5, 3, 9, 4).end(reason);
      expect(r.sink.log).toEqual([1, skipped(2, 2, reason), 3, 4, 5, skipped(6, 8, reason), 9]);
      expect(r.machine.deadlineMs).toBe(Infinity);
    });

    it('of nothing says nothing', () => {
      const r = rig();
      r.end();
      expect(r.sink.log).toEqual([]);
      const other = rig({ startWaitMs: 10 });
      other.end();
      expect(other.sink.log).toEqual([]);
    });

    it('gives up suspects last', () => {
      const r = rig();
      r.push(500_000, 500_002, 1).end();
      expect(r.kinds).toEqual(['skipped', 'invalid']);
      expect(r.sink.messages).toEqual([500_000, 500_002]);
    });
  });

  describe('discard', () => {
    it('reports everything held, once', () => {
      const r = rig();
      r.push(500_000, 500_003, 500_002, 500_100, 1);
      r.machine.discard();
      expect(r.sink.messages).toEqual([500_000]);
      expect(r.sink.events).toEqual(
        [1, 500_002, 500_003, 500_100].map((message) => ({
          kind: 'discarded',
          message,
          key: 'k',
          reason: 'error',
          passed: false,
        })),
      );
    });

    it('reports what is collected before the baseline', () => {
      const r = rig({ startWaitMs: 10 });
      r.push(7, 5);
      r.machine.discard();
      expect(r.sink.events.map((event) => 'message' in event && event.message)).toEqual([5, 7]);
    });

    it('of nothing says nothing', () => {
      const r = rig();
      r.push(1);
      r.machine.discard();
      expect(r.sink.events).toEqual([]);
    });
  });

  describe('closed output', () => {
    it('stops the release of a run', () => {
      const r = rig({}, 3);
      r.push(1, 3, 4, 5, 6, 2);
      expect(r.sink.messages).toEqual([1, 2, 3]);
    });

    it('stops settling', () => {
      const r = rig({ maxWaitMs: 10 }, 2);
      r.push(1, 3, 5, 7).at(10);
      expect(r.sink.messages).toEqual([1, 3]);
      expect(r.kinds).toEqual(['skipped']);
    });

    it('stops the end', () => {
      const r = rig({}, 2);
      r.push(1, 3, 5, 7).end();
      expect(r.sink.messages).toEqual([1, 3]);
      expect(r.kinds).toEqual(['skipped']);
    });
  });

  it('needs nobody who listens to events', () => {
    const settings = { ...plainSequence, ...holding, maxWaitMs: 10, maxBuffer: 2 };
    for (const overflowPolicy of ['skip', 'drop-newest'] as const) {
      const r = new Rig<SequenceNumber>(
        { ...settings, overflowPolicy, restartAfter: 2 },
        new Sink(),
        false,
      );
      r.push(1, 1, 3, 3, 5, 6, 7, NaN).at(10).push(2, 900_000, 1_000_000, 1_000_001).end();
      r.push(1_000_003);
      r.machine.discard();
      expect(r.sink.messages.at(-1)).toBe(1_000_001);
    }
  });

  it('keeps no message it released', async () => {
    const r = new Rig<{ n: number }>({
      ...objectSequence,
      ...holding,
    });
    const references = (() => {
      const messages = [1, 3, 2, 5].map((n) => ({ n }));
      r.push(...messages);
      r.at(1_000);
      r.sink.messages.length = r.sink.log.length = r.sink.events.length = 0;
      return messages.map((message) => new WeakRef(message));
    })();
    for (const reference of references) expect(await isCollected(reference)).toBe(true);
  });

  it('never emits out of order, and accounts for every message, under random faults', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = new SeededRandom(seed);
      const r = rig({
        first: 0,
        maxWaitMs: random.integer(0, 20),
        maxBuffer: random.integer(1, 20),
        overflowPolicy: random.chance(0.5) ? 'skip' : 'drop-newest',
      });
      let sent = 0;
      for (let round = 0; round < 300; round += 1) {
        if (random.chance(0.5)) r.at(r.nowMs + random.integer(0, 4));
        r.push(Math.max(0, Math.floor(round / 2) + random.integer(-8, 8)));
        sent += 1;
      }
      r.end();
      const emitted = r.sink.messages.map(Number);
      expect(emitted).toEqual([...new Set(emitted)].sort((one, other) => one - other));
      const dropped = r.sink.events.filter((event) => 'message' in event && !event.passed);
      expect(emitted.length + dropped.length).toBe(sent);
      const missing = new Set<number>();
      for (const event of r.sink.events) {
        if (event.kind !== 'skipped') continue;
        for (let n = Number(event.first); n <= Number(event.last); n += 1) missing.add(n);
      }
      const top = emitted.at(-1) ?? -1;
      expect(emitted.length + missing.size).toBe(top + 1);
    }
  });
});
