function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? 0;
}

/**
 * How much greater the last three of some measurements are than the first three, by their medians; 0 if they are not.
 * What the engine does with its own code moves single ones by some 100 KiB.
 */
export function growth(measurements: readonly number[]): number {
  return Math.max(0, median(measurements.slice(-3)) - median(measurements.slice(0, 3)));
}
