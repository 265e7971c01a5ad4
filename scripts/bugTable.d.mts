/** One line of the report of a hunt: what became of one seed, or how many properties looked. */
export type Sighting =
  | { readonly properties: number }
  | { readonly missed: number }
  | {
      readonly seed: number;
      readonly property: string;
      readonly runs: number;
      /** In the shrunk counterexample. */
      readonly messages: number;
      readonly reason: string;
      readonly example: unknown;
    };

export interface Verdict {
  readonly isEnough: boolean;
  readonly caught: readonly Sighting[];
  readonly cells: readonly (string | number)[];
}

export function missesAllowed(seeds: number): number;
export function judge(
  name: string,
  seeds: number,
  found: { readonly sightings: readonly Sighting[]; readonly error?: { readonly code: string } },
): Verdict;
