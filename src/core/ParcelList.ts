import type { Parcel } from './Parcel.js';

/** Messages in the order in which they came, of which any may leave. */
export class ParcelList<T> {
  oldest: Parcel<T> | undefined = undefined;
  #newest: Parcel<T> | undefined;

  *[Symbol.iterator](): Generator<Parcel<T>> {
    for (let { oldest: parcel } = this; parcel !== undefined; parcel = parcel.newer) yield parcel;
  }

  add(parcel: Parcel<T>): void {
    parcel.older = this.#newest;
    if (this.#newest === undefined) this.oldest = parcel;
    else this.#newest.newer = parcel;
    this.#newest = parcel;
  }

  remove(parcel: Parcel<T>): void {
    const { older, newer } = parcel;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    // Else the garbage collector finds the newer ones alive, by way of one that it has found old.
    parcel.older = undefined;
    parcel.newer = undefined;
  }
}
