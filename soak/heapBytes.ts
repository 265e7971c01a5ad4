/** How much of the heap is in use, garbage not included (`--expose-gc` is on). */
export function heapBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
