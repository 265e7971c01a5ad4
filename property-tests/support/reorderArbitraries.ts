import * as fc from 'fast-check';
import { controlScript, faultScript } from 'rxjs-reliable/testing';
import { allFaults } from './faultCases.js';
import { sequenceCase } from './reorderCases.js';

const maxDelayMs = 400;

/** A feed with every kind of trouble. Unbiased, for long streams find more than short ones; they shrink anyway. */
export const longFeed = fc.noBias(faultScript({ faults: allFaults, maxDelayMs }));

/** Enough for what is run several times. */
const maxMessages = 30;

/** A feed with every kind of trouble. */
export const feed = fc.noBias(faultScript({ faults: allFaults, maxDelayMs, maxMessages }));

/** The same for one of several senders. */
export const fewMessages = fc.noBias(
  faultScript({ faults: allFaults, maxDelayMs, maxMessages: 12 }),
);

/** A feed with every kind of trouble but numbers that are none. */
export const numberedFeed = fc.noBias(
  faultScript({
    faults: allFaults.filter((fault) => fault !== 'corrupt'),
    maxDelayMs,
    maxMessages,
  }),
);

/** A few messages, whose sender jumps and restarts. */
export const shortFeed = fc.noBias(
  faultScript({
    faults: ['burst', 'loss', 'duplicate', 'delay', 'restart', 'jump'],
    maxDelayMs,
    maxMessages: 12,
  }),
);

/** A feed with trouble that makes no number hard to believe. */
export const tameFeed = fc.noBias(faultScript({ maxDelayMs, maxMessages }));

/** A feed in which nothing is lost, repeated, or more than 199 ms late. */
export const completeFeed = fc.noBias(
  faultScript({ faults: ['burst', 'delay', 'straggler'], maxDelayMs: 199, maxMessages }),
);

/** A feed without trouble. */
export const orderlyFeed = fc.noBias(faultScript({ faults: ['burst'], maxMessages }));

/** How a run ends: in any way. */
export const ending = fc.noBias(controlScript({ maxMs: 1_500 }));

/** How a run ends: by the source, or not at all. */
export const sourceEnding = ending.map((control) => ({
  ...control,
  unsubscribeAtMs: null,
  resubscribe: false,
}));

/** Options with which all numbers of a tame feed are believed. */
export const trustingCase = sequenceCase.map((drawn) => ({
  ...drawn,
  start: Math.min(drawn.start, 2 ** 53 - 100),
  firstOff: null,
  modulus: null,
  maxJump: 65_536,
  maxMisorder: 1_024,
  hasEpochs: false,
}));

/** Trusting options with which a message is dropped only for being late or a duplicate. */
export const lenientCase = trustingCase.map((drawn) => ({
  ...drawn,
  latePolicy: 'drop' as const,
  overflowPolicy: 'skip' as const,
}));

/** A moment of a run. */
export const instant = fc.noBias(fc.nat(1_500));

/** When the clock is set back, and how far. */
export const stepsBack = fc
  .array(fc.record({ atMs: fc.nat(1_000), stepMs: fc.constantFrom(1, 50, 3_600_000) }), {
    maxLength: 4,
  })
  .map((steps) => steps.sort((one, other) => one.atMs - other.atMs));
