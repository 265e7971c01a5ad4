/** A number from 0 to 1 that follows from `seed` and `index` alone, so that nothing has to be remembered (murmur3's last mix). */
export function fractionAt(seed: number, index: number): number {
  let mixed = (Math.imul(seed | 0, 0x9e3779b1) ^ index) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
