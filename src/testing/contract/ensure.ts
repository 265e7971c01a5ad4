/** Fails a check with `problem`, for whichever test runner, unless `condition` holds. */
export function ensure(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem);
}
