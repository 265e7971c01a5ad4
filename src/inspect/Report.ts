import type { Percentiles } from './Histogram.js';

/** What was found in all messages, or in those of one key. */
export interface Findings {
  readonly messages: number;
  readonly gapEvents: number;
  readonly missing: number;
  readonly filledLate: number;
  readonly neverSeen: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly unexpected: number;
  readonly restarts: number;
  readonly wraps: number;
  readonly invalid: number;
  readonly displacement: Percentiles;
  /** Null if the recording has no times. */
  readonly latenessMs: Percentiles | null;
}

/** What `reorderBy` would do under some limits. */
export interface Choice {
  /** Infinity, in JSON null, if the recording has no times. */
  readonly maxWaitMs: number;
  /** The measured need, rounded up to a power of two. */
  readonly maxBuffer: number;
  readonly mostHeld: number;
  readonly delivered: number;
  readonly late: number;
  readonly lost: number;
}

/** The result, as `--json` prints it. */
export interface Report extends Findings {
  readonly keys: number;
  /** There were more keys than `--max-keys`: the others count in the totals only. */
  readonly moreKeys: boolean;
  /** Records that could not be read (`--skip-invalid`); they count as `invalid`, too, and not as messages. */
  readonly skipped: number;
  readonly durationMs: number | null;
  /** How many times the recorded time ran backwards. */
  readonly stepsBack: number;
  readonly recommendation: readonly Choice[];
  /** The smallest limits that deliver all that can be delivered; null if there were no messages. */
  readonly recommended: Choice | null;
  /** The smallest limits that save at least 99 % of the messages that can be saved; null if there were no messages. */
  readonly knee: Choice | null;
  /** Messages came later than the longest wait that was tried. */
  readonly needsLongerWait: boolean;
  readonly perKey: Readonly<Record<string, Findings>>;
}
