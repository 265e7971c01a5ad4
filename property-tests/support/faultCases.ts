/** Everything that can go wrong, drawn at once. */
import * as fc from 'fast-check';
import {
  clockScript,
  controlScript,
  faultScript,
  type FaultKind,
  responderScript,
  swizzleScript,
} from 'rxjs-reliable/testing';

/** Every kind of trouble after which a stream can go on. */
export const allFaults: readonly FaultKind[] = [
  'burst',
  'loss',
  'blackout',
  'tail',
  'target',
  'queue',
  'duplicate',
  'delay',
  'correlation',
  'straggler',
  'reorder',
  'clog',
  'heal',
  'corrupt',
  'restart',
  'jump',
  'wrap',
  'skew',
];

const maxDelayMs = 400;

/** A feed with every kind of trouble; in few of them numbers cannot even be read. */
const feed = fc.oneof(
  { weight: 9, arbitrary: fc.noBias(faultScript({ faults: allFaults, maxDelayMs })) },
  fc.noBias(faultScript({ faults: [...allFaults, 'hostile'], maxDelayMs })),
);

/** What the operator under test is told, plain JSON. */
export interface FaultRules {
  readonly operator: 'reorderBy' | 'sequenceGaps' | 'mergeShards';
  readonly maxBuffer: number;
  readonly overflowPolicy: 'skip' | 'drop-newest';
  readonly maxWaitMs: number;
  /** Which of the repeats the window ends at, and how many ms beside it. */
  readonly edge: number;
  readonly edgeOffMs: number;
  /** Whether a request is given up when its first answer is due. */
  readonly isAnswerOnTime: boolean;
  readonly idleMs: number;
  readonly ends: 'none' | 'completes' | 'fails';
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });
const rules = fc.record<FaultRules>(
  {
    operator: fc.constantFrom(
      ...(['reorderBy', 'reorderBy', 'reorderBy', 'sequenceGaps', 'sequenceGaps'] as const),
      'mergeShards',
    ),
    overflowPolicy: fc.constantFrom('skip', 'drop-newest'),
    maxBuffer: upTo(20, 1),
    maxWaitMs: fc.oneof({ weight: 9, arbitrary: upTo(200) }, fc.constant(2 ** 32)),
    edge: upTo(5),
    edgeOffMs: fc.constantFrom(-1, 0, 1),
    isAnswerOnTime: fc.boolean(),
    idleMs: upTo(50, 1),
    ends: fc.constantFrom('none', 'completes', 'fails'),
  },
  { noNullPrototype: true },
);

/** All of it, one arbitrary for each argument of a property. */
export const faultCase = [
  feed,
  fc.noBias(controlScript({ maxMs: 3_000, controls: ['leave', 'reentrant', 'slow', 'heal'] })),
  fc.noBias(clockScript({ maxMs: 300 })),
  fc.noBias(responderScript({ maxDelayMs: 120 })),
  fc.noBias(swizzleScript({ shards: 4, maxMs: 300 })),
  fc.noBias(rules),
] as const;
