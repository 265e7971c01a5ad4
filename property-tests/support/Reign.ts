import type { SequenceNumber } from 'rxjs-reliable';

/** One message that arrived, and what became of it. */
export interface Arrived<T> {
  readonly message: T;
  readonly value: SequenceNumber;
  readonly place: bigint;
  readonly atMs: number;
  fate: 'held' | 'out' | 'dropped' | 'suspect';
}

/** All that arrived since the sender last restarted, and what follows from it, worked out each time anew. */
export class Reign<T> {
  arrived: Arrived<T>[] = [];
  numberType: string | undefined;
  /** The first number; undefined while it is looked for. */
  baseline: bigint | undefined;
  /** The baseline, or the number behind the last hole that was given up. */
  floor: bigint | undefined;
  /** The number before the one expected first: believed without having come. */
  #given: bigint | undefined;

  expect(first: SequenceNumber): void {
    this.numberType = typeof first;
    this.startAt(BigInt(first));
    this.#given = BigInt(first) - 1n;
  }

  startAt(place: bigint): void {
    this.baseline = place;
    this.floor = place;
  }

  with(...fates: Arrived<T>['fate'][]): Arrived<T>[] {
    return this.arrived.filter(({ fate }) => fates.includes(fate));
  }

  /** Whether a number is held, or did come out. */
  has(place: bigint, ...fates: Arrived<T>['fate'][]): boolean {
    return this.with(...fates).some((arrived) => arrived.place === place);
  }

  /** The lowest number held. */
  get lowest(): bigint {
    const places = this.with('held').map(({ place }) => place);
    return extreme(places, (one, other) => one < other) ?? 0n;
  }

  /** The lowest number from the floor on that did not come out; undefined while there is no baseline. */
  get next(): bigint | undefined {
    const out = new Set(this.with('out').map(({ place }) => place));
    let next = this.floor;
    while (next !== undefined && out.has(next)) next += 1n;
    return next;
  }

  /** The greatest number believed. */
  get greatest(): bigint | undefined {
    const places = this.with('held', 'out', 'dropped').map(({ place }) => place);
    if (this.#given !== undefined) places.push(this.#given);
    return extreme(places, (one, other) => one > other);
  }

  /** Whether a number belongs to the sequence, and was given up without ever coming out. */
  wasSkipped(place: bigint): boolean {
    return this.baseline !== undefined && place >= this.baseline && !this.has(place, 'out');
  }
}

/** The place that comes before all others. */
function extreme(
  places: readonly bigint[],
  isBefore: (one: bigint, other: bigint) => boolean,
): bigint | undefined {
  return places.reduce<bigint | undefined>(
    (best, place) => (best === undefined || isBefore(place, best) ? place : best),
    undefined,
  );
}
