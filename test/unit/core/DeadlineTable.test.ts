import { describe, expect, it } from 'vitest';
import { DeadlineTable } from '../../../src/core/DeadlineTable.js';
import { Watch } from '../../../src/core/Watch.js';
import { SeededRandom } from '../../../src/testing/SeededRandom.js';

let made = 0;
const watchOf = (sinceMs: number, limitMs: number, softMs = Infinity): Watch<string, number> =>
  new Watch<string, number>(
    'silence',
    sinceMs,
    limitMs,
    softMs,
    made,
    undefined,
    undefined,
    made++,
  );

/** Takes out all that is due. */
function takeDue(table: DeadlineTable<string, number>, nowMs: number): Watch<string, number>[] {
  const taken: Watch<string, number>[] = [];
  for (let due = table.nextDue(nowMs); due; due = table.nextDue(nowMs)) {
    table.remove(due);
    taken.push(due);
  }
  return taken;
}

describe('DeadlineTable', () => {
  it('has no deadline while it is empty', () => {
    const table = new DeadlineTable<string, number>();
    expect(table.deadlineMs).toBe(Infinity);
    expect(table.nextDue(Number.MAX_VALUE)).toBeUndefined();
  });

  it('gives out what is due in the order of time, at one instant in the order of beginning', () => {
    const table = new DeadlineTable<string, number>();
    const watches = [30, 10, 20, 10, 40].map((limitMs) => watchOf(0, limitMs));
    for (const watch of watches) table.watch(watch);
    expect(table.deadlineMs).toBe(10);
    expect(takeDue(table, 9)).toEqual([]);
    expect(takeDue(table, 30)).toEqual([1, 3, 2, 0].map((index) => watches[index]));
    expect(table.deadlineMs).toBe(40);
  });

  it('leaves what is due in its place until it is removed', () => {
    const table = new DeadlineTable<string, number>();
    const watch = watchOf(0, 10);
    table.watch(watch);
    expect(table.nextDue(10)).toBe(watch);
    expect(table.nextDue(10)).toBe(watch);
    table.remove(watch);
    expect(table.nextDue(10)).toBeUndefined();
    table.remove(watch);
    expect(table.deadlineMs).toBe(Infinity);
  });

  it('looks no later than it has to when a deadline moves back', () => {
    const table = new DeadlineTable<string, number>();
    const [moved, fixed] = [watchOf(0, 10), watchOf(0, 25)];
    table.watch(moved);
    table.watch(fixed);
    moved.sinceMs = 20;
    table.watch(moved);
    expect(table.deadlineMs).toBe(10);
    expect(table.nextDue(10)).toBeUndefined();
    expect(table.deadlineMs).toBe(25);
    expect(takeDue(table, 30)).toEqual([fixed, moved]);
  });

  it('follows a deadline that moves forward at once', () => {
    const table = new DeadlineTable<string, number>();
    const watch = watchOf(100, 100);
    table.watch(watch);
    watch.sinceMs = 0;
    table.watch(watch);
    expect(table.deadlineMs).toBe(100);
    expect(table.nextDue(100)).toBe(watch);
  });

  it('asks for nothing that is never due', () => {
    const table = new DeadlineTable<string, number>();
    const watch = watchOf(0, Infinity);
    table.watch(watch);
    expect(table.deadlineMs).toBe(Infinity);
    const soft = watchOf(0, Infinity, 5);
    table.watch(soft);
    expect(table.nextDue(5)).toBe(soft);
    soft.stage = 'warned';
    expect(table.nextDue(1e300)).toBeUndefined();
    expect(table.deadlineMs).toBe(Infinity);
  });

  it('keeps that order for very many, however they come and go', () => {
    const random = new SeededRandom(3);
    const table = new DeadlineTable<string, number>();
    const all = Array.from({ length: 300 }, () => watchOf(0, random.integer(1, 6)));
    for (const watch of all) table.watch(watch);
    const left = all.filter((watch) => {
      const goes = random.chance(0.2);
      if (goes) table.remove(watch);
      return !goes;
    });
    left.sort((one, other) => one.dueMs - other.dueMs || one.order - other.order);
    expect(takeDue(table, 6)).toEqual(left);
  });

  it('watches again what was removed', () => {
    const table = new DeadlineTable<string, number>();
    const watch = watchOf(0, 10);
    table.watch(watch);
    table.remove(watch);
    table.watch(watch);
    expect(table.nextDue(10)).toBe(watch);
  });

  it('gives out nothing that is never due, even at the end of time', () => {
    const table = new DeadlineTable<string, number>();
    table.watch(watchOf(0, Infinity));
    expect(table.nextDue(Infinity)).toBeUndefined();
  });
});
