import * as fc from 'fast-check';
import { OptionReader } from '../options.js';
import { readKinds } from './readKinds.js';

/** How a run goes, apart from its messages, and how it ends. */
export interface ControlScript {
  /** What the source does in the end; `'none'`: it stays open. */
  readonly end: 'complete' | 'error' | 'none';
  /** When it does so, in whole ms; what would arrive later does not. */
  readonly endAtMs: number;
  /** When the consumer unsubscribes, in whole ms; null: it does not. */
  readonly unsubscribeAtMs: number | null;
  /** Whether the same operator is subscribed a second time afterwards. */
  readonly resubscribe: boolean;
  /** Within which value's `next` the consumer unsubscribes, the first is 0; null: it does not. */
  readonly leaveAt?: number | null | undefined;
  /** Within which values' `next` the source sends its next message at once, the first is 0. */
  readonly reentrantAt?: readonly number[] | undefined;
  /** How long `next` takes for each value in turn, over and over, in whole ms; none: no time at all. */
  readonly busyMs?: readonly number[] | undefined;
  /** From where on nothing goes wrong any more, in percent of the messages: {@link healFaults}; null: nowhere. */
  readonly healPercent?: number | null | undefined;
}

/**
 * What a {@link ControlScript} can contain beside how a run ends.
 *
 * - `'leave'`: the consumer unsubscribes within `next`; `'reentrant'`: messages are sent within `next`; `'slow'`: `next`
 *   takes time; `'heal'`: all trouble ends somewhere.
 */
export type ControlKind = 'leave' | 'reentrant' | 'slow' | 'heal';

/** What {@link controlScript} may draw. */
export interface ControlScriptConstraints {
  /** The latest time for something to happen, in ms, 0 to 2^31-1. Default 5_000. */
  readonly maxMs?: number | undefined;
  /** What may happen beside the end, each absent half of the time. Default: nothing. */
  readonly controls?: readonly ControlKind[] | undefined;
}

const kinds: readonly ControlKind[] = ['leave', 'reentrant', 'slow', 'heal'];

/** Places among values; after more than a few a run has shown what it can. */
const place = fc.nat({ max: 30 });
const sometimes = <V>(list: fc.Arbitrary<V[]>): fc.Arbitrary<V[]> =>
  fc.oneof({ withCrossShrink: true }, fc.constant<V[]>([]), list);

/** What each kind adds; it shrinks to nothing at all. */
const extras = {
  leave: { leaveAt: fc.option(place, { freq: 2 }) },
  reentrant: { reentrantAt: sometimes(fc.uniqueArray(place, { minLength: 1, maxLength: 5 })) },
  slow: { busyMs: sometimes(fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 5 })) },
  heal: { healPercent: fc.option(fc.integer({ min: 50, max: 100 }), { freq: 2 }) },
} as const;

/**
 * A fast-check arbitrary of how a run goes and ends. It is an argument of its own beside {@link faultScript}, so that both shrink
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
  const controls = readKinds(reader, 'controls', constraints.controls, kinds, []);
  const atMs = fc.nat({ max: reader.count('maxMs', 5_000, 0, 2 ** 31 - 1) });
  const has = <K extends ControlKind>(kind: K): (typeof extras)[K] | undefined =>
    controls.includes(kind) ? extras[kind] : undefined;
  return fc.record<ControlScript>(
    {
      end: fc.constantFrom('complete', 'error', 'none'),
      endAtMs: atMs,
      unsubscribeAtMs: fc.oneof({ withCrossShrink: true }, fc.constant(null), atMs),
      resubscribe: fc.boolean(),
      ...has('leave'),
      ...has('reentrant'),
      ...has('slow'),
      ...has('heal'),
    },
    { noNullPrototype: true },
  );
}
