/** What the shared properties draw: the same for every operator, plain JSON, so that each case can be stored. */
import * as fc from 'fast-check';
import {
  type ControlScript,
  controlScript,
  type FaultScript,
  faultScript,
  type ResponderRecord,
  responderScript,
} from 'rxjs-reliable/testing';
import { allFaults } from '../faultCases.js';

/** Options of all operators in one; each takes what it has. */
export interface SharedOptions {
  /** How many keys there are; 0: no `keyBy`. */
  readonly keys: number;
  readonly maxKeys: number;
  /** How long something is held, tolerated or waited for. */
  readonly waitMs: number;
  /** How long something lasts: a window, a bound, an interval. */
  readonly spanMs: number;
  /** How much fits: a buffer, a window, a shard. */
  readonly room: number;
  /** Chooses among policies. */
  readonly policy: number;
  readonly first: number | bigint | null;
  readonly maxJump: number;
  /** What the sender announces after a while; null: nothing. */
  readonly announced: number | bigint | null;
  readonly shards: number;
  readonly concurrency: number;
  /** How long the work on each message takes, in turn. */
  readonly workMs: readonly number[];
  /** The work on every so many messages fails; 0: on none. */
  readonly failEvery: number;
  /** How requests are answered. */
  readonly answers: readonly ResponderRecord[];
}

/** What else a property needs to have drawn. */
export interface Twist {
  /** Chooses among what there is. */
  readonly which: number;
  /** The place of something. */
  readonly at: number;
  readonly atMs: number;
  readonly byMs: number;
  readonly flag: boolean;
}

/** The arguments of every shared property. */
export type SharedCase = [
  script: FaultScript,
  control: ControlScript,
  options: SharedOptions,
  twist: Twist,
];

type Arbitraries<Args extends unknown[]> = { [I in keyof Args]: fc.Arbitrary<Args[I]> };

const upTo = (max: number): fc.Arbitrary<number> => fc.nat({ max });
const from1 = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const either = <V>(value: V, other: fc.Arbitrary<V>): fc.Arbitrary<V> =>
  fc.oneof(fc.constant(value), other);

const options = fc.record<SharedOptions>(
  {
    keys: either(0, from1(3)),
    maxKeys: either(10_000, from1(2)),
    waitMs: upTo(200),
    spanMs: upTo(300),
    room: fc.oneof(from1(6), from1(20), fc.constant(1_000)),
    policy: upTo(1_023),
    first: either<number | bigint | null>(null, upTo(3)),
    maxJump: fc.oneof({ weight: 3, arbitrary: from1(60) }, fc.constant(2_000)),
    announced: either<number | bigint | null>(null, upTo(60)),
    shards: from1(4),
    concurrency: from1(3),
    workMs: either<number[]>([0], fc.array(upTo(60), { minLength: 1, maxLength: 5 })),
    failEvery: fc.constantFrom(0, 0, 2, 5, 9),
    // What runs ahead of what was asked for opens a gap that is asked for in its turn, without end.
    answers: responderScript({
      maxDelayMs: 120,
      modes: [
        ...(['sync', 'async', 'partial', 'extra', 'stale', 'duplicate', 'endless'] as const),
        ...(['never', 'complete-empty', 'error', 'throw'] as const),
      ],
    }),
  },
  { noNullPrototype: true },
);

const twist = fc.record<Twist>(
  {
    which: upTo(65_535),
    at: fc.oneof(fc.constant(0), upTo(3), upTo(20)),
    atMs: upTo(1_500),
    byMs: from1(400),
    flag: fc.boolean(),
  },
  { noNullPrototype: true },
);

/** One arbitrary for each argument. Unbiased: long streams find more than short ones, and shrink anyway. */
export const sharedCase: Arbitraries<SharedCase> = [
  fc.noBias(faultScript({ faults: allFaults, maxDelayMs: 400, maxMessages: 24 })),
  fc.noBias(controlScript({ maxMs: 1_500 })),
  fc.noBias(options),
  fc.noBias(twist),
];
