import { describe, expect, it } from 'vitest';
import { rig, packets, skipped } from '../../support/resequencerRig.js';

describe('Resequencer: numbers', () => {
  describe('ranges', () => {
    it('stand for all their numbers', () => {
      const r = packets();
      const [a, b, c, d] = [{ seq: 1 }, { seq: [2, 4] }, { seq: [5, 9] }, { seq: 10 }] as const;
      r.push(a, c, d, b);
      expect(r.sink.log).toEqual([a, b, c, d]);
    });

    it('are duplicates if all of them was released, and pass if any was not', () => {
      const r = packets();
      r.push({ seq: [1, 5] }, { seq: [2, 5] }, { seq: [4, 6] }, { seq: 7 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([[1, 5], [4, 6], 7]);
      expect(r.kinds).toEqual(['duplicate']);
    });

    it('that cover a held message make it a duplicate', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: 5 }, { seq: [2, 6] });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, [2, 6]]);
      expect(r.sink.events).toEqual([
        { kind: 'duplicate', message: { seq: 5 }, key: 'k', passed: false },
      ]);
    });

    it('that cover a held message do not make it stand for a later number', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: 5, name: 'five' }, { seq: [2, 20] }, { seq: 21, name: 'new' });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, [2, 20], 21]);
    });

    it('that are held cover held messages, too', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: 5 }, { seq: [3, 8] }, { seq: 2 }, { seq: 9 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, 2, [3, 8], 9]);
      expect(r.kinds).toEqual(['duplicate']);
    });

    it('that single messages made up for are duplicates', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: [3, 4] }, { seq: 3 }, { seq: 4 }, { seq: 2 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, 2, [3, 4]]);
      expect(r.kinds).toEqual(['duplicate', 'duplicate']);
      const other = packets();
      other.push({ seq: 1 }, { seq: 3 }, { seq: 4 }, { seq: [3, 4] }, { seq: 2 });
      expect(other.sink.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect(other.kinds).toEqual(['duplicate']);
    });

    it('are late if any of them was skipped', () => {
      const r = packets({ maxWaitMs: 10, latePolicy: 'emit' });
      r.push({ seq: 1 }, { seq: 9 })
        .at(10)
        .push({ seq: [1, 3] }, { seq: [2, 3] }, { seq: [3, 4] });
      expect(r.kinds).toEqual(['skipped', 'late', 'duplicate', 'late']);
    });

    it('that overlap are released in order', () => {
      const r = packets();
      r.push({ seq: 1 }, { seq: [4, 6] }, { seq: [3, 5] }, { seq: 2 }, { seq: 7 });
      expect(r.sink.messages.map(({ seq }) => seq)).toEqual([1, 2, [3, 5], [4, 6], 7]);
    });
  });

  describe('invalid numbers', () => {
    it('are dropped and reported', () => {
      const r = rig();
      r.push(1, NaN, -1, 1.5, 2n, 2);
      expect(r.sink.messages).toEqual([1, 2]);
      expect(r.sink.events.map((event) => 'reason' in event && event.reason)).toEqual([
        'type',
        'negative',
        'type',
        'mixed',
      ]);
      expect(r.sink.events[0]).toEqual({
        kind: 'invalid',
        message: NaN,
        key: 'k',
        reason: 'type',
        passed: false,
      });
    });
  });

  describe('wrap', () => {
    it.each(Array.from({ length: 16 }, (_, index) => 65_536 - 8 + index))(
      'at 2^16 keeps order from %i on',
      (start) => {
        const seqs = Array.from({ length: 32 }, (_, index) => (start + index) % 65_536);
        for (let swap = 1; swap < 31; swap += 1) {
          const order = [...seqs];
          const [moved = 0] = order.splice(swap, 1);
          order.splice(swap + 1, 0, moved);
          const r = rig({ modulus: 65_536 });
          r.push(...order);
          expect(r.sink.log).toEqual(seqs);
        }
      },
    );

    it('labels a hole across it', () => {
      const r = rig({ modulus: 16, maxWaitMs: 10 });
      r.push(14, 2).at(10).push(1);
      expect(r.sink.log).toEqual([
        14,
        { ...skipped(15, 1, 'wait'), count: 3 },
        2,
        { kind: 'late', message: 1, key: 'k', behind: 2, passed: false },
      ]);
    });

    it('finds exactly half the modulus ambiguous', () => {
      const r = rig({ modulus: 16 });
      r.push(3, 11);
      expect(r.sink.events).toMatchObject([{ kind: 'invalid', message: 11, reason: 'ambiguous' }]);
    });
  });

  describe('bigints', () => {
    it('are put in order', () => {
      const base = 2n ** 80n;
      const r = rig({ maxWaitMs: 10 });
      r.push(base, base + 2n, base + 1n, base + 5n)
        .at(10)
        .push(base + 3n);
      expect(r.sink.log).toEqual([
        base,
        base + 1n,
        base + 2n,
        skipped(base + 3n, base + 4n, 'wait'),
        base + 5n,
        { kind: 'late', message: base + 3n, key: 'k', behind: 3n, passed: false },
      ]);
    });
  });
});
