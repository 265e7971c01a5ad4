/** The greatest time that is not expected any more once `greatest` was seen: one less than the edge, in whole ms. */
export function watermarkOf(greatest: number, boundMs: number): number {
  const edge = greatest - boundMs;
  // Beyond 2^53 there is nothing one less: what is next below is.
  return Math.abs(edge) < 2 ** 53 ? edge - 1 : nextBelow(edge);
}

function nextBelow(value: number): number {
  if (!Number.isFinite(value)) return value;
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  return new Float64Array(bits.map((word) => (value > 0 ? word - 1n : word + 1n)).buffer)[0] ?? NaN;
}
