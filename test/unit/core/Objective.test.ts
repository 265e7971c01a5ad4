import { describe, expect, it } from 'vitest';
import { Objective } from '../../../src/core/Objective.js';
import { Sink } from '../../support/Sink.js';

function objectiveOf(ratio: number): [Objective<string, undefined>, Sink<string>] {
  const sink = new Sink<string>();
  return [new Objective(ratio, 600, sink.report), sink];
}

describe('Objective', () => {
  it('is met to begin with, and says nothing of it', () => {
    const [objective, sink] = objectiveOf(0.9);
    expect(objective.deadlineMs).toBe(Infinity);
    for (let kept = 0; kept < 10; kept += 1) objective.judge(true, kept);
    expect(sink.events).toEqual([]);
  });

  it('is met at exactly its ratio', () => {
    const [objective, sink] = objectiveOf(0.9);
    for (let kept = 0; kept < 9; kept += 1) objective.judge(true, 0);
    objective.judge(false, 0);
    expect(sink.events).toEqual([]);
    objective.judge(false, 0);
    expect(sink.events).toMatchObject([{ kind: 'objective-missed', ratio: 9 / 11 }]);
    const [missed] = sink.events as [{ burnRate: number }];
    expect(missed.burnRate).toBeCloseTo(2 / 11 / 0.1);
  });

  it('tells how many times too fast the budget burns', () => {
    const [objective, sink] = objectiveOf(0.75);
    for (const isKept of [false, false]) objective.judge(isKept, 0);
    expect(sink.drainEvents()).toEqual([
      { kind: 'objective-missed', key: undefined, ratio: 0, burnRate: 4 },
    ]);
    objective.slide(600);
    expect(sink.events).toEqual([{ kind: 'objective-met', key: undefined, ratio: 1, burnRate: 0 }]);
  });

  it('burns without end where nothing may be broken', () => {
    const [objective, sink] = objectiveOf(1);
    objective.judge(true, 0);
    objective.judge(false, 0);
    expect(sink.drainEvents()).toMatchObject([{ ratio: 0.5, burnRate: Infinity }]);
    objective.slide(1_000);
    expect(sink.events).toMatchObject([{ kind: 'objective-met', burnRate: 0 }]);
  });

  it('wants to slide while it remembers anything', () => {
    const [objective] = objectiveOf(0.9);
    objective.judge(true, 25);
    expect(objective.deadlineMs).toBe(30);
    objective.slide(30);
    expect(objective.deadlineMs).toBe(40);
    objective.slide(10_000);
    expect(objective.deadlineMs).toBe(Infinity);
  });

  it('needs nobody to listen', () => {
    const objective = new Objective<string, undefined>(0.9, 600, undefined);
    objective.judge(false, 0);
    objective.slide(600);
    expect(objective.deadlineMs).toBe(Infinity);
  });
});
