/** lossyLink beside netem, the bad network of the Linux kernel, over UDP in a network of its own. Skips where that cannot be had. */
import { Subject } from 'rxjs';
import { type LinkFaults, lossyLink, VirtualClock } from 'rxjs-reliable/testing';
import { describe, expect, it } from 'vitest';
import { type Arrival, hasNamespaces, hasNetem, sendOverNetem } from '../../support/netem.js';

/** What can be said of arrivals. */
interface Figures {
  readonly lostShare: number;
  readonly meanBurst: number;
  readonly repeatedShare: number;
  /** Of those that arrived, behind a greater number. */
  readonly overtakenShare: number;
  readonly meanDelayMs: number;
}

function figuresOf(arrivals: readonly Arrival[], count: number): Figures {
  const copies = new Uint8Array(count);
  let high = -1;
  let overtaken = 0;
  let delayMs = 0;
  for (const [seq, tookMs] of arrivals) {
    copies[seq] = (copies[seq] ?? 0) + 1;
    if (seq < high) overtaken += 1;
    high = Math.max(high, seq);
    delayMs += tookMs;
  }
  const lost = copies.filter((number) => number === 0).length;
  const bursts = copies.filter((number, seq) => number === 0 && copies[seq - 1] !== 0).length;
  return {
    lostShare: lost / count,
    meanBurst: bursts === 0 ? 0 : lost / bursts,
    repeatedShare: copies.filter((number) => number > 1).length / (count - lost),
    overtakenShare: overtaken / arrivals.length,
    meanDelayMs: delayMs / arrivals.length,
  };
}

/** The same over our link, on a virtual clock. */
function sendOverLink(faults: LinkFaults, count: number, rate: number): readonly Arrival[] {
  const clock = new VirtualClock({ maxActions: 10_000_000 });
  const source = new Subject<{ seq: number; sentMs: number }>();
  const arrivals: Arrival[] = [];
  source.pipe(lossyLink(faults, { seed: 1, scheduler: clock })).subscribe(({ seq, sentMs }) => {
    arrivals.push([seq, clock.now() - sentMs]);
  });
  for (let seq = 0; seq < count; seq += 1) {
    clock.advanceTo(seq / rate);
    source.next({ seq, sentMs: clock.now() });
  }
  source.complete();
  clock.flush();
  return arrivals;
}

/** What tc calls it, what we call it, and how many are sent each millisecond. */
const troubles: readonly (readonly [trouble: string, faults: LinkFaults, rate: number])[] = [
  ['loss 10%', { loss: 0.1 }, 20],
  ['loss gemodel 5% 25%', { loss: { ratio: 1 / 6, meanBurst: 4 } }, 20],
  ['duplicate 5%', { duplicate: 0.05 }, 20],
  ['delay 20ms 10ms', { delay: { kind: 'uniform', minMs: 10, maxMs: 30 } }, 2],
  ['delay 10ms reorder 25%', { delay: 10, reorder: 0.25 }, 2],
];

if (!hasNamespaces) console.log('lossyLink beside netem: skipped, no network namespaces here');
else if (!hasNetem) console.log('lossyLink beside netem: skipped, this kernel has no netem');

describe.runIf(hasNamespaces)('a network of our own', () => {
  it('loses, repeats and reorders nothing by itself', async () => {
    const arrivals = await sendOverNetem('', 1_000, 10);
    expect(arrivals.map(([seq]) => seq)).toEqual([...Array(1_000).keys()]);
  });
});

describe.runIf(hasNetem)('lossyLink', () => {
  it.each(troubles)('has the statistics of netem: %s', async (trouble, faults, rate) => {
    const count = 10_000;
    const ours = figuresOf(sendOverLink(faults, count, rate), count);
    const kernels = figuresOf(await sendOverNetem(trouble, count, rate), count);
    const near = (share: number): number => 12 * Math.sqrt(Math.max(share, 0.001) / count);
    for (const figure of ['lostShare', 'repeatedShare'] as const) {
      expect(Math.abs(ours[figure] - kernels[figure]), figure).toBeLessThan(near(ours[figure]));
    }
    expect(kernels.meanBurst).toBeCloseTo(ours.meanBurst, 0);
    // Real time is not as even as ours: a fifth of it, and 3 ms.
    expect(Math.abs(ours.overtakenShare - kernels.overtakenShare)).toBeLessThan(0.2);
    expect(Math.abs(ours.meanDelayMs - kernels.meanDelayMs)).toBeLessThan(3);
  });
});
