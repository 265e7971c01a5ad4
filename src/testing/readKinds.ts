import type { OptionReader } from '../options.js';

/** Reads an option that is a list of some of a few words; default: `fallback`. */
export function readKinds<K extends string>(
  reader: OptionReader,
  option: string,
  value: unknown,
  kinds: readonly K[],
  fallback: readonly K[] = kinds,
): readonly K[] {
  if (value === undefined) return fallback;
  if (isListOf(kinds, value)) return value;
  return reader.refuse(option, `a list of ${kinds.map((kind) => `'${kind}'`).join(', ')}`);
}

function isListOf<K extends string>(kinds: readonly K[], value: unknown): value is readonly K[] {
  return Array.isArray(value) && value.every((one) => kinds.includes(one as K));
}
