/**
 * Whether to take out the entries before index `head`, which are gone, of a list of `length`: so seldom that it costs
 * O(1) for each of them, and so often that they never are more than half of it, or 64.
 */
export function isCleanUpDue(head: number, length: number): boolean {
  return head > 0 && (head === length || (head > 64 && head * 2 > length));
}
