import { describe, expect, it } from 'vitest';
import { GapBook } from '../../../src/core/GapBook.js';
import type { GapRequest } from '../../../src/core/GapRequest.js';
import { OpenGap } from '../../../src/core/OpenGap.js';

const bookOf = (maxGaps = 10): GapBook =>
  new GapBook({ split: (gap, first, last) => gap.split(first, last) }, maxGaps);

const due = (first: number, dueMs: number): OpenGap => {
  const gap = new OpenGap(first, first, 0);
  gap.dueMs = dueMs;
  return gap;
};

const request = (first: number, last: number): GapRequest => ({
  first,
  last,
  attempt: 1,
  pieces: 1,
  isLive: true,
  cancel: () => undefined,
});

describe('GapBook', () => {
  it('is empty at first', () => {
    const book = bookOf();
    expect([...book.open]).toEqual([]);
    expect(book.givenUp.has(-Infinity, Infinity)).toBe(false);
    expect(book).toMatchObject({ due: undefined, answered: undefined, request: undefined });
    expect(book).toMatchObject({ isInLine: false, isHeldUp: false });
    expect(book.isAnswered(-Infinity, Infinity)).toBe(false);
  });

  it('begins with what is right before the sequence given up, and with no answers', () => {
    const book = bookOf();
    book.rememberAnswer(1, 3);
    expect(book.begin(10, 4)).toBe(book);
    expect([5, 6, 9, 10].map((at) => book.givenUp.has(at, at))).toEqual([false, true, true, false]);
    expect(book.isAnswered(1, 3)).toBe(false);
  });

  it('has the gap first that is due first, of those that are due at once the lowest', () => {
    const book = bookOf();
    const gaps = [due(7, 5), due(3, 9), due(5, 5)];
    for (const gap of gaps) book.place(gap);
    const firsts: number[] = [];
    for (let gap = book.due?.top; gap !== undefined; gap = book.due?.top) {
      firsts.push(gap.first);
      gap.dueMs = Infinity;
      book.place(gap);
    }
    expect(firsts).toEqual([5, 7, 3]);
  });

  it('makes no heap for a gap that is never due', () => {
    const book = bookOf();
    book.place(due(1, Infinity));
    expect(book.due).toBeUndefined();
  });

  it.each([
    [4, 4, false],
    [4, 5, true],
    [6, 6, true],
    [7, 9, true],
    [8, 9, false],
  ])('knows whether %i to %i are asked for', (first, last, expected) => {
    const book = bookOf();
    expect(book.isAskedFor(first, last)).toBe(false);
    book.request = request(5, 7);
    expect(book.isAskedFor(first, last)).toBe(expected);
    expect(book.isAnswered(first, last)).toBe(expected);
  });

  it('remembers the latest answers', () => {
    const book = bookOf(2);
    for (const at of [1, 3, 5]) book.rememberAnswer(at, at);
    expect([1, 2, 3, 5].map((at) => book.isAnswered(at, at))).toEqual([false, false, true, true]);
    expect(book.isAskedFor(3, 3)).toBe(false);
  });

  it('gives up no more than so many runs', () => {
    const book = bookOf(1);
    book.givenUp.add(1, 1);
    book.givenUp.add(3, 3);
    expect([1, 3].map((at) => book.givenUp.has(at, at))).toEqual([false, true]);
  });

  it('has a gap cut in two by who made it', () => {
    const book = bookOf();
    book.open.append(new OpenGap(1, 9, 7));
    book.open.cut(4, 5);
    expect([...book.open].map(({ first, last, noticedMs }) => [first, last, noticedMs])).toEqual([
      [1, 3, 7],
      [6, 9, 7],
    ]);
  });
});
