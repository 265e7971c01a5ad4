import * as fc from 'fast-check';
import { OptionReader } from '../options.js';

/** A shard, a partition or a connection that stands still for a while; plain JSON. */
export interface SwizzleRecord {
  /** Which one. */
  readonly shard: number;
  /** How long after the one before it it stops, in whole ms. */
  readonly gapMs: number;
  /** How long after the last one has stopped it goes on, in whole ms. */
  readonly holdMs: number;
}

/** What {@link swizzleScript} may draw. */
export interface SwizzleScriptConstraints {
  /** How many shards there are, 1 to 1_024. Default 4. */
  readonly shards?: number | undefined;
  /** The longest time between two stops, and from the last stop to a start, in ms, 0 to 2^31-1. Default 5_000. */
  readonly maxMs?: number | undefined;
}

/**
 * A fast-check arbitrary of shards that stop one after another and go on in another order ("swizzle-clog").
 *
 * Use it for whatever merges what goes different ways: {@link stoppedUntilMs} says how long something on one of them has
 * to wait.
 *
 * @param constraints - {@link SwizzleScriptConstraints}.
 * @throws `OptionError` at once if a constraint cannot be used.
 *
 * @example
 * ```ts
 * import * as fc from 'fast-check';
 * import { stoppedUntilMs, swizzleScript } from 'rxjs-reliable/testing';
 *
 * const waits = fc.property(swizzleScript({ shards: 3 }), (script) => {
 *   return stoppedUntilMs(script, 0, 100) >= 100;
 * });
 * fc.assert(waits);
 * ```
 * @see Zhou et al., "FoundationDB" (SIGMOD 2021), section 4, for what faults of this kind have found.
 */
export function swizzleScript(
  constraints: SwizzleScriptConstraints = {},
): fc.Arbitrary<SwizzleRecord[]> {
  const reader = new OptionReader('swizzleScript', constraints);
  const shards = reader.count('shards', 4, 1, 1_024);
  const ms = fc.nat({ max: reader.count('maxMs', 5_000, 0, 2 ** 31 - 1) });
  const stop = fc.record<SwizzleRecord>(
    { shard: fc.nat({ max: shards - 1 }), gapMs: ms, holdMs: ms },
    { noNullPrototype: true },
  );
  return fc.uniqueArray(stop, {
    selector: ({ shard }) => shard,
    maxLength: shards,
    size: 'max',
  });
}

/**
 * Until when something has to wait that is at a shard at `nowMs`, both in ms since the beginning; `nowMs` if the shard
 * does not stand still then.
 *
 * @param script - which shards stop, and when.
 * @param shard - which one it is at.
 * @param nowMs - when.
 *
 * @example
 * ```ts
 * import { stoppedUntilMs } from 'rxjs-reliable/testing';
 *
 * const script = [
 *   { shard: 1, gapMs: 10, holdMs: 50 },
 *   { shard: 0, gapMs: 10, holdMs: 5 },
 * ];
 * console.log([0, 1].map((shard) => stoppedUntilMs(script, shard, 20)));
 * // => [ 25, 70 ]
 * ```
 */
export function stoppedUntilMs(
  script: readonly SwizzleRecord[],
  shard: number,
  nowMs: number,
): number {
  const lastMs = script.reduce((sum, { gapMs }) => sum + gapMs, 0);
  let fromMs = 0;
  for (const record of script) {
    fromMs += record.gapMs;
    const untilMs = lastMs + record.holdMs;
    if (record.shard === shard && nowMs >= fromMs && nowMs < untilMs) return untilMs;
  }
  return nowMs;
}
