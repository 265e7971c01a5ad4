import { take } from 'rxjs';
import { OptionError } from 'rxjs-reliable';
import {
  faultyResponder,
  type ResponderMode,
  type ResponderRecord,
  VirtualClock,
} from 'rxjs-reliable/testing';
import { describe, expect, it, vi } from 'vitest';

const record = (mode: ResponderMode, changes: Partial<ResponderRecord> = {}): ResponderRecord => ({
  ...{ mode, delayMs: 0, stepMs: 0, drop: false },
  ...changes,
});
const gap = { first: 5, last: 8 };

/** Asks once; tells what was answered and when. */
function ask(script: readonly ResponderRecord[], asked: object = gap, times = 1): string[] {
  const scheduler = new VirtualClock();
  const log: string[] = [];
  const respond = faultyResponder(script, (seq) => String(seq), { scheduler });
  for (let time = 0; time < times; time += 1) {
    respond(asked as typeof gap).subscribe({
      next: (seq) => log.push(`${seq}@${scheduler.now()}`),
      error: (error: unknown) => log.push(`${(error as Error).message}@${scheduler.now()}`),
      complete: () => log.push(`end@${scheduler.now()}`),
    });
  }
  scheduler.flush();
  return log;
}

const atOnce = (...said: readonly unknown[]): string[] => said.map((one) => `${String(one)}@0`);

describe('faultyResponder', () => {
  it.each<[ResponderMode, readonly unknown[]]>([
    ['sync', [5, 6, 7, 8, 'end']],
    ['async', [5, 6, 7, 8, 'end']],
    ['partial', [5, 7, 'end']],
    ['extra', [4, 5, 6, 7, 8, 9, 'end']],
    ['wrong', [4, 9, 11, 'end']],
    ['duplicate', [5, 5, 6, 6, 7, 7, 8, 8, 'end']],
    ['endless', [5, 6, 7, 8]],
    ['never', []],
    ['complete-empty', ['end']],
    ['error', [5, 'the sender has failed']],
  ])('answers as %s', (mode, said) => {
    expect(ask([record(mode)])).toEqual(atOnce(...said));
  });

  it('answers with what was asked for before, if stale', () => {
    const respond = faultyResponder([record('stale')], Number);
    const log: number[] = [];
    respond(gap).subscribe((seq) => log.push(seq));
    respond({ first: 20, last: 21 }).subscribe((seq) => log.push(seq));
    expect(log).toEqual([5, 6, 7, 8, 5, 6, 7, 8]);
  });

  it('throws when asked', () => {
    expect(() => faultyResponder([record('throw')], Number)(gap)).toThrow('cannot be asked');
  });

  it('takes its time, but not if sync', () => {
    const slow = { delayMs: 10, stepMs: 3 };
    expect(ask([record('partial', slow)])).toEqual(['5@10', '7@13', 'end@16']);
    expect(ask([record('sync', slow)], { first: 1, last: 1 })).toEqual(atOnce(1, 'end'));
  });

  it('loses an answer, end and all', () => {
    expect(ask([record('async', { drop: true })])).toEqual([]);
  });

  it('goes through the script over and over', () => {
    const script = [record('complete-empty'), record('never'), record('partial')];
    expect(ask(script, { first: 1, last: 1 }, 4)).toEqual(atOnce('end', 1, 'end', 'end'));
    expect(ask([], { first: 1, last: 1 })).toEqual(atOnce(1, 'end'));
  });

  it('answers in bigints when asked in bigints, and never below 0', () => {
    expect(ask([record('extra')], { first: 0n, last: 1n })).toEqual(atOnce(0, 1, 2, 'end'));
  });

  it('leaves no timer when unsubscribed, and stops at once', () => {
    const scheduler = new VirtualClock();
    const respond = faultyResponder([record('async', { delayMs: 9 })], Number, { scheduler });
    const subscription = respond(gap).subscribe();
    expect(scheduler.pending).toBe(5);
    subscription.unsubscribe();
    expect(scheduler.pending).toBe(0);
    const next = vi.fn();
    faultyResponder([], Number)(gap).pipe(take(1)).subscribe(next);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('refuses bad arguments', () => {
    expect(() => faultyResponder([], 1 as never)).toThrow(OptionError);
    expect(() => faultyResponder([], Number, { scheduler: {} as never })).toThrow(OptionError);
  });
});
