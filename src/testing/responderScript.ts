import * as fc from 'fast-check';
import { OptionReader } from '../options.js';
import { readKinds } from './readKinds.js';
import { ShrinkingAs } from './ShrinkingAs.js';

/**
 * How a sender answers when it is asked for messages again.
 *
 * - `'sync'`: with all of them, at once; `'async'`: with all of them, one after another.
 * - `'partial'`: with every other one; `'extra'`: with their neighbours too; `'wrong'`: with others; `'stale'`: with those
 *   it was asked for the time before; `'duplicate'`: with each of them twice.
 * - `'endless'`: with all of them, but it never completes; `'never'`: not at all; `'complete-empty'`: it only completes.
 * - `'error'`: with the first one, then it fails; `'throw'`: it cannot even be asked.
 */
export type ResponderMode =
  | 'sync'
  | 'async'
  | 'partial'
  | 'extra'
  | 'wrong'
  | 'stale'
  | 'duplicate'
  | 'endless'
  | 'never'
  | 'complete-empty'
  | 'error'
  | 'throw';

/** How one request is answered; plain JSON. */
export interface ResponderRecord {
  /** What it is answered with. */
  readonly mode: ResponderMode;
  /** How long the answer takes, in whole ms; nothing for `'sync'`. */
  readonly delayMs: number;
  /** How far apart the messages of an answer are, in whole ms; nothing for `'sync'`. */
  readonly stepMs: number;
  /** Whether the answer is lost on the way, and its end too. */
  readonly drop: boolean;
}

/** How each request is answered, in the order of asking; then from the beginning again. */
export type ResponderScript = readonly ResponderRecord[];

/** What {@link responderScript} may draw. */
export interface ResponderScriptConstraints {
  /** After how many requests answers repeat at the latest, 0 to 1_000. Default 6. */
  readonly maxRecords?: number | undefined;
  /** The longest delay of an answer, in ms, 0 to 60_000. Default 1_000. */
  readonly maxDelayMs?: number | undefined;
  /** Which modes may occur. Default: all. */
  readonly modes?: readonly ResponderMode[] | undefined;
}

/** The harmless one first: shrinking ends there. */
const all: readonly ResponderMode[] = [
  'sync',
  'async',
  'partial',
  'extra',
  'wrong',
  'stale',
  'duplicate',
  'endless',
  'never',
  'complete-empty',
  'error',
  'throw',
];

const plain: fc.Arbitrary<ResponderRecord[]> = fc.array(
  fc.record<ResponderRecord>(
    {
      mode: fc.constantFrom(...all),
      delayMs: fc.maxSafeNat(),
      stepMs: fc.maxSafeNat(),
      drop: fc.boolean(),
    },
    { noNullPrototype: true },
  ),
  { size: 'max' },
);

/**
 * A fast-check arbitrary of a sender that answers requests in every wrong way; {@link faultyResponder} is that sender.
 *
 * Use it for `recover.request` of `sequenceGaps`, beside {@link faultScript} for the feed itself. The answers themselves
 * can be sent over a {@link lossyLink}.
 *
 * @param constraints - {@link ResponderScriptConstraints}.
 * @throws `OptionError` at once if a constraint cannot be used.
 *
 * @example
 * ```ts
 * import * as fc from 'fast-check';
 * import { responderScript } from 'rxjs-reliable/testing';
 *
 * fc.assert(
 *   fc.property(responderScript({ modes: ['async', 'never'] }), (script) => {
 *     return script.length <= 6;
 *   }),
 * );
 * ```
 */
export function responderScript(
  constraints: ResponderScriptConstraints = {},
): fc.Arbitrary<ResponderRecord[]> {
  const reader = new OptionReader('responderScript', constraints);
  const modes = readKinds(reader, 'modes', constraints.modes, all);
  if (modes.length === 0) reader.refuse('modes', 'a list of at least one mode');
  const maxLength = reader.count('maxRecords', 6, 0, 1_000);
  const maxMs = reader.count('maxDelayMs', 1_000, 0, 60_000);
  const orNone = (most: number): fc.Arbitrary<number> =>
    fc.oneof(fc.constant(0), fc.nat({ max: Math.min(maxMs, most) }));
  const drawn = fc.record<ResponderRecord>({
    mode: fc.constantFrom(...modes),
    delayMs: orNone(maxMs),
    stepMs: orNone(20),
    drop: fc.nat({ max: 9 }).map((chance) => chance === 9),
  });
  return new ShrinkingAs(plain, fc.array(drawn, { maxLength, size: 'max' }));
}
