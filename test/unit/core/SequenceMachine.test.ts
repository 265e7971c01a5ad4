import { describe, expect, it } from 'vitest';
import { rig, bad } from '../../support/sequenceRecorder.js';

describe('SequenceMachine', () => {
  describe('numbers', () => {
    it('begin at the first one seen', () => {
      expect(rig().feed(7, 8, 6)).toEqual(['begin 7', 'accept 7', 'accept 8', 'accept 6']);
    });

    it('begin at the first one expected', () => {
      const r = rig({ first: 3 });
      expect(r.machine.drain()).toEqual(['begin 3 expected']);
      expect(r.feed(4)).toEqual(['accept 4']);
    });

    it.each<[value: unknown, reason: string]>([
      [undefined, 'type'],
      [null, 'type'],
      [NaN, 'type'],
      ['7', 'type'],
      [{}, 'type'],
      [-1, 'negative'],
      [2 ** 53, 'type'],
    ])('%s is refused as %s and changes nothing', (value, reason) => {
      const r = rig();
      r.feed(6);
      expect(r.feed(bad(value)).join()).toContain(reason);
      expect(r.feed(7)).toEqual(['accept 7']);
    });

    it('2^53 is refused even where it would be next', () => {
      const r = rig({ first: Number.MAX_SAFE_INTEGER });
      r.machine.drain();
      expect(r.feed(Number.MAX_SAFE_INTEGER, 2 ** 53)).toEqual([
        `accept ${String(Number.MAX_SAFE_INTEGER)}`,
        `type ${String(2 ** 53)}`,
      ]);
    });

    it('begin at zero, whatever its sign', () => {
      const first = rig().feed(-0, 1);
      expect(first).toEqual(['begin 0', 'accept 0', 'accept 1']);
    });

    it('of either type can begin, whatever was refused before', () => {
      const r = rig();
      expect(r.feed(bad('7'), -1)).toEqual(['type 7', 'negative -1']);
      expect(r.feed(5n, 6, 6n)).toEqual(['begin 0', 'accept 0', 'mixed 6', 'accept 1']);
    });

    it('begin with a range, and go on one by one', () => {
      const r = rig();
      expect(r.feed([3, 5], 6, 6n, [7, 9], 10)).toEqual([
        'begin 3',
        'accept 3-5',
        'accept 6',
        'mixed 6',
        'accept 7-9',
        'accept 10',
      ]);
    });

    it('of two streams do not know of each other', () => {
      const [one, other] = [rig(), rig()];
      one.feed(1, 2);
      expect(other.feed(1n, 2n)).toEqual(['begin 0', 'accept 0', 'accept 1']);
      expect(one.feed(3, 4n)).toEqual(['accept 3', 'mixed 4']);
    });

    it('of both types do not mix', () => {
      expect(rig().feed(5n, 6n, 7, 7n)).toEqual([
        'begin 0',
        'accept 0',
        'accept 1',
        'mixed 7',
        'accept 2',
      ]);
    });

    it('of the other type are refused, where they would be next by count alone', () => {
      expect(rig().feed(5n, 1)).toEqual(['begin 0', 'accept 0', 'mixed 1']);
      const expecting = rig({ first: 5n });
      expecting.machine.drain();
      expect(expecting.feed(0, 5n)).toEqual(['mixed 0', 'accept 0']);
    });

    it('that are ambiguous do not make the type be forgotten', () => {
      expect(rig({ modulus: 16 }).feed(3, 11, 4n).slice(2)).toEqual(['ambiguous 11', 'mixed 4']);
    });

    it('that are none were no suspects', () => {
      expect(rig().feed(bad({}), bad('7'), bad([1]))).toEqual([
        'type [object Object]',
        'type 7',
        'type 1',
      ]);
    });

    it('may repeat where a message does not point back', () => {
      const r = rig({ previousOf: ({ previous }) => previous });
      expect(r.feed(5, 5)).toEqual(['begin 5', 'accept 5', 'accept 5']);
    });

    it('that are refused do not fix the type', () => {
      expect(rig().feed(bad(NaN), -1, 5n)).toEqual([
        'type NaN',
        'negative -1',
        'begin 0',
        'accept 0',
      ]);
    });

    it('must be below the modulus', () => {
      expect(rig({ modulus: 16 }).feed(15, 16, 0)).toEqual([
        'begin 15',
        'accept 15',
        'modulus 16',
        'accept 16',
      ]);
    });

    it('exactly half the modulus away are ambiguous', () => {
      expect(rig({ modulus: 16 }).feed(3, 11, 10, 2)).toEqual([
        'begin 3',
        'accept 3',
        'ambiguous 11',
        'accept 10',
        'ambiguous 2',
      ]);
    });
  });

  describe('ranges', () => {
    it('are accepted whole', () => {
      expect(rig().feed([3, 5], [6, 6], [4, 8])).toEqual([
        'begin 3',
        'accept 3-5',
        'accept 6',
        'accept 4-8',
      ]);
    });

    it.each<[value: unknown, reason: string]>([
      [[5, 4], 'range'],
      [[1], 'type'],
      [[1, 2, 3], 'type'],
      [[], 'type'],
      [[1, NaN], 'type'],
      [[NaN, 1], 'type'],
      [[1, '2'], 'type'],
      [[-1, 2], 'negative'],
      [[1, -2], 'negative'],
      [[1, 2n], 'mixed'],
      [{ length: 2, 0: 1, 1: 2 }, 'type'],
    ])('%o are refused as %s', (value, reason) => {
      const r = rig();
      r.feed(1);
      expect(r.feed(bad(value)).map((line) => line.split(' ')[0])).toEqual([reason]);
    });

    it('of numbers and bigints are refused from the first message on', () => {
      const r = rig();
      expect(r.feed(bad([1, 2n])).map((line) => line.split(' ')[0])).toEqual(['mixed']);
      const pointing = rig({ previousOf: ({ previous }) => previous });
      expect(pointing.send({ seq: 5, previous: 4n })).toEqual(['mixed 5']);
    });

    it('that run backwards do not fix the number type', () => {
      expect(rig().feed([5n, 4n], 7).slice(1)).toEqual(['begin 7', 'accept 7']);
      expect(rig().feed([5, 4], 7n).slice(1)).toEqual(['begin 0', 'accept 0']);
    });

    it('that run backwards are refused, wherever they point back to', () => {
      const r = rig({ previousOf: ({ previous }) => previous });
      r.feed(1);
      expect(r.send({ seq: [5, 4], previous: 1 })).toEqual(['range 5,4']);
    });

    it('may be as wide as maxJump, no wider', () => {
      const r = rig({ maxJump: 10 });
      r.feed(0);
      expect(r.feed([1, 11])).toEqual(['accept 1-11']);
      expect(r.feed([12, 23])).toEqual(['range 12,23']);
    });

    it('wrap', () => {
      expect(rig({ modulus: 16 }).feed([14, 1], 2, [15, 3])).toEqual([
        'begin 14',
        'accept 14-17',
        'accept 18',
        'accept 15-19',
      ]);
    });

    it('are ambiguous if their end is', () => {
      expect(rig({ modulus: 16 }).feed([0, 8])).toEqual(['ambiguous 0,8']);
    });

    it('may be bigints', () => {
      expect(rig().feed([5n, 6n], 7n)).toEqual(['begin 0', 'accept 0-1', 'accept 2']);
    });
  });

  describe('belief', () => {
    it.each([
      [110, 'accept'],
      [111, 'suspect'],
      [90, 'accept'],
      [89, 'suspect'],
    ])('of %i after 100 with maxJump and maxMisorder 10: %s', (seq, expected) => {
      const r = rig({ maxJump: 10, maxMisorder: 10 });
      r.feed(100);
      expect(r.feed(seq)).toEqual([`${expected} ${String(seq)}`]);
    });

    it('of a range depends on its near end', () => {
      const r = rig({ maxJump: 10, maxMisorder: 10 });
      r.feed(100);
      expect(r.feed([110, 115])).toEqual(['accept 110-115']);
      expect(r.feed([100, 105])).toEqual(['accept 100-105']);
      expect(r.feed([94, 104])).toEqual(['suspect 94,104']);
      expect(r.feed([95, 105])[0]).toBe('jump 94,104 suspect');
    });

    it('of a misorder of 0 is that of repeats only', () => {
      const r = rig({ maxMisorder: 0 });
      expect(r.feed(5, 5, 4)).toEqual(['begin 5', 'accept 5', 'accept 5', 'suspect 4']);
    });

    it('is given to what is wanted, however far behind', () => {
      const r = rig();
      r.feed(100_000);
      r.machine.wanted = (first, last) => first === 7 && last === 8;
      expect(r.feed([7, 8], 7)).toEqual(['accept 7-8', 'suspect 7']);
      r.machine.wanted = () => true;
      expect(r.feed(900_000)[1]).toBe('suspect 900000'); // wanted is no argument ahead
    });

    it('of what is trusted is total', () => {
      const r = rig();
      r.feed(5);
      r.machine.answer({ seq: 9_000_000 }, true, r.now);
      r.machine.answer({ seq: 1 }, true, r.now);
      expect(r.machine.drain()).toEqual(['accept 9000000', 'accept 1']);
    });

    it('of a bigint out of reach is none', () => {
      const r = rig();
      expect(r.feed(2n ** 80n, 0n, 2n ** 90n)).toEqual([
        'begin 0',
        'accept 0',
        'suspect 0',
        'jump 0 suspect',
        `suspect ${String(2n ** 90n)}`,
      ]);
    });
  });

  it('reads nothing but the number of a plain message in order', () => {
    const r = rig();
    let reads = 0;
    r.feed(1);
    const message = {
      get seq(): number {
        reads += 1;
        return 2;
      },
    };
    r.push(message);
    expect(reads).toBe(1);
    expect(r.reads).toBe(0);
  });

  it('lets errors of the selectors out', () => {
    const failure = new Error('selector');
    const fail = (): never => {
      throw failure;
    };
    for (const settings of [{ sequenceOf: fail }, { epochOf: fail }, { previousOf: fail }]) {
      expect(() => rig(settings).feed(1)).toThrow(failure);
    }
  });
});
