import { Subject, tap } from 'rxjs';
import { slaTimeout } from 'rxjs-reliable';
import { VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { guarantees, objective } from '../../../../examples/demo/guarantees.js';
import type { Message } from '../../../../examples/demo/message.js';
import { SlaTally } from '../../../../examples/demo/slaTally.js';
import { messageOf } from './messageOf.js';

/** What is said when messages arrive then, each after such a time. */
function tallyOf(...arrivals: readonly (readonly [atMs: number, latencyMs: number])[]): SlaTally {
  const scheduler = new VirtualClock();
  const messages$ = new Subject<Message>();
  const tally = new SlaTally();
  const limits = guarantees({ breachMs: 250, ratePerSecond: 1_000 });
  messages$
    .pipe(
      slaTimeout(limits, { softMs: 0.8, objective, onEvent: tally.onEvent, scheduler }),
      tap(tally.countMessage),
    )
    .subscribe();
  for (const [atMs, latencyMs] of arrivals) {
    scheduler.advanceTo(atMs);
    messages$.next({ ...messageOf(1), sentAtMs: atMs - latencyMs });
  }
  messages$.complete();
  expect(scheduler.pending).toBe(0);
  return tally;
}

describe('SlaTally', () => {
  it('has nothing to tell where all is in time', () => {
    const tally = tallyOf([5, 5], [10, 199], [15, 5]);
    expect(tally).toMatchObject({ breaches: 0, warnings: 0, recovered: 0, objectivesMissed: 0 });
    expect(tally.report).toEqual({
      limits: [
        { limit: 'silence', breaches: 0, worstMs: 0 },
        { limit: 'response', breaches: 0, worstMs: 0 },
      ],
      inTime: 1,
      isObjectiveMet: true,
    });
  });

  it('counts slow messages', () => {
    const tally = tallyOf([5, 5], [10, 250], [15, 300], [20, 200]);
    expect(tally).toMatchObject({ breaches: 2, warnings: 1, recovered: 0, objectivesMissed: 1 });
    expect(tally.report.limits[1]).toEqual({ limit: 'response', breaches: 2, worstMs: 300 });
    expect(tally.report).toMatchObject({ inTime: 0.5, isObjectiveMet: false });
  });

  it('knows how long a silence was, once it is over', () => {
    const tally = tallyOf([5, 5], [1_005, 5], [1_500, 5]);
    expect(tally).toMatchObject({ breaches: 2, warnings: 2, recovered: 2 });
    expect(tally.report.limits[0]).toEqual({ limit: 'silence', breaches: 2, worstMs: 1_000 });
    expect(tally.report.inTime).toBe(1);
  });

  it('notices when nothing comes at first', () => {
    const { limits } = tallyOf([6_000, 5]).report;
    expect(limits[2]).toEqual({ limit: 'first', breaches: 1, worstMs: 6_000 });
  });

  it('has nothing to complain of without messages', () => {
    expect(tallyOf().report.inTime).toBe(1);
  });
});
