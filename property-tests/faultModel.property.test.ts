/** That the fault model comes through every corner worth testing, so that the other tests do not blind themselves. */
import { arrivalsOf, healFaults } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { checkerOf } from './support/check.js';
import { faultCase } from './support/faultCases.js';
import { clockCorners, type Corner, streamCorners, windowCorners } from './support/faultCorners.js';
import { type FaultCase, runGaps, runReorder } from './support/faultRuns.js';
import { runShards } from './support/faultShards.js';

const { check } = checkerOf('faultModel');
const cases = 20_000;

const runs = { reorderBy: runReorder, sequenceGaps: runGaps, mergeShards: runShards };

function cornersOf(drawn: FaultCase): Corner[] {
  const { arrivals, clockFaults, rules, script } = drawn;
  return [
    ...streamCorners(script, arrivals, rules),
    ...windowCorners(arrivals, rules),
    ...clockCorners(clockFaults),
    ...runs[rules.operator](drawn),
  ];
}

describe('the fault model', () => {
  it('comes through every corner in one of 200 cases at least', () => {
    const counts = new Map<string, number>();
    let total = 0;
    check(
      'obligations',
      cases,
      [...faultCase],
      (records, control, clockFaults, responder, swizzle, rules) => {
        const healAt = Math.floor((records.length * (control.healPercent ?? 100)) / 100);
        const script = healFaults(records, healAt);
        const arrivals = arrivalsOf(script);
        const drawn = { script, arrivals, control, clockFaults, responder, swizzle, rules };
        for (const [name, isMet] of cornersOf(drawn)) {
          counts.set(name, (counts.get(name) ?? 0) + (isMet ? 1 : 0));
        }
        total += 1;
      },
    );
    const shares = [...counts].sort(([, one], [, other]) => one - other);
    const lines = shares.map(([name, n]) => `${((100 * n) / total).toFixed(2)} % ${name}`);
    console.log(`${String(lines.length)} corners in ${String(total)} cases:\n${lines.join('\n')}`);
    const rare = shares.filter(([, n]) => n * 200 < total);
    expect(rare).toEqual([]);
    expect(counts.size).toBeGreaterThanOrEqual(60);
  });
});
