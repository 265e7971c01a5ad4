import { seededRandom } from './random.js';
import type { Settings } from './settings.js';

const slowShare = 0.01;
const slowMs = 40;
const quickMs = 2;
/** Messages per second that a shard can take with work on each of them, and time to spare. */
const maxRatePerShard = 400;

/** How long the work on each message takes, in ms: next to nothing, but now and then one keeps its shard busy. */
export function workTime({
  seed,
  shards,
  ratePerSecond,
}: Pick<Settings, 'seed' | 'shards' | 'ratePerSecond'>): (seq: number) => number {
  const busyShare = Math.min(1, (maxRatePerShard * shards) / ratePerSecond);
  return (seq) => {
    // Of each number by itself: what a message costs does not depend on who works on it, and when.
    const random = seededRandom(seed ^ Math.imul(seq, 0x9e3779b9));
    if (random() >= busyShare) return 0;
    return random() < slowShare ? slowMs : Math.floor(random() * (quickMs + 1));
  };
}
