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
    return plain.shrink(value, context);
  }
}
