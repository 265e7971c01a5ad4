import { describe, expect, it } from 'vitest';
import type { SequenceNumber } from '../../../src/types.js';
import type { Packet } from '../../support/machines.js';
import { rig } from '../../support/sequenceRecorder.js';

describe('SequenceMachine: restarts, epochs and pointers', () => {
  describe('pointers', () => {
    const previousOf = ({ previous }: Packet): SequenceNumber | undefined => previous;

    it('stand for everything after the number they name', () => {
      const r = rig({ previousOf });
      expect(
        r.send({ seq: 10, previous: 5 }, { seq: 17, previous: 10 }, { seq: 30, previous: 20 }),
      ).toEqual(['begin 6', 'accept 6-10', 'accept 11-17', 'accept 21-30']);
    });

    it('that are missing make a snapshot that follows from nothing', () => {
      const r = rig({ previousOf });
      expect(r.send({ seq: 10 }, { seq: 500 }, { seq: 900_000 }, { seq: 600 })).toEqual([
        'begin 10',
        'accept 10',
        'accept 11-500',
        'accept 501-900000',
        'suspect 600',
      ]);
      expect(r.send({ seq: 899_999 })).toEqual(['jump 600 suspect', 'accept 899999']);
    });

    it('to itself or ahead are refused', () => {
      const r = rig({ previousOf });
      expect(
        r.send({ seq: 10, previous: 10 }, { seq: 10, previous: 11 }, { seq: 10, previous: 9 }),
      ).toEqual(['range 10', 'range 10', 'begin 10', 'accept 10']);
    });

    it('into a range leave its beginning', () => {
      const r = rig({ previousOf });
      expect(r.send({ seq: [5, 9], previous: 7 }, { seq: [10, 12], previous: 12 })).toEqual([
        'begin 5',
        'accept 5-9',
        'range 10,12',
      ]);
    });

    it('that are no numbers are refused', () => {
      const r = rig({ previousOf });
      r.send({ seq: 1 });
      expect(r.send({ seq: 10, previous: -1 })).toEqual(['negative 10']);
      expect(r.send({ seq: 10, previous: NaN })).toEqual(['type 10']);
      expect(r.send({ seq: 10, previous: 1n })).toEqual(['mixed 10']);
      expect(r.send({ seq: NaN, previous: 1n })).toEqual(['type NaN']);
    });

    it('wrap', () => {
      const r = rig({ previousOf, modulus: 16 });
      expect(r.send({ seq: 14 }, { seq: 1, previous: 14 }, { seq: 5, previous: 15 })).toEqual([
        'begin 14',
        'accept 14',
        'accept 15-17',
        'accept 16-21',
      ]);
      expect(r.send({ seq: 6, previous: 14 })).toEqual(['ambiguous 6']);
    });

    it('to a far past are believed if the message is', () => {
      const r = rig({ previousOf, maxMisorder: 10 });
      r.send({ seq: 900_000 });
      expect(r.send({ seq: 900_001, previous: 5 })).toEqual(['accept 6-900001']);
    });

    it('tell a run of suspects', () => {
      const r = rig({ previousOf, restartAfter: 3 });
      r.send({ seq: 900_000 });
      expect(
        r.send({ seq: 10, previous: 4 }, { seq: 20, previous: 10 }, { seq: 25, previous: 20 }),
      ).toEqual([
        'suspect 10',
        'suspect 20',
        'restart jump',
        'begin 5',
        'accept 5-10',
        'accept 11-20',
        'accept 21-25',
      ]);
    });

    it('that do not connect break a run of suspects', () => {
      const r = rig({ previousOf, restartAfter: 2 });
      r.send({ seq: 900_000 });
      expect(r.send({ seq: 10, previous: 4 }, { seq: 11, previous: 9 })).toEqual([
        'suspect 10',
        'jump 10 suspect',
        'suspect 11',
      ]);
    });

    it('among bigints out of reach are no reason to crash', () => {
      const r = rig({ previousOf });
      r.send({ seq: 5n });
      const far = 2n ** 80n;
      expect(r.send({ seq: far, previous: far - 1n })).toEqual([`suspect ${String(far)}`]);
      expect(r.send({ seq: 6n, previous: far })).toEqual(['range 6']);
    });
  });
});
