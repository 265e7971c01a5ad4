import type { TimedRun } from '../runTimed.js';

/** The run, and the one of the second subscription if there was one. */
export function* eachRun<T>(run: TimedRun<T>): Generator<TimedRun<T>> {
  for (let one: TimedRun<T> | undefined = run; one !== undefined; one = one.again) yield one;
}
