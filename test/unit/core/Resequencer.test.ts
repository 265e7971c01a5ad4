import { describe, expect, it } from 'vitest';
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
      expect([1, 2, 4, 5].map(push)).toEqual([false, true, false, true]);
      r.nowMs += 1;
      expect([7, 4].map(push)).toEqual([true, true]);
      expect([3, 6, 8, 8].map(push)).toEqual([false, false, true, true]);
    });

    it('leaves no trace where the longest wait goes on', () => {
      const r = rig();
      const push = (message: SequenceNumber): boolean => r.machine.push(message, r.now);
      expect([1, 3, 5, 2].map(push)).toEqual([false, false, true, true]);
      expect(r.machine.deadlineMs).toBe(1_000);
    });

    it('waits for nothing without a limit: only what is collected at the start is due at some time', () => {
      const r = rig({ maxWaitMs: Infinity, startWaitMs: 50 });
      const push = (message: SequenceNumber): boolean => r.machine.push(message, r.now);
      expect([2, 4].map(push)).toEqual([false, false]);
      expect(r.machine.deadlineMs).toBe(50);
      r.machine.settle(50);
      expect([7, 6, 3, 5].map(push)).toEqual([true, true, true, true]);
      expect(r.machine.deadlineMs).toBe(Infinity);
      expect(r.sink.log).toEqual([2, 3, 4, 5, 6, 7]);
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
