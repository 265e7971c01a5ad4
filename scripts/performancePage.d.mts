interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Where a row of a table belongs. */
interface Place {
  readonly operator: string;
  readonly case: string;
}

/** What the benchmarks found. */
export interface Measured {
  readonly rows: readonly (Place & {
    readonly name: string;
    readonly nsPerMessage: number;
    readonly floor: Ratio;
  })[];
  readonly goals: readonly (Place & Ratio & { readonly against: string; readonly goal: number })[];
  readonly growth: readonly {
    readonly operator: string;
    readonly nsPerMessage: number;
    readonly ratio: number;
  }[];
  readonly memory: readonly {
    readonly kind: string;
    readonly kept: number;
    readonly peak: number;
  }[];
  readonly latency: readonly {
    readonly variant: string;
    readonly p50: number;
    readonly p99: number;
    readonly p999: number;
    readonly collections: number;
    readonly collectionMs: number;
  }[];
  readonly allocations: readonly { readonly operator: string; readonly collections: number }[];
  readonly machine: string;
}

export function performancePage(measured: Measured): string;
