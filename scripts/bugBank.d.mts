/** A mistake: `replace` in place of `find`, which is in `file` exactly once. */
export interface Bug {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The bugs of one operator. */
export interface OperatorBugs {
  readonly operator: string;
  /** The property files that look for them. */
  readonly tests: readonly string[];
  readonly bugs: readonly Bug[];
}

export function readBank(): OperatorBugs[];
export const unchanged: string;
export function findBug(id: string): {
  readonly bug?: Bug;
  readonly tests: readonly string[];
};
export function withBug(bug: Bug, source: string): string;
