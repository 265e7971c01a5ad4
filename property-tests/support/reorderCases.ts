import * as fc from 'fast-check';
import {
  reorderBy,
  type ReorderByEvent,
  type ReorderByOptions,
  type SequenceNumber,
} from 'rxjs-reliable';
import type { Arrival, ControlScript, ScriptMessage } from 'rxjs-reliable/testing';
import type { ReorderSettings } from './reorderOracle.js';
import type { MakeOperator } from './runTimed.js';
import type { SortingSettings } from './sortingOracle.js';
import { rollUp } from './wrapping.js';

/** Options that all modes of `reorderBy` have, as they are drawn: plain JSON. */
interface HoldingCase {
  readonly maxBuffer: number;
  /** null: for ever. */
  readonly maxWaitMs: number | null;
  readonly latePolicy: 'drop' | 'emit' | 'error';
  readonly overflowPolicy: 'skip' | 'drop-newest' | 'error';
}

/** Options for the mode `'sequence'`. */
export interface SequenceCase extends HoldingCase {
  readonly startWaitMs: number;
  /** The sender's first number. */
  readonly start: number;
  /** How far the option `first` is off it; null: there is no such option. */
  readonly firstOff: number | null;
  readonly modulus: number | null;
  readonly numbers: 'number' | 'bigint' | 'huge';
  readonly maxJump: number;
  readonly maxMisorder: number;
  readonly restartAfter: number;
  readonly hasEpochs: boolean;
}

/** Options for the modes `'time'` and `'sparse'`. */
export interface SortingCase extends HoldingCase {
  readonly by: 'time' | 'sparse';
  readonly boundMs: number;
  /** null: none. */
  readonly maxSkewMs: number | null;
  /** What the clock shows at first. */
  readonly startMs: number;
  /** How many event times there are in a millisecond. */
  readonly fineness: number;
  readonly numbers: 'number' | 'bigint';
}

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });

/** The first arbitrary most of the time, so that streams are not all strange in every way. */
function rather<A, B>(usual: fc.Arbitrary<A>, other: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ withCrossShrink: true }, { weight: 2, arbitrary: usual }, other);
}

const holding = {
  maxBuffer: upTo(20, 1),
  maxWaitMs: rather(upTo(200), fc.constantFrom(0, 1, null)),
  latePolicy: fc.constantFrom('drop', 'emit', 'error'),
  overflowPolicy: fc.constantFrom('skip', 'drop-newest', 'error'),
} as const;

/** Draws options for the mode `'sequence'`. */
export const sequenceCase: fc.Arbitrary<SequenceCase> = fc.record<SequenceCase>(
  {
    ...holding,
    startWaitMs: rather(fc.constant(0), upTo(200)),
    start: rather(upTo(5), fc.constantFrom(1_000, 65_530, 2 ** 32 - 3, 2 ** 53 - 20)),
    firstOff: rather(fc.constant(null), upTo(3, -3)),
    modulus: rather(
      fc.constant(null),
      rather(upTo(40, 3), fc.constantFrom(2 ** 16, 2 ** 32, 2 ** 53 - 1)),
    ),
    numbers: fc.constantFrom('number', 'number', 'bigint', 'huge'),
    maxJump: rather(fc.constant(65_536), upTo(20, 1)),
    maxMisorder: rather(fc.constant(1_024), upTo(20)),
    restartAfter: upTo(6, 1),
    hasEpochs: rather(fc.constant(false), fc.constant(true)),
  },
  { noNullPrototype: true },
);

/** Draws options for the mode `'sequence'` that believe few numbers, so that much is a restart: near the wrap. */
export const wrappingCase: fc.Arbitrary<SequenceCase> = fc
  .tuple(sequenceCase, upTo(24, 6), upTo(5), upTo(2, 1), upTo(2), upTo(4, 2))
  .map(([drawn, modulus, before, maxJump, maxMisorder, restartAfter]) => ({
    ...drawn,
    modulus,
    start: modulus - 1 - before,
    maxJump,
    maxMisorder,
    restartAfter,
    hasEpochs: false,
  }));

/** Draws options for the mode `'sequence'` that look for the baseline of every epoch, and believe little behind it. */
export const epochCase: fc.Arbitrary<SequenceCase> = fc
  .tuple(sequenceCase, upTo(200, 1), upTo(3), upTo(5))
  .map(([drawn, startWaitMs, maxMisorder, start]) => ({
    ...drawn,
    startWaitMs,
    start,
    maxMisorder,
    overflowPolicy: 'skip',
    latePolicy: drawn.latePolicy === 'error' ? 'emit' : drawn.latePolicy,
    hasEpochs: true,
  }));

/** Draws options for the modes `'time'` and `'sparse'`. */
export const sortingCase: fc.Arbitrary<SortingCase> = fc.record<SortingCase>(
  {
    ...holding,
    by: fc.constantFrom('time', 'sparse'),
    boundMs: rather(upTo(200), fc.constantFrom(0, 1.5)),
    maxSkewMs: rather(fc.constant(null), upTo(200)),
    startMs: fc.constantFrom(0, 1_700_000_000_000),
    fineness: fc.constantFrom(1, 1, 4),
    numbers: fc.constantFrom('number', 'bigint'),
  },
  { noNullPrototype: true },
);

const isNumber = (seq: number): boolean => Number.isSafeInteger(seq) && seq >= 0;

/** What a case means in full, for the oracle. */
export function sequenceSettings(drawn: SequenceCase): ReorderSettings<ScriptMessage> {
  const { start, firstOff, maxWaitMs, modulus, hasEpochs } = drawn;
  return {
    ...drawn,
    key: undefined,
    maxWaitMs: maxWaitMs ?? Infinity,
    modulus: modulus === null ? undefined : typed(BigInt(modulus), drawn),
    first: firstOff === null ? undefined : numbered(Math.max(start + firstOff, 0), drawn),
    numberOf: ({ seq }) => (isNumber(seq) ? numbered(seq, drawn) : spoiltOf(seq, drawn)),
    epochOf: hasEpochs ? ({ epoch }) => epoch : undefined,
  };
}

/** What a case means in full, for the oracle, if the subscription begins `beganMs` after the clock. */
export function sortingSettings(drawn: SortingCase, beganMs = 0): SortingSettings<ScriptMessage> {
  const { by, boundMs, maxWaitMs, maxSkewMs, startMs } = drawn;
  return {
    ...drawn,
    key: undefined,
    startMs: startMs + beganMs,
    boundMs: by === 'time' ? boundMs : Infinity,
    maxWaitMs: maxWaitMs ?? Infinity,
    maxSkewMs: maxSkewMs ?? Infinity,
    orderOf: (message) => orderOf(message, drawn),
  };
}

/** An operator by what the oracle is told, and more; `numberOf` may be replaced too. */
export function reorderOperator<M>(
  orderOf: (message: M) => unknown,
  options: object,
): MakeOperator<M> {
  return (scheduler, report) => {
    const onEvent = (event: ReorderByEvent<M, unknown>): void => report(event);
    const all = { ...options, scheduler, onEvent } as ReorderByOptions<M, unknown>;
    return reorderBy(orderOf as (message: M) => SequenceNumber, all);
  };
}

/** The operator that a case asks for. */
export function sequenceOperator(drawn: SequenceCase): MakeOperator<ScriptMessage> {
  const { numberOf, ...options } = sequenceSettings(drawn);
  return reorderOperator(numberOf, options);
}

/** The operator that a case asks for. */
export function sortingOperator(drawn: SortingCase): MakeOperator<ScriptMessage> {
  const { orderOf, ...options } = sortingSettings(drawn);
  return reorderOperator(orderOf, options);
}

/** The same control, but the end is due together with something else: `waitMs` after a message arrived. */
export function endingOnDeadline(
  control: ControlScript,
  arrivals: readonly Arrival[],
  waitMs: number | null,
): ControlScript {
  const arrival = arrivals[control.endAtMs % arrivals.length];
  return { ...control, endAtMs: arrival === undefined ? 0 : arrival.atMs + (waitMs ?? 0) };
}

/** A number as the sender writes it. */
function numbered(seq: number, drawn: SequenceCase): SequenceNumber {
  const { modulus, numbers } = drawn;
  if (modulus !== null) return typed(rollUp(BigInt(seq), modulus), drawn);
  return typed(BigInt(seq) + (numbers === 'huge' ? 2n ** 80n : 0n), drawn);
}

function typed(value: bigint, { numbers }: SequenceCase): SequenceNumber {
  return numbers === 'number' ? Number(value) : value;
}

/** An event time near the time of sending: a jump or a restart of the numbers puts the sender's clock wrong. */
function orderOf({ seq, index, sentAtMs }: ScriptMessage, drawn: SortingCase): unknown {
  if (!isNumber(seq)) return seq;
  if (drawn.by === 'time') return drawn.startMs + (sentAtMs + seq - index) / drawn.fineness;
  return drawn.numbers === 'bigint' ? BigInt(seq) : seq;
}

/** A spoilt number as it is, or where the case offers it, one that tests an edge. */
function spoiltOf(seq: unknown, { modulus, numbers, start }: SequenceCase): unknown {
  if (seq === 2 ** 53 && modulus !== null) return numbers === 'number' ? modulus : BigInt(modulus);
  // A number amid bigints, as small as if they were counted from the first one.
  if (typeof seq === 'string' && numbers !== 'number') return Number(seq) - start;
  return seq;
}
