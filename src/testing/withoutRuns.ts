import type { FaultRecord } from './FaultRecord.js';

/** All there is to try of a short script; of a long one, runs of half its length, a quarter … */
const shortScript = 16;

/** The script without one run of messages, while all others are sent when they were: the longest runs first. */
export function* withoutRuns(script: FaultRecord[]): Generator<FaultRecord[]> {
  const { length } = script;
  for (let run = length - 1; run > 0;) {
    for (let start = 0; start + run <= length; start += length > shortScript ? run : 1) {
      yield withoutRun(script, start, run);
    }
    run = length > shortScript ? run >> 1 : run - 1;
  }
}

function withoutRun(script: readonly FaultRecord[], start: number, run: number): FaultRecord[] {
  const removed = script.slice(start, start + run);
  const [next, ...rest] = script.slice(start + run);
  const before = script.slice(0, start);
  if (next === undefined) return before;
  const gapMs = removed.reduce((sum, one) => sum + one.gapMs, next.gapMs);
  const restart = removed.some((one) => one.restart) || next.restart;
  return [...before, { ...next, gapMs, restart }, ...rest];
}
