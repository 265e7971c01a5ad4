import { describe, expect, it } from 'vitest';
import type { FaultRecord } from '../../../src/testing/FaultRecord.js';
import { withoutRuns } from '../../../src/testing/withoutRuns.js';

const record = (gapMs: number, restart = false): FaultRecord => ({
  ...{ gapMs, drop: false, delayMs: 0, copies: [], corrupt: 'none' },
  ...{ restart, epoch: false, jump: 0 },
});

/** When each message is sent. */
const sentAt = (script: readonly FaultRecord[]): number[] => {
  let atMs = 0;
  return script.map(({ gapMs }) => (atMs += gapMs));
};

describe('withoutRuns', () => {
  it('takes out every run of a short script, the longest first', () => {
    const cuts = [...withoutRuns([record(1), record(2), record(4)])];
    expect(cuts.map(sentAt)).toEqual([[7], [1], [3, 7], [1, 7], [1, 3]]);
  });

  it('keeps a restart that was taken out', () => {
    const [cut] = withoutRuns([record(1, true), record(1)]);
    expect(cut).toEqual([{ ...record(2), restart: true }]);
  });

  it('takes halves, quarters … out of a long one', () => {
    const cuts = [...withoutRuns(Array.from({ length: 40 }, () => record(1)))];
    expect(cuts.map(({ length }) => 40 - length).slice(0, 3)).toEqual([39, 19, 19]);
    expect(cuts.length).toBeLessThan(100);
  });

  it('leaves one message alone', () => {
    expect([...withoutRuns([record(1)])]).toEqual([]);
  });
});
