import { seededRandom } from './random.js';
import type { Settings } from './settings.js';

type Faults = Pick<Settings, 'loss' | 'burst' | 'repeat' | 'jitterMs' | 'seed'>;

/** What becomes of one datagram: the delay of each copy that leaves the relay; none if it is lost. */
export type Fate = readonly number[];

/** Decides the fate of one datagram after the other; `stream` tells several dice of one seed apart. */
export function fateDice(faults: Faults, stream: number): () => Fate {
  const random = seededRandom(faults.seed + stream * 0x9e3779b9);
  const isLost = lossDice(faults, random);
  const delay = (): number => Math.floor(random() * (faults.jitterMs + 1));
  return () => {
    // All dice are thrown for each datagram: then one kind of fault does not shift the others.
    const lost = isLost();
    const repeated = random() < faults.repeat;
    const delays = [delay(), delay()];
    if (lost) return [];
    return repeated ? delays : delays.slice(0, 1);
  };
}

/** Independent losses or, with `burst`, Gilbert's two states: all get through, or none, `burst` in a row on average. */
function lossDice({ loss, burst }: Faults, random: () => number): () => boolean {
  if (burst <= 1) return () => random() < loss;
  const end = 1 / burst;
  const start = (loss * end) / (1 - loss);
  let losing = false;
  return () => {
    losing = random() < (losing ? 1 - end : start);
    return losing;
  };
}
