import * as fc from 'fast-check';
import { corruptions } from './corruptions.js';
import type { FaultProfile } from './FaultProfile.js';
import type { FaultRecord } from './FaultRecord.js';
import { materialiseFaults } from './materialiseFaults.js';

/** What scripts shrink as; every field shrinks to no harm by itself, and the list to no messages. */
const plain: fc.Arbitrary<FaultRecord[]> = fc.array(
  fc.record<FaultRecord>(
    {
      gapMs: fc.maxSafeNat(),
      drop: fc.boolean(),
      delayMs: fc.maxSafeNat(),
      copies: fc.array(fc.maxSafeNat(), { size: 'max' }),
      corrupt: fc.constantFrom(...corruptions),
      restart: fc.boolean(),
      epoch: fc.boolean(),
      jump: fc.maxSafeNat(),
    },
    { noNullPrototype: true },
  ),
  { size: 'max' },
);

/**
 * Draws a profile and plays it through, but shrinks as the plain list of records that came of it: the first finds bugs
 * that independent records do not, the second ends with a few messages where a profile would end with dozens.
 */
export class FaultScriptArbitrary extends fc.Arbitrary<FaultRecord[]> {
  constructor(private readonly profile: fc.Arbitrary<FaultProfile>) {
    super();
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<FaultRecord[]> {
    const { value } = this.profile.generate(random, biasFactor);
    return new fc.Value(materialiseFaults(value), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is FaultRecord[] {
    return plain.canShrinkWithoutContext(value);
  }

  override shrink(value: FaultRecord[], context: unknown): fc.Stream<fc.Value<FaultRecord[]>> {
    const further = fc.stream(withoutRuns(value));
    // What was just drawn or cut is first cut further: most messages do not matter.
    return context === undefined
      ? further.join(plain.shrink(value, context))
      : plain.shrink(value, context).join(further);
  }
}

/** Runs up to this length are tried anywhere, longer ones side by side only. */
const shortRun = 16;

/** The script without one run of messages, while all others are sent when they were: the longest runs first. */
function* withoutRuns(script: readonly FaultRecord[]): Generator<fc.Value<FaultRecord[]>> {
  const { length } = script;
  for (let run = length - 1; run > 0; run = run > 2 * shortRun ? run >> 1 : run - 1) {
    const step = run > shortRun ? run : 1;
    for (let start = 0; start + run <= length; start += step) {
      yield new fc.Value(withoutRun(script, start, run), undefined);
    }
  }
}

function withoutRun(script: readonly FaultRecord[], start: number, run: number): FaultRecord[] {
  const removed = script.slice(start, start + run);
  const [next, ...rest] = script.slice(start + run);
  const before = script.slice(0, start);
  if (next === undefined) return before;
  const gapMs = removed.reduce((sum, one) => sum + one.gapMs, next.gapMs);
  const restart = removed.some((one) => one.restart) || next.restart;
  return [...before, { ...next, gapMs, restart }, ...rest];
}
