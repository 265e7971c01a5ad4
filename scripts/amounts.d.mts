/** How much a run has tested. */
export interface Amounts {
  readonly streams: number;
  readonly properties: number;
  /** Tests by example, by operator. */
  readonly examples: Readonly<Record<string, number>>;
}

export const operators: readonly string[];
export function readAmounts(reportFile: string, streamsFile: string): Amounts;
export function brokenPromises(amounts: Amounts): readonly string[];
