import * as fc from 'fast-check';
import type { Delay } from './Delay.js';
import type { FaultKind } from './FaultRecord.js';

/** What kind of trouble a stream is in; drawn first, and made into one record per message afterwards. */
export interface FaultProfile {
  readonly seed: number;
  readonly messages: number;
  readonly spacing: Delay;
  readonly burst: { readonly size: number; readonly silenceMs: number } | undefined;
  readonly loss: { readonly percent: number; readonly meanBurst: number } | undefined;
  readonly blackout: { readonly startPercent: number; readonly lengthMs: number } | undefined;
  readonly tail: number | undefined;
  readonly duplicate:
    { readonly percent: number; readonly copies: number; readonly delay: Delay } | undefined;
  readonly delay: Delay | undefined;
  readonly straggler: { readonly atPercent: number; readonly delayMs: number } | undefined;
  readonly corrupt: number | undefined;
  readonly restart: { readonly atPercent: number; readonly epoch: boolean } | undefined;
  readonly jump: { readonly atPercent: number; readonly by: number } | undefined;
}

const percent = (most = 100): fc.Arbitrary<number> => fc.integer({ min: 1, max: most });
const place = fc.integer({ min: 0, max: 99 });

function delayUpTo(maxMs: number): fc.Arbitrary<Delay> {
  const ms = fc.integer({ min: 0, max: Math.min(200, maxMs) });
  const kind = fc.constantFrom('constant', 'uniform', 'exponential', 'normal', 'pareto');
  return fc
    .record({ kind, ms, shape: fc.constantFrom(1.5, 2, 3) })
    .map(({ kind, ms, shape }): Delay => {
      if (kind === 'uniform') return { kind, minMs: 0, maxMs: ms };
      if (kind === 'exponential') return { kind, meanMs: ms, maxMs };
      if (kind === 'normal') return { kind, meanMs: ms, deviationMs: ms / 2, maxMs };
      if (kind === 'pareto') return { kind, minMs: ms / 4, shape, maxMs };
      return ms;
    });
}

/** Draws profiles. Each kind of trouble is absent half of the time, so that rare combinations come up (swarm testing). */
export function faultProfile(
  messages: number,
  maxDelayMs: number,
  faults: readonly FaultKind[],
): fc.Arbitrary<FaultProfile> {
  const sometimes = <V>(
    kind: FaultKind,
    arbitrary: fc.Arbitrary<V>,
  ): fc.Arbitrary<V | undefined> =>
    faults.includes(kind) ? fc.oneof(fc.constant(undefined), arbitrary) : fc.constant(undefined);
  const delay = delayUpTo(maxDelayMs);
  const longest = fc.integer({ min: 0, max: maxDelayMs });
  return fc.record({
    seed: fc.nat(),
    messages: fc.nat({ max: messages }),
    spacing: delayUpTo(50),
    burst: sometimes(
      'burst',
      fc.record({ size: percent(20), silenceMs: fc.integer({ min: 0, max: 5_000 }) }),
    ),
    loss: sometimes('loss', fc.record({ percent: percent(30), meanBurst: percent(50) })),
    blackout: sometimes(
      'blackout',
      fc.record({ startPercent: place, lengthMs: fc.integer({ min: 1, max: 10_000 }) }),
    ),
    tail: sometimes('tail', percent(10)),
    duplicate: sometimes(
      'duplicate',
      fc.record({ percent: percent(50), copies: percent(3), delay }),
    ),
    delay: sometimes('delay', delay),
    straggler: sometimes('straggler', fc.record({ atPercent: place, delayMs: longest })),
    corrupt: sometimes('corrupt', percent(20)),
    restart: sometimes('restart', fc.record({ atPercent: place, epoch: fc.boolean() })),
    jump: sometimes(
      'jump',
      fc.record({
        atPercent: place,
        by: fc.constantFrom(1, 2, 20, 1_024, 65_536, 2 ** 31, 2 ** 52),
      }),
    ),
  });
}
