import { StreamError } from 'rxjs-reliable';
import type { TimedEntry } from './runTimed.js';

/**
 * A log as text, one entry a line. Messages are named by their place among `messages`, so that another object with the
 * same contents is told from the right one.
 */
export function describeLog(log: readonly TimedEntry[], messages: readonly unknown[]): string[] {
  const places = new Map(messages.map((message, place) => [message, place]));
  const name = (message: unknown): string => `#${String(places.get(message) ?? '?')}`;
  const lines = log.map((entry) => `${String(entry.atMs)} ms: ${describeEntry(entry, name)}`);
  return sortDiscarded(lines);
}

function describeEntry(entry: TimedEntry, name: (message: unknown) => string): string {
  if (entry.kind === 'next') return name(entry.value);
  if (entry.kind === 'complete') return 'complete';
  if (entry.kind === 'error') return `error ${describeError(entry.error)}`;
  const event = Object.entries(entry.event as object)
    .map(([field, value]) => `${field} ${field === 'message' ? name(value) : describe(value)}`)
    .sort();
  return event.join(', ');
}

function describe(value: unknown): string {
  return typeof value === 'bigint' ? `${String(value)}n` : String(value);
}

function describeError(error: unknown): string {
  if (!StreamError.is(error)) return String(error);
  const fields = Object.entries(error as object).map(
    ([field, value]) => `${field} ${describe(value)}`,
  );
  return [String(error), ...fields.sort()].join(', ');
}

/** What an error makes an operator discard may be told in any order. */
function sortDiscarded(lines: readonly string[]): string[] {
  const isDiscarded = (line: string | undefined): boolean =>
    line?.includes('kind discarded') === true;
  const from = lines.findIndex(isDiscarded);
  if (from < 0) return [...lines];
  let to = from;
  while (isDiscarded(lines[to])) to += 1;
  return [...lines.slice(0, from), ...lines.slice(from, to).sort(), ...lines.slice(to)];
}

/** Throws, and shows both, if two logs differ. */
export function expectSameLog(actual: readonly string[], expected: readonly string[]): void {
  if (actual.length === expected.length && actual.every((line, at) => line === expected[at]))
    return;
  const at = expected.findIndex((line, index) => line !== actual[index]);
  const show = (lines: readonly string[]): string =>
    lines.map((line, index) => `  ${index === at ? '>' : ' '} ${line}`).join('\n');
  throw new Error(`The logs differ.\nexpected:\n${show(expected)}\nactual:\n${show(actual)}`);
}
