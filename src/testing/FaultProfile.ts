import * as fc from 'fast-check';
import type { Delay } from './Delay.js';
import type { FaultKind } from './FaultRecord.js';

/** A place in the stream, in percent of its length. */
interface Spot {
  readonly atPercent: number;
}

/** In which way the order is disturbed; `size` is how many messages it is about. */
export interface ReorderProfile {
  readonly way: 'jump' | 'swap' | 'reverse' | 'displace';
  readonly size: number;
}

/** How often nothing comes through for a while, how long, and how far apart what was held leaves then. */
export interface ClogProfile {
  readonly percent: number;
  readonly meanMs: number;
  readonly spacingMs: number;
}

/** How many messages can be in flight. */
export interface QueueProfile {
  readonly capacity: number;
  /** Whether one at random is lost instead of the newest. */
  readonly isRandom: boolean;
}

/** What kind of trouble a stream is in; drawn first, and made into one record per message afterwards. */
export interface FaultProfile {
  readonly seed: number;
  readonly messages: number;
  /** The longest delay. */
  readonly maxDelayMs: number;
  readonly spacing: Delay;
  readonly burst: { readonly size: number; readonly silenceMs: number } | undefined;
  readonly loss:
    | {
        readonly percent: number;
        readonly meanBurst: number;
        readonly goodPercent: number;
        readonly badPercent: number;
      }
    | undefined;
  readonly blackout: { readonly startPercent: number; readonly lengthMs: number } | undefined;
  readonly tail: number | undefined;
  /** Places of messages that are lost whatever else happens, in percent; 100 is the last one. */
  readonly target: readonly number[] | undefined;
  readonly queue: QueueProfile | undefined;
  readonly duplicate:
    { readonly percent: number; readonly copies: number; readonly delay: Delay } | undefined;
  readonly delay: Delay | undefined;
  readonly correlation: number | undefined;
  readonly straggler: (Spot & { readonly delayMs: number }) | undefined;
  readonly reorder: ReorderProfile | undefined;
  readonly clog: ClogProfile | undefined;
  readonly heal: Spot | undefined;
  readonly corrupt: number | undefined;
  readonly hostile: number | undefined;
  readonly restart: (Spot & { readonly epoch: boolean }) | undefined;
  readonly jump: (Spot & { readonly by: number }) | undefined;
  readonly wrap: (Spot & { readonly modulus: number }) | undefined;
  /** How wrong the clock of each producer is. */
  readonly skew: readonly number[] | undefined;
}

const from = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const percent = (most = 100): fc.Arbitrary<number> => from(1, most);
const atPercent = from(0, 99);
const hourMs = 3_600_000;

function delayUpTo(maxMs: number): fc.Arbitrary<Delay> {
  const ms = from(0, Math.min(200, maxMs));
  const kind = fc.constantFrom(
    ...(['constant', 'uniform', 'exponential', 'normal', 'pareto', 'paretonormal'] as const),
  );
  return fc
    .record({ kind, ms, shape: fc.constantFrom(1.5, 2, 3) })
    .map(({ kind, ms, shape }): Delay => {
      if (kind === 'constant') return ms;
      if (kind === 'uniform') return { kind, minMs: 0, maxMs: ms };
      if (kind === 'exponential') return { kind, meanMs: ms, maxMs };
      if (kind === 'pareto') return { kind, minMs: ms / 4, shape, maxMs };
      return { kind, meanMs: ms, deviationMs: ms / 2, maxMs };
    });
}

/** What loses messages. */
const losses = {
  loss: fc.record({
    percent: percent(30),
    meanBurst: percent(50),
    // Mostly the plain channel: nothing is lost in good times, everything in bad ones.
    goodPercent: fc.constantFrom(0, 0, 0, 1, 2),
    badPercent: fc.oneof(fc.constant(100), from(50, 100)),
  }),
  blackout: fc.record({ startPercent: atPercent, lengthMs: from(1, 10_000) }),
  tail: percent(10),
  target: fc.array(fc.oneof(fc.constantFrom(0, 100), atPercent), { minLength: 1, maxLength: 3 }),
  queue: fc.record({
    capacity: fc.oneof({ weight: 3, arbitrary: from(2, 20) }, from(2, 1_000)),
    isRandom: fc.boolean(),
  }),
};

/** What changes numbers and times that the sender wrote. */
const senders = {
  corrupt: percent(20),
  hostile: percent(20),
  restart: fc.record({ atPercent, epoch: fc.boolean() }),
  jump: fc.record({
    atPercent,
    by: fc.constantFrom(1, 2, 20, 1_024, 65_536, 2 ** 31, 2 ** 52, 2 ** 53 - 2),
  }),
  wrap: fc.record({ atPercent, modulus: fc.constantFrom(16, 2 ** 16, 2 ** 32) }),
  skew: fc.array(from(-hourMs, hourMs), { minLength: 1, maxLength: 5 }),
};

/** What makes messages late, out of order, or come again. */
function timings(maxDelayMs: number) {
  const delay = delayUpTo(maxDelayMs);
  return {
    burst: fc.record({ size: percent(20), silenceMs: from(0, 5_000) }),
    duplicate: fc.record({ percent: percent(50), copies: percent(3), delay }),
    delay,
    correlation: fc.double({ min: 0, max: 0.95, noNaN: true }),
    straggler: fc.record({ atPercent, delayMs: from(0, maxDelayMs) }),
    reorder: fc.record({
      way: fc.constantFrom<ReorderProfile['way'][]>('jump', 'swap', 'reverse', 'displace'),
      size: from(2, 20),
    }),
    clog: fc.record({
      percent: percent(5),
      meanMs: from(0, 5_000),
      spacingMs: fc.constantFrom(0, 0, 1, 20),
    }),
    heal: fc.record({ atPercent: from(50, 100) }),
  };
}

/** Draws profiles. Each kind of trouble is absent half of the time, so that rare combinations come up (swarm testing). */
export function faultProfile(
  messages: number,
  maxDelayMs: number,
  faults: readonly FaultKind[],
): fc.Arbitrary<FaultProfile> {
  const sometimes = <V>(kind: FaultKind, drawn: fc.Arbitrary<V>): fc.Arbitrary<V | undefined> =>
    faults.includes(kind) ? fc.oneof(fc.constant(undefined), drawn) : fc.constant(undefined);
  const { burst, duplicate, delay, correlation, straggler, reorder, clog, heal } =
    timings(maxDelayMs);
  const { loss, blackout, tail, target, queue } = losses;
  const { corrupt, hostile, restart, jump, wrap, skew } = senders;
  return fc.record({
    seed: fc.nat(),
    messages: fc.nat({ max: messages }),
    maxDelayMs: fc.constant(maxDelayMs),
    spacing: delayUpTo(50),
    burst: sometimes('burst', burst),
    loss: sometimes('loss', loss),
    blackout: sometimes('blackout', blackout),
    tail: sometimes('tail', tail),
    target: sometimes('target', target),
    queue: sometimes('queue', queue),
    duplicate: sometimes('duplicate', duplicate),
    delay: sometimes('delay', delay),
    correlation: sometimes('correlation', correlation),
    straggler: sometimes('straggler', straggler),
    reorder: sometimes('reorder', reorder),
    clog: sometimes('clog', clog),
    heal: sometimes('heal', heal),
    corrupt: sometimes('corrupt', corrupt),
    hostile: sometimes('hostile', hostile),
    restart: sometimes('restart', restart),
    jump: sometimes('jump', jump),
    wrap: sometimes('wrap', wrap),
    skew: sometimes('skew', skew),
  });
}
