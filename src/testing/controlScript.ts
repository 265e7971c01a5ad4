import * as fc from 'fast-check';
import { OptionReader } from '../options.js';

/** How a run ends. */
export interface ControlScript {
  /** What the source does in the end; `'none'`: it stays open. */
  readonly end: 'complete' | 'error' | 'none';
  /** When it does so, in whole ms; what would arrive later does not. */
  readonly endAtMs: number;
  /** When the consumer unsubscribes, in whole ms; null: it does not. */
  readonly unsubscribeAtMs: number | null;
  /** Whether the same operator is subscribed a second time afterwards. */
  readonly resubscribe: boolean;
}

/** What {@link controlScript} may draw. */
export interface ControlScriptConstraints {
  /** The latest time for something to happen, in ms, 0 to 2^31-1. Default 5_000. */
  readonly maxMs?: number | undefined;
}

/**
 * A fast-check arbitrary of how a run ends. It is an argument of its own beside {@link faultScript}, so that both shrink
 * on their own.
 *
 * Use it with every {@link faultScript}: a test that always completes long after the last message never sees what happens
 * to messages that are still held.
 *
 * @param constraints - {@link ControlScriptConstraints}.
 * @throws `OptionError` at once if a constraint cannot be used.
 *
 * @example
 * ```ts
 * import * as fc from 'fast-check';
 * import { controlScript, faultScript } from 'rxjs-reliable/testing';
 *
 * const run = fc.property(faultScript(), controlScript({ maxMs: 1_000 }), (script, control) => {
 *   return script.length <= 60 && control.endAtMs <= 1_000;
 * });
 * fc.assert(run);
 * ```
 */
export function controlScript(
  constraints: ControlScriptConstraints = {},
): fc.Arbitrary<ControlScript> {
  const reader = new OptionReader('controlScript', constraints);
  const atMs = fc.nat({ max: reader.count('maxMs', 5_000, 0, 2 ** 31 - 1) });
  return fc.record<ControlScript>(
    {
      end: fc.constantFrom('complete', 'error', 'none'),
      endAtMs: atMs,
      unsubscribeAtMs: fc.oneof({ withCrossShrink: true }, fc.constant(null), atMs),
      resubscribe: fc.boolean(),
    },
    { noNullPrototype: true },
  );
}
