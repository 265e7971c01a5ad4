import type { Outcome } from './CandidateRun.js';
import type { Inspection } from './Inspection.js';
import type { KeyStatistics } from './KeyStatistics.js';
import type { Choice, Findings, Report } from './Report.js';

/** How many of the messages that can be saved the knee saves. */
const kneeShare = 0.99;

/**
 * Says what was found.
 *
 * @param more - outcomes that were measured separately.
 * @param skipped - how many records could not be read.
 */
export function makeReport(
  inspection: Inspection,
  more: readonly Outcome[],
  skipped: number,
): Report {
  const { keys, shape, durationMs, stepsBack } = inspection;
  const { hasTime, hasKey } = shape;
  const findings = describe(keys.total(), hasTime);
  const outcomes = [...inspection.outcomes, ...more];
  const recommendation = outcomes.map((outcome) => toChoice(outcome, hasTime));
  const [leastLate, mostLate] = [Math.min(...lateIn(outcomes)), Math.max(...lateIn(outcomes))];
  const kneeLate = leastLate + (mostLate - leastLate) * (1 - kneeShare);
  const isEmpty = findings.messages === 0;
  const find = (most: number): Choice | null =>
    isEmpty ? null : (recommendation.find(({ late }) => late <= most) ?? null);
  const perKey = hasKey ? [...keys.entries] : [];
  return {
    ...findings,
    invalid: findings.invalid + skipped,
    keys: keys.size,
    moreKeys: keys.isFull,
    skipped,
    durationMs: hasTime ? durationMs : null,
    stepsBack,
    recommendation,
    recommended: find(leastLate),
    knee: find(kneeLate),
    needsLongerWait: leastLate > findings.unexpected,
    perKey: Object.fromEntries(
      perKey.map(([key, account]) => [key ?? '', describe(account, hasTime)]),
    ),
  };
}

function lateIn(outcomes: readonly Outcome[]): readonly number[] {
  return outcomes.map(({ late }) => late);
}

function describe(account: KeyStatistics, hasTime: boolean): Findings {
  return {
    messages: account.messages,
    gapEvents: account.gapEvents,
    missing: account.missing,
    filledLate: account.filledLate,
    neverSeen: account.neverSeen,
    duplicates: account.duplicates,
    outOfOrder: account.outOfOrder,
    unexpected: account.unexpected,
    restarts: account.restarts,
    wraps: account.wraps,
    invalid: account.invalid,
    displacement: account.displacement.percentiles(),
    latenessMs: hasTime ? account.latenessMs.percentiles() : null,
  };
}

function toChoice(
  { maxWaitMs, maxBuffer, mostHeld, delivered, late, lost }: Outcome,
  hasTime: boolean,
): Choice {
  // Without times the limit is what was tried; with them it is what was needed.
  const needed = hasTime ? 2 ** Math.ceil(Math.log2(Math.max(1, mostHeld))) : maxBuffer;
  return { maxWaitMs, maxBuffer: needed, mostHeld, delivered, late, lost };
}
