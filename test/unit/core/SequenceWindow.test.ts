import { describe, expect, it } from 'vitest';
import type { DedupeWithinEvent } from '../../../src/core/DedupeEvent.js';
import { SequenceWindow, type SequenceWindowSettings } from '../../../src/core/SequenceWindow.js';
import { LateMessageError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';
import type { SequenceNumber } from '../../../src/types.js';
import { Feed, type Flat, type Packet, packetSequence } from '../../support/machines.js';
import { Sink } from '../../support/Sink.js';

class Rig extends Feed<Packet> {
  constructor(
    size: number,
    options: Partial<Flat<SequenceWindowSettings<Packet>, Packet>> = {},
    readonly sink = new Sink<Packet, DedupeWithinEvent<Packet, string>>(),
    isReporting = true,
  ) {
    super(
      new SequenceWindow<Packet, string>(
        {
          sequence: { ...packetSequence, maxMisorder: size - 1, ...options },
          size,
          latePolicy: 'drop',
          repeatPolicy: 'drop',
          ...options,
        },
        'k',
        sink,
        isReporting ? sink.report : undefined,
      ),
    );
  }

  feed(...seqs: readonly Packet['seq'][]): this {
    return this.push(...seqs.map((seq) => ({ seq })));
  }

  get seqs(): Packet['seq'][] {
    return this.sink.messages.map(({ seq }) => seq);
  }

  get kinds(): string[] {
    return this.sink.events.map(({ kind }) => kind);
  }
}

describe('SequenceWindow', () => {
  it('owes nothing after a number in order', () => {
    const { machine, now } = new Rig(64).feed(5);
    expect(machine.push({ seq: 6 }, now)).toBe(true);
  });

  it('passes each number once, in any order', () => {
    const r = new Rig(64);
    r.feed(5, 7, 6, 7, 5, 8);
    expect(r.seqs).toEqual([5, 7, 6, 8]);
    expect(r.sink.events).toEqual(
      [7, 5].map((seq) => ({
        kind: 'duplicate',
        message: { seq },
        key: 'k',
        first: undefined,
        ageMs: undefined,
        passed: false,
      })),
    );
  });

  it.each([1, 2, 31, 32, 33, 64, 100])(
    'of size %i judges exactly that many numbers, and finds those below late',
    (size) => {
      const r = new Rig(size, { maxJump: 1_000 });
      r.feed(1_000, 1_000 + size, 1_000 + size - (size - 1), 1_000);
      expect(r.seqs.slice(0, 3)).toEqual(
        size === 1 ? [1_000, 1_001] : [1_000, 1_000 + size, 1_001],
      );
      expect(r.sink.events.at(-1)).toEqual({
        kind: 'late',
        message: { seq: 1_000 },
        key: 'k',
        behind: 1,
        passed: false,
      });
    },
  );

  it('finds numbers below the first one seen new, within the window', () => {
    const r = new Rig(10);
    r.feed(100, 91, 90);
    expect(r.seqs).toEqual([100, 91]);
    expect(r.kinds).toEqual(['late']);
  });

  it('finds a range late that reaches below the window and brings nothing new within it', () => {
    const r = new Rig(10, { latePolicy: 'emit' });
    r.feed(100, [85, 95], [85, 95], [91, 95]);
    expect(r.sink.events).toEqual([
      { kind: 'late', message: { seq: [85, 95] }, key: 'k', behind: 6, passed: true },
      {
        kind: 'duplicate',
        message: { seq: [91, 95] },
        key: 'k',
        first: undefined,
        ageMs: undefined,
        passed: false,
      },
    ]);
    expect(r.seqs).toEqual([100, [85, 95], [85, 95]]);
  });

  it('passes or fails late messages with those policies', () => {
    const r = new Rig(10, { latePolicy: 'emit' });
    r.feed(100, 80);
    expect(r.sink.log).toEqual([
      { seq: 100 },
      { kind: 'late', message: { seq: 80 }, key: 'k', behind: 11, passed: true },
      { seq: 80 },
    ]);
    const strict = new Rig(10, { latePolicy: 'error' });
    strict.feed(100);
    expect(() => strict.feed(80)).toThrow(new LateMessageError('dedupeWithin', 11));
  });

  it('passes repeats on with that policy', () => {
    const r = new Rig(10, { repeatPolicy: 'pass' });
    r.feed(1, 1);
    expect(r.seqs).toEqual([1, 1]);
    expect(r.sink.events).toMatchObject([{ kind: 'duplicate', passed: true }]);
  });

  it('takes a run of old numbers for a replay, not for a restart', () => {
    const r = new Rig(10, { restartAfter: 2 });
    r.feed(100_000, 1, 2, 3, 4, 5);
    expect(r.kinds).toEqual(new Array(5).fill('late'));
  });

  it('takes a run of numbers far ahead for a restart, and drops those before it is confirmed', () => {
    const r = new Rig(10, { restartAfter: 3 });
    r.feed(1, 900_000, 900_001, 900_002, 900_002, 900_003);
    expect(r.seqs).toEqual([1, 900_002, 900_003]);
    expect(r.sink.events.map(({ kind }) => kind)).toEqual([
      'invalid',
      'invalid',
      'reset',
      'duplicate',
    ]);
    expect(r.sink.events[0]).toEqual({
      kind: 'invalid',
      message: { seq: 900_000 },
      key: 'k',
      reason: 'jump',
      passed: false,
    });
    expect(r.sink.events[2]).toEqual({ kind: 'reset', key: 'k', reason: 'jump' });
  });

  it('begins anew with a new epoch, and only then', () => {
    const r = new Rig(10, { epochOf: ({ epoch }) => epoch });
    r.push({ seq: 50, epoch: 1 }, { seq: 50, epoch: 2 }, { seq: 50, epoch: 2 });
    expect(r.kinds).toEqual(['reset', 'duplicate']);
    expect(r.seqs).toEqual([50, 50]);
    r.push({ seq: 900_000, epoch: 2 });
    expect(r.sink.events.at(-1)).toMatchObject({ kind: 'invalid', reason: 'jump' });
  });

  it('refuses what is no number', () => {
    const r = new Rig(10);
    r.feed(NaN, -1, 5, 6n);
    expect(r.sink.events.map((event) => 'reason' in event && event.reason)).toEqual([
      'type',
      'negative',
      'mixed',
    ]);
    expect(r.seqs).toEqual([5]);
  });

  describe('ranges', () => {
    it('repeat if all of them was seen', () => {
      const r = new Rig(100);
      r.feed([1, 5], [2, 4], [4, 6], 6);
      expect(r.seqs).toEqual([
        [1, 5],
        [4, 6],
      ]);
    });

    it('that begin below the window do not make a later number a repeat', () => {
      const r = new Rig(32);
      r.feed([0, 98], 100, [50, 98], 99);
      expect(r.seqs.at(-1)).toBe(99);
    });
  });

  it.each(Array.from({ length: 16 }, (_, index) => index * 4_096 + 4_090))(
    'follows a wrap at 2^16, from %i on',
    (start) => {
      const r = new Rig(64, { modulus: 65_536 });
      for (let n = 0; n < 66_000; n += 11) {
        const seq = (start + n) % 65_536;
        r.feed(seq, seq);
      }
      expect(r.seqs.length).toBe(6_000);
      expect(r.sink.events.length).toBe(6_000);
    },
  );

  describe('bigints', () => {
    it('are judged', () => {
      const base = 2n ** 80n;
      const r = new Rig(10);
      r.feed(base, base + 1n, base, base - 9n, base - 8n);
      expect(r.seqs).toEqual([base, base + 1n, base - 8n]);
      expect(r.sink.events).toMatchObject([{ kind: 'duplicate' }, { kind: 'late', behind: 1n }]);
    });

    it.each(['drop', 'emit'] as const)('out of reach below are late (%s)', (latePolicy) => {
      const r = new Rig(10, { latePolicy });
      r.feed(2n ** 80n, 0n);
      expect(r.kinds).toEqual(['late']);
    });

    it('out of reach above are invalid', () => {
      const r = new Rig(10);
      r.feed(0n, 2n ** 80n);
      expect(r.sink.events).toMatchObject([{ kind: 'invalid', reason: 'jump' }]);
    });
  });

  it('holds nothing, wants no timer and reads no clock', () => {
    const r = new Rig(10, {}, new Sink(), false);
    r.feed(1, 1, NaN, 900_000, 5).end();
    r.machine.settle(1e9);
    r.machine.discard();
    expect(r.machine.deadlineMs).toBe(Infinity);
    expect(r.reads).toBe(0);
    expect(r.seqs).toEqual([1, 5]);
    const silent = new Rig(10, { restartAfter: 1, latePolicy: 'emit' }, new Sink(), false);
    silent.feed(100, 1, 900_000);
    expect(silent.seqs).toEqual([100, 1, 900_000]);
  });

  it('agrees with a set under random numbers', () => {
    const random = new SeededRandom(6);
    const r = new Rig(50);
    const seen = new Set<SequenceNumber>();
    let high = 1_000;
    r.feed(high);
    seen.add(high);
    for (let round = 0; round < 5_000; round += 1) {
      const seq = high + random.integer(-70, 10);
      const expected = high - seq >= 50 ? 'late' : seen.has(seq) ? 'duplicate' : undefined;
      high = Math.max(high, seq);
      r.sink.drainEvents();
      r.feed(seq);
      expect(r.sink.events[0]?.kind).toBe(expected);
      if (expected === undefined) seen.add(seq);
    }
  });
});
