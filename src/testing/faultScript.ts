import * as fc from 'fast-check';
import { OptionReader } from '../options.js';
import { corruptions } from './corruptions.js';
import { faultProfile } from './FaultProfile.js';
import type { FaultKind, FaultRecord } from './FaultRecord.js';
import { materialiseFaults } from './materialiseFaults.js';
import { readKinds } from './readKinds.js';
import { ShrinkingAs } from './ShrinkingAs.js';
import { withoutRuns } from './withoutRuns.js';

/** What {@link faultScript} may draw. */
export interface FaultScriptConstraints {
  /** How many messages are sent at most, 0 to 100_000. Default 60. */
  readonly maxMessages?: number | undefined;
  /** The longest delay of a message or a copy, in ms, 0 to 60_000. Default 10_000. */
  readonly maxDelayMs?: number | undefined;
  /**
   * Which kinds of trouble may occur. Default: all that any network has, that is all but `'corrupt'`, `'hostile'`,
   * `'restart'`, `'jump'`, `'wrap'` and `'skew'`.
   */
  readonly faults?: readonly FaultKind[] | undefined;
}

const ordinary: readonly FaultKind[] = [
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
];
const all: readonly FaultKind[] = [
  ...ordinary,
  'corrupt',
  'hostile',
  'restart',
  'jump',
  'wrap',
  'skew',
];

/** What every record has; the rest is left out where nothing of it happens, and in scripts that are older than it. */
const required = [
  'gapMs',
  'drop',
  'delayMs',
  'copies',
  'corrupt',
  'restart',
  'epoch',
  'jump',
] as const satisfies readonly (keyof FaultRecord)[];

/** What scripts shrink as; every field shrinks to no harm by itself, and the list to no messages. */
const plain: fc.Arbitrary<FaultRecord[]> = fc.array(
  fc.record(
    {
      gapMs: fc.maxSafeNat(),
      drop: fc.boolean(),
      delayMs: fc.maxSafeNat(),
      copies: fc.array(fc.maxSafeNat(), { size: 'max' }),
      corrupt: fc.constantFrom(...corruptions, 'throws' as const),
      restart: fc.boolean(),
      epoch: fc.boolean(),
      jump: fc.maxSafeNat(),
      modulus: fc.maxSafeNat(),
      producer: fc.maxSafeNat(),
      skewMs: fc.maxSafeInteger(),
    },
    { noNullPrototype: true, requiredKeys: [...required] },
  ),
  { size: 'max' },
);

/**
 * A fast-check arbitrary of what can befall a stream: one plain record per message sent, see {@link FaultRecord}.
 *
 * Use it to search for the trouble that breaks a pipeline; {@link arrivalsOf} says what arrives. Streams are drawn as a
 * network with some kinds of trouble, each absent half of the time, and shrink as a list of independent records: to few
 * messages and few faults. A script that failed is worth keeping, as JSON, among the `examples` of the property: it
 * stays the same when generators change, and shrinks too.
 *
 * @param constraints - {@link FaultScriptConstraints}.
 * @throws `OptionError` at once if a constraint cannot be used.
 *
 * @example
 * ```ts
 * import * as fc from 'fast-check';
 * import { arrivalsOf, faultScript } from 'rxjs-reliable/testing';
 *
 * fc.assert(
 *   fc.property(faultScript({ maxMessages: 20, faults: ['duplicate'] }), (script) => {
 *     return arrivalsOf(script).length >= script.length;
 *   }),
 * );
 * ```
 * @see Groce et al., "Swarm testing" (ISSTA 2012).
 */
export function faultScript(constraints: FaultScriptConstraints = {}): fc.Arbitrary<FaultRecord[]> {
  const reader = new OptionReader('faultScript', constraints);
  const faults = readKinds(reader, 'faults', constraints.faults, all, ordinary);
  const maxMessages = reader.count('maxMessages', 60, 0, 100_000);
  const maxDelayMs = reader.count('maxDelayMs', 10_000, 0, 60_000);
  const profile = faultProfile(maxMessages, maxDelayMs, faults);
  return new ShrinkingAs(plain, profile.map(materialiseFaults), withoutRuns);
}
