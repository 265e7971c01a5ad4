import * as fc from 'fast-check';
import { OptionReader } from '../options.js';
import { readKinds } from './readKinds.js';
import { ShrinkingAs } from './ShrinkingAs.js';
import type { VirtualClock } from './VirtualClock.js';

/** What a clock or the timers on it can do. */
export type ClockFaultKind = 'back' | 'ahead' | 'freeze' | 'late';

/** One thing that a clock does; plain JSON. */
export interface ClockRecord {
  /** How long after the one before it, in whole ms. */
  readonly gapMs: number;
  /**
   * `'back'` and `'ahead'`: the clock is set; timers run on as they would have. `'freeze'`: time passes, but nothing runs.
   * `'late'`: from now on every timer fires that much too late.
   */
  readonly kind: ClockFaultKind;
  /** How far, or how long, in whole ms. */
  readonly byMs: number;
}

/** What {@link clockScript} may draw. */
export interface ClockScriptConstraints {
  /** How many faults there are at most, 0 to 1_000. Default 4. */
  readonly maxFaults?: number | undefined;
  /** How far apart they are at most, in ms, 0 to 2^31-1. Default 1_000. */
  readonly maxMs?: number | undefined;
  /** Which kinds of fault may occur. Default: all. */
  readonly faults?: readonly ClockFaultKind[] | undefined;
}

const hourMs = 3_600_000;

/** The most of each kind, in ms: a summer time, a laptop asleep for a month, a breakpoint, a throttled tab. */
const mostMs = {
  back: hourMs,
  ahead: 30 * 24 * hourMs,
  freeze: hourMs,
  late: 2_000,
} as const satisfies Record<ClockFaultKind, number>;

/** The mildest kind first: shrinking ends there. */
const all: readonly ClockFaultKind[] = ['late', 'freeze', 'ahead', 'back'];

const plain: fc.Arbitrary<ClockRecord[]> = fc.array(
  fc.record<ClockRecord>(
    { gapMs: fc.maxSafeNat(), kind: fc.constantFrom(...all), byMs: fc.maxSafeNat() },
    { noNullPrototype: true },
  ),
  { size: 'max' },
);

/**
 * A fast-check arbitrary of what a clock does to a program: steps back by up to an hour and ahead by up to 30 days, stops
 * of up to an hour, and timers that fire up to two seconds late.
 *
 * Use it beside {@link faultScript} for whatever waits: no message may come twice or never because of a clock. Apply each
 * record with {@link applyClockFault} when its time has come.
 *
 * @param constraints - {@link ClockScriptConstraints}.
 * @throws `OptionError` at once if a constraint cannot be used.
 *
 * @example
 * ```ts
 * import * as fc from 'fast-check';
 * import { applyClockFault, clockScript, VirtualClock } from 'rxjs-reliable/testing';
 *
 * const noTimerIsLost = fc.property(clockScript(), (script) => {
 *   const clock = new VirtualClock();
 *   let fired = 0;
 *   clock.schedule(() => (fired += 1), 500);
 *   for (const record of script) {
 *     clock.advanceBy(record.gapMs);
 *     applyClockFault(clock, record);
 *   }
 *   clock.flush();
 *   return fired === 1;
 * });
 * fc.assert(noTimerIsLost);
 * ```
 */
export function clockScript(constraints: ClockScriptConstraints = {}): fc.Arbitrary<ClockRecord[]> {
  const reader = new OptionReader('clockScript', constraints);
  const faults = readKinds(reader, 'faults', constraints.faults, all);
  const maxFaults = reader.count('maxFaults', 4, 0, 1_000);
  const gapMs = fc.nat({ max: reader.count('maxMs', 1_000, 0, 2 ** 31 - 1) });
  if (faults.length === 0) return fc.constant([]);
  const fault = fc.oneof(
    ...faults.map((kind) => fc.record({ gapMs, kind: fc.constant(kind), byMs: stepOf(kind) })),
  );
  const drawn = fc.array(fault, { maxLength: maxFaults, size: 'max' });
  return new ShrinkingAs<ClockRecord[]>(plain, drawn);
}

/** Small steps are as likely as great ones. */
function stepOf(kind: ClockFaultKind): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: mostMs[kind] }));
}

/**
 * Does to a clock what a record of a {@link clockScript} says.
 *
 * @param clock - the clock; its time has been advanced by the record's `gapMs`.
 * @param fault - the record.
 *
 * @example
 * ```ts
 * import { applyClockFault, VirtualClock } from 'rxjs-reliable/testing';
 *
 * const clock = new VirtualClock({ startMs: 10_000 });
 * applyClockFault(clock, { gapMs: 0, kind: 'back', byMs: 3_000 });
 * console.log(clock.now());
 * // => 7000
 * ```
 */
export function applyClockFault(clock: VirtualClock, fault: ClockRecord): void {
  const { byMs, kind } = fault;
  if (kind === 'back') clock.stepBack(byMs);
  else if (kind === 'ahead') clock.setNow(clock.now() + byMs);
  else if (kind === 'freeze') clock.block(byMs);
  else clock.lateBy(byMs);
}
