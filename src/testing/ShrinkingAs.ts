import * as fc from 'fast-check';

/**
 * Draws from one arbitrary, but shrinks as if what came of it were drawn from another, plain one: a profile that is played
 * through finds bugs that independent records do not, a plain list of records ends with a few of them where a profile
 * would end with dozens.
 */
export class ShrinkingAs<T> extends fc.Arbitrary<T> {
  constructor(
    private readonly plain: fc.Arbitrary<T>,
    private readonly drawn: fc.Arbitrary<T>,
    /** What else may be smaller. */
    private readonly cuts: (value: T) => IterableIterator<T> = () => [].values(),
  ) {
    super();
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<T> {
    return new fc.Value(this.drawn.generate(random, biasFactor).value, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is T {
    return this.plain.canShrinkWithoutContext(value);
  }

  override shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    const further = fc.stream(this.cuts(value)).map((cut) => new fc.Value(cut, undefined));
    const plain = this.plain.shrink(value, context);
    // What was just drawn or cut is first cut further: most of it does not matter.
    return context === undefined ? further.join(plain) : plain.join(further);
  }
}
