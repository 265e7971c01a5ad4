import { describe, expect, it } from 'vitest';
import { Parcel } from '../../../../src/core/Parcel.js';
import type { Turn } from '../../../../src/core/Turn.js';
import { AnswerSheet } from '../../../../src/connectors/worker/AnswerSheet.js';
import { type Answers, extra } from '../../../../src/connectors/worker/messages.js';
import { unpackError } from '../../../../src/connectors/worker/PackedError.js';

interface Rig {
  readonly transferOf?: (result: string) => readonly object[];
  /** Results that cannot be cloned. */
  readonly refused?: readonly string[];
}

function make({ transferOf, refused = [] }: Rig = {}) {
  const sent: Answers[] = [];
  const transfers: (readonly object[])[] = [];
  const progress = { taken: 0 };
  let filled = 0;
  const sheet = new AnswerSheet<string>(
    (answers, transfer) => {
      if (answers.values.some((value) => refused.includes(value as string)))
        throw new Error(`cannot clone`);
      sent.push(answers);
      transfers.push(transfer);
    },
    transferOf,
    () => progress.taken,
    () => (filled += 1),
  );
  const turns: Turn[] = [];
  const turn = (index: number): Turn => {
    for (let number = turns.length; number <= index; number += 1) {
      const parcel = new Parcel(number, `m${String(number)}`, undefined, undefined);
      sheet.accepted(parcel);
      turns.push(parcel.turn as Turn);
    }
    return turns[index] as Turn;
  };
  const result = (text: string, index?: number): void => {
    sheet.result(text, 0, index === undefined ? undefined : turn(index));
  };
  const finish = (index: number): void => {
    sheet.finish(turn(index));
  };
  /** What is sent now, but for its kind. */
  const flushed = () => {
    sent.splice(0);
    transfers.splice(0);
    sheet.flush();
    return sent.map(({ values, owners, first, ended, buried }) => ({
      ...{ values, owners, first, ended },
      buried: buried.map(([number, error]) => [number, String(unpackError(error))]),
    }));
  };
  return { sheet, sent, transfers, progress, result, finish, flushed, filled: () => filled };
}

const none = { values: [], owners: [], first: 0, ended: [], buried: [] };

describe('AnswerSheet', () => {
  it('sends nothing where there is nothing', () => {
    const { flushed } = make();
    expect(flushed()).toEqual([]);
  });

  it('sends how many messages are taken up, once', () => {
    const { sheet, sent, progress } = make();
    progress.taken = 3;
    sheet.flush();
    sheet.flush();
    expect(sent.map(({ taken }) => taken)).toEqual([3]);
  });

  it('needs no owners for one result each, in the order of messages', () => {
    const { result, finish, flushed } = make();
    for (const index of [2, 3, 4]) {
      result(`r${String(index)}`, index);
      finish(index);
    }
    expect(flushed()).toEqual([
      { ...none, values: ['r2', 'r3', 'r4'], owners: undefined, first: 2 },
    ]);
  });

  it.each<readonly [string, readonly (readonly [text: string, index: number] | number)[], object]>([
    [
      'another order',
      [['b', 1], 1, ['a', 0], 0],
      { values: ['b', 'a'], owners: [1, 0], first: 1, ended: [1, 0] },
    ],
    [
      'more than one result',
      [['a', 0], 0, ['b1', 1], ['b2', 1], 1],
      { values: ['a', 'b1', 'b2'], owners: [0, 1, 1], ended: [0, 1] },
    ],
    [
      'a message without results',
      [['a', 0], 0, 1, ['c', 2], 2],
      { values: ['a', 'c'], owners: [0, 2], ended: [0, 2, 1] },
    ],
    ['an end without results', [0, 1], { owners: undefined, ended: [0, 1] }],
    ['a result without an end', [['a', 0]], { values: ['a'], owners: [0], ended: [] }],
    ['an end that comes twice', [['a', 0], 0, 0], { values: ['a'], owners: undefined, ended: [] }],
  ])('says whose results are, and what is done, with %s', (_, steps, expected) => {
    const { result, finish, flushed } = make();
    for (const step of steps) {
      if (typeof step === 'number') finish(step);
      else result(...step);
    }
    expect(flushed()).toEqual([{ ...none, ...expected }]);
    expect(flushed()).toEqual([]);
  });

  it('goes on after what it sent', () => {
    const { result, finish, flushed } = make();
    result('a1', 0);
    flushed();
    result('a2', 0);
    finish(0);
    result('b', 1);
    finish(1);
    expect(flushed()).toEqual([{ ...none, values: ['a2', 'b'], owners: undefined }]);
  });

  it('says which results are beyond those of a message', () => {
    const { result, finish, flushed } = make();
    result('before all');
    result('a', 0);
    finish(0);
    result('after', 0);
    const values = ['before all', 'a', 'after'];
    expect(flushed()).toEqual([{ ...none, values, owners: [-1, 0, -1], first: -1, ended: [0] }]);
    result('later', 0);
    expect(flushed()).toEqual([{ ...none, values: ['later'], owners: [extra], first: extra }]);
  });

  it('counts results, not ends, and tells of both', () => {
    const { sheet, result, finish, flushed, filled } = make();
    result('a', 0);
    finish(0);
    finish(1);
    expect(sheet.size).toBe(1);
    expect(filled()).toBe(3);
    flushed();
    expect(sheet.size).toBe(0);
  });

  it('sends others where one cannot be cloned', () => {
    const { result, finish, flushed } = make({ refused: ['b'] });
    for (const [index, text] of ['a', 'b', 'c'].entries()) {
      result(text, index);
      finish(index);
    }
    expect(flushed()).toEqual([
      { ...none, values: ['a'], owners: [0] },
      { ...none, values: ['c'], owners: [2] },
      { ...none, ended: [0, 1, 2], buried: [[1, 'Error: cannot clone']] },
    ]);
  });

  it('sends others where one of several results cannot be cloned', () => {
    const { result, finish, flushed } = make({ refused: ['a2'] });
    for (const text of ['a1', 'a2', 'a3']) result(text, 0);
    finish(0);
    result('b', 1);
    expect(flushed()).toEqual([
      { ...none, values: ['a1'], owners: [0] },
      { ...none, values: ['a3'], owners: [0] },
      { ...none, values: ['b'], owners: [1] },
      { ...none, ended: [0], buried: [[0, 'Error: cannot clone']] },
    ]);
  });

  describe('of a message that passes', () => {
    it('takes the first value without a turn for its one and last result', () => {
      const { sheet, result, flushed, filled } = make();
      for (const number of [3, 4]) {
        sheet.pass(number);
        result(`r${String(number)}`);
      }
      expect(filled()).toBe(2);
      expect(flushed()).toEqual([{ ...none, values: ['r3', 'r4'], owners: undefined, first: 3 }]);
    });

    it('takes further ones for extra', () => {
      const { sheet, result, flushed } = make();
      sheet.pass(3);
      result('a');
      result('b');
      const first = 3;
      expect(flushed()).toEqual([
        { ...none, values: ['a', 'b'], owners: [3, extra], first, ended: [3] },
      ]);
    });

    it('knows whose a result is once it has a turn', () => {
      const { sheet, result, finish, flushed } = make();
      sheet.pass(0);
      result('a', 0);
      finish(0);
      result('b');
      expect(flushed()).toEqual([{ ...none, values: ['a', 'b'], owners: [0, extra], ended: [0] }]);
    });

    it('blames it if `transfer` throws for its result', () => {
      const { sheet, result } = make({
        transferOf: () => {
          throw new Error('no transfer');
        },
      });
      sheet.pass(5);
      expect(() => result('a')).toThrow('no transfer');
      expect(() => result('b')).toThrow('no transfer');
      expect(sheet.poison).toEqual([5]);
    });
  });

  it('hands over with the results what belongs to them', () => {
    const { result, flushed, transfers } = make({
      transferOf: (text) => [{ text }],
      refused: ['b'],
    });
    result('a', 0);
    result('x', 1);
    flushed();
    expect(transfers).toEqual([[{ text: 'a' }, { text: 'x' }]]);
    result('b', 2);
    result('c', 3);
    flushed();
    expect(transfers).toEqual([[{ text: 'c' }], []]);
  });

  it('blames the message for whose result `transfer` throws', () => {
    const { sheet, result, flushed } = make({
      transferOf: (text) => {
        if (text === 'b') throw new Error('no transfer');
        return [];
      },
    });
    result('a', 0);
    expect(() => result('b', 1)).toThrow('no transfer');
    expect(sheet.poison).toEqual([1]);
    expect(flushed()).toEqual([{ ...none, values: ['a'], owners: [0] }]);
  });

  it('remembers the messages to blame', () => {
    const { sheet, result } = make();
    result('a', 0);
    const parcel = new Parcel(7, 'm7', undefined, undefined);
    sheet.accepted(parcel);
    sheet.failed(parcel.turn as Turn);
    expect(sheet.poison).toEqual([7]);
  });

  it('does not order anything', () => {
    const { sheet } = make();
    expect(sheet.deadlineMs).toBe(Infinity);
    for (const step of ['settle', 'open', 'close', 'discard'] as const) {
      expect(sheet[step]()).toBeUndefined();
    }
  });
});
