import type { Recorded } from './Recorder.js';

/** The first difference between two logs in words; undefined if there is none. */
export function differenceOf(
  actual: readonly Recorded[],
  expected: readonly Recorded[],
  compare: { readonly times: boolean; readonly values: boolean },
): string | undefined {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index += 1) {
    const is = actual[index];
    const ought = expected[index];
    const isSame =
      is?.kind === ought?.kind &&
      (!compare.times || is?.atMs === ought?.atMs) &&
      (!compare.values || Object.is(is?.value, ought?.value));
    if (!isSame) {
      return `notification ${String(index + 1)} is ${show(is)} instead of ${show(ought)}`;
    }
  }
  return undefined;
}

function show(entry: Recorded | undefined): string {
  if (entry === undefined) return 'nothing';
  const { kind, value, atMs } = entry;
  return `${kind}${kind === 'complete' ? '' : `(${text(value)})`} at ${String(atMs)} ms`;
}

function text(value: unknown): string {
  if (value instanceof Error) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}
