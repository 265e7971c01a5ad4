/** A change to a source that no test noticed, and why that is no fault of the tests. */
export interface Explained {
  readonly mutator: string;
  /** The line it begins in, without the blanks around it. */
  readonly line: string;
  readonly replacement: string;
  readonly reason: string;
}

/** How many changes to one file the tests noticed. */
export interface MutationScore {
  readonly score: number;
  readonly killed: number;
  readonly survived: number;
  /** How many of the survivors are explained. */
  readonly explained: number;
  readonly noCoverage: number;
  readonly date: string;
}

/** What is read of the report that Stryker writes. */
export interface MutationReport {
  readonly files: Readonly<Record<string, MutatedFile>>;
}

export interface MutatedFile {
  readonly source: string;
  readonly mutants: readonly {
    readonly mutatorName: string;
    readonly replacement: string;
    readonly status: string;
    readonly location: { readonly start: { readonly line: number } };
  }[];
}

export function readExplained(): Readonly<Record<string, readonly Explained[]>>;
export function readReport(
  report: MutationReport,
  explained: Readonly<Record<string, readonly Explained[]>>,
  date: string,
): {
  readonly scores: Readonly<Record<string, MutationScore>>;
  readonly unexplained: readonly string[];
};
export function format(scores: Readonly<Record<string, MutationScore>>): Promise<string>;
