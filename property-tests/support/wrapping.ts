import type { SequenceNumber } from 'rxjs-reliable';

/**
 * Where a number lies if those that wrap are unrolled: as near as can be to `reference`; undefined if two places are
 * equally near.
 */
export function unroll(
  value: bigint,
  modulus: SequenceNumber | undefined,
  reference: bigint | undefined,
): bigint | undefined {
  if (modulus === undefined || reference === undefined) return value;
  const step = BigInt(modulus);
  const turns = (reference - value) / step;
  const [best, second] = [-1n, 0n, 1n]
    .map((more) => value + (turns + more) * step)
    .map((place) => ({ place, far: place > reference ? place - reference : reference - place }))
    .sort((one, other) => (one.far < other.far ? -1 : 1));
  return best?.far === second?.far ? undefined : best?.place;
}

/** The number that is written at `place`. */
export function rollUp(place: bigint, modulus: SequenceNumber | undefined): bigint {
  if (modulus === undefined) return place;
  const step = BigInt(modulus);
  return ((place % step) + step) % step;
}
