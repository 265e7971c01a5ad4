import { describe, expect, it } from 'vitest';
import type { DedupeWithinEvent } from '../../../src/core/DedupeEvent.js';
import { type DedupeLatePolicy, DedupeWindow } from '../../../src/core/DedupeWindow.js';
import { noTime } from '../../../src/core/noTime.js';
import { LateMessageError } from '../../../src/errors.js';
import { Sink } from '../../support/Sink.js';

/** Finds everything a repeat or late, as it is told. */
class Judge extends DedupeWindow<string, number> {
  policy: DedupeLatePolicy | undefined;
  times: [first?: number, now?: number] = [];

  protected judge(message: string): void {
    if (this.policy === undefined) this.repeat(message, 7, ...this.times);
    else this.late(message, 7, 3, this.policy);
  }
}

function make(repeatPolicy: 'drop' | 'pass' = 'drop', isReporting = true) {
  const sink = new Sink<string, DedupeWithinEvent<string, number>>();
  return { sink, judge: new Judge(repeatPolicy, sink, isReporting ? sink.report : undefined) };
}

describe('DedupeWindow', () => {
  it.each(['drop', 'pass'] as const)('treats repeats by its policy (%s)', (policy) => {
    const { sink, judge } = make(policy);
    judge.push('m', noTime);
    const passed = policy === 'pass';
    expect(sink.log).toEqual([
      { kind: 'duplicate', message: 'm', key: 7, first: undefined, ageMs: undefined, passed },
      ...(passed ? ['m'] : []),
    ]);
  });

  it('tells the age where both times are known', () => {
    const { sink, judge } = make();
    judge.times = [2, 7];
    judge.push('m', noTime);
    judge.times = [3];
    judge.push('m', noTime);
    expect(sink.events).toMatchObject([
      { first: 2, ageMs: 5 },
      { first: 3, ageMs: undefined },
    ]);
  });

  it.each(['drop', 'emit'] as const)('treats late messages by their policy (%s)', (policy) => {
    const { sink, judge } = make();
    judge.policy = policy;
    judge.push('m', noTime);
    const passed = policy === 'emit';
    expect(sink.log).toEqual([
      { kind: 'late', message: 'm', key: 7, behind: 3, passed },
      ...(passed ? ['m'] : []),
    ]);
  });

  it('fails for a late message with that policy', () => {
    const { sink, judge } = make();
    judge.policy = 'error';
    expect(() => {
      judge.push('m', noTime);
    }).toThrow(new LateMessageError('dedupeWithin', 3));
    expect(sink.log).toMatchObject([{ kind: 'late', message: 'm', passed: false }]);
  });

  it('holds nothing and is never due', () => {
    const { sink, judge } = make('pass', false);
    expect(judge.push('m', noTime)).toBe(true);
    judge.policy = 'emit';
    judge.push('n', noTime);
    judge.settle();
    judge.end();
    judge.discard();
    expect(judge.deadlineMs).toBe(Infinity);
    expect(sink.log).toEqual(['m', 'n']);
  });
});
