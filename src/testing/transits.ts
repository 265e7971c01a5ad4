import type { ClogProfile, QueueProfile, ReorderProfile } from './FaultProfile.js';
import type { SeededRandom } from './SeededRandom.js';

/** One message on its way; times in whole ms. */
export interface Transit {
  readonly sentMs: number;
  readonly delayMs: number;
  readonly isLost: boolean;
}

/** Disturbs the order of arrival, with no more delay than that takes; the delays there were come on top. */
export function displaced(
  transits: readonly Transit[],
  { way, size }: ReorderProfile,
  random: SeededRandom,
): Transit[] {
  // Every size-th message has no delay at all, and the others one that lets it overtake them.
  if (way === 'jump') {
    const isFirst = (index: number): boolean => index % size === size - 1;
    return transits.map((one, index) => ({
      ...one,
      delayMs: isFirst(index) ? 0 : one.delayMs + 10 * size,
    }));
  }
  const delaysMs = delaysOf(transits, orderOf(transits.length, way, size, random));
  return transits.map((one, index) => ({
    ...one,
    delayMs: one.delayMs + (delaysMs[index] ?? 0),
  }));
}

/** Which message arrives first, second, … */
function orderOf(
  count: number,
  way: ReorderProfile['way'],
  size: number,
  random: SeededRandom,
): number[] {
  const places = Array.from({ length: count }, (_, index) => {
    if (way === 'displace') return index + random.integer(0, size);
    const [at, length] = way === 'swap' ? [index % size, 2] : [index % size, size];
    const block = index - at;
    return at < length ? block + length - 1 - at : index;
  });
  // Of two in one place the later comes first, or none would be displaced as far as it may be.
  return [...places.keys()].sort(
    (one, other) => (places[one] ?? 0) - (places[other] ?? 0) || other - one,
  );
}

/** The least delays with which messages arrive in this order. */
function delaysOf(transits: readonly Transit[], order: readonly number[]): number[] {
  const delaysMs: number[] = [];
  let lastMs = 0;
  for (const [place, index] of order.entries()) {
    const before = order[place - 1] ?? -1;
    const sentMs = transits[index]?.sentMs ?? 0;
    // At one instant the order of sending remains, so what overtakes needs a millisecond of its own.
    lastMs = Math.max(sentMs, lastMs + (index < before ? 1 : 0));
    delaysMs[index] = lastMs - sentMs;
  }
  return delaysMs;
}

/** Now and then nothing that is sent comes through for a while; then all of it in order, `spacingMs` apart. */
export function clogged(
  transits: readonly Transit[],
  { percent, meanMs, spacingMs }: ClogProfile,
  random: SeededRandom,
): Transit[] {
  let untilMs = -1;
  let freeMs = -1;
  return transits.map((one) => {
    const { delayMs, sentMs } = one;
    const clogs = random.chance(percent / 100);
    const lengthMs = Math.round(meanMs * random.exponential());
    if (sentMs >= untilMs && clogs) {
      untilMs = sentMs + lengthMs;
      freeMs = Math.max(freeMs, untilMs);
    }
    if (sentMs >= freeMs) return one;
    const atMs = Math.max(sentMs + delayMs, freeMs);
    freeMs += spacingMs;
    return { ...one, delayMs: atMs - sentMs };
  });
}

/** Only `capacity` messages can be in flight: another one takes the place of one of them, or is lost. */
export function queued(
  transits: readonly Transit[],
  { capacity, isRandom }: QueueProfile,
  random: SeededRandom,
): Transit[] {
  const lost = new Set<number>();
  let inFlight: number[] = [];
  for (const [index, { isLost, sentMs }] of transits.entries()) {
    const isUnderWay = (other: number): boolean => {
      const transit = transits[other];
      return transit !== undefined && transit.sentMs + transit.delayMs > sentMs;
    };
    inFlight = inFlight.filter(isUnderWay);
    if (isLost) continue;
    inFlight.push(index);
    if (inFlight.length <= capacity) continue;
    const victim = isRandom ? random.integer(0, capacity) : capacity;
    for (const gone of inFlight.splice(victim, 1)) lost.add(gone);
  }
  return transits.map((one, index) => (lost.has(index) ? { ...one, isLost: true } : one));
}
