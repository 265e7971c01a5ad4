import { doubled } from './doubled.js';
import { IntegerMap } from './IntegerMap.js';
import { IntegerPlaces } from './IntegerPlaces.js';
import { KeyMixer } from './KeyMixer.js';

/** Room in columns that have just been made. */
const leastPlaces = 16;
/** Where both ends of the order meet: no key is there. */
const nowhere = 0;

/**
 * Keys and when they were seen, in an order of their own: they are added and moved at the new end, all in O(1). Each has
 * a place, a number above 0, in columns: no object is made for a key. Keys are equal as in `Map`; crafted ones do not slow
 * it down.
 */
export class TimedKeys<K> {
  readonly #keys: (K | undefined)[] = [undefined];
  /** When the key was first seen, and from when on its window counts. */
  #firstMs = new Float64Array(leastPlaces);
  #sinceMs = new Float64Array(leastPlaces);
  /** The neighbours' places, in a circle that begins and ends nowhere. */
  #older = new Int32Array(leastPlaces);
  /** Of a place that is free: the next free one. */
  #newer = new Int32Array(leastPlaces);
  #free = nowhere;
  #size = 0;
  /** The place of each key that is an integer … */
  readonly #integers = new IntegerPlaces();
  /** … and of the others, mixed. */
  readonly #others = new Map<unknown, number>();
  readonly #mixer = new KeyMixer();

  get size(): number {
    return this.#size;
  }

  /** The place of the oldest key, 0 if there is none. */
  get oldest(): number {
    return this.#newer[nowhere] as number;
  }

  /** The place of `key`, 0 if it is not in. */
  find(key: K): number {
    const integers = this.#integers;
    if (IntegerMap.holds(key)) return integers.get(key);
    return this.#others.get(this.#mixer.mix(key)) ?? nowhere;
  }

  keyAt(place: number): K {
    return this.#keys[place] as K;
  }

  firstMsAt(place: number): number {
    return this.#firstMs[place] as number;
  }

  sinceMsAt(place: number): number {
    return this.#sinceMs[place] as number;
  }

  /** Adds `key`, which must not be in, at the new end. */
  add(key: K, nowMs: number): void {
    const integers = this.#integers;
    const place = this.#takePlace();
    this.#size += 1;
    this.#keys[place] = key;
    this.#firstMs[place] = nowMs;
    if (IntegerMap.holds(key)) integers.add(key, place);
    else this.#others.set(this.#mixer.mix(key), place);
    this.#link(place, nowMs);
  }

  /** Moves the key at `place` to the new end. */
  refresh(place: number, nowMs: number): void {
    this.#unlink(place);
    this.#link(place, nowMs);
  }

  /** Takes out the key at `place`. */
  delete(place: number): void {
    const integers = this.#integers;
    const key = this.#keys[place];
    if (IntegerMap.holds(key)) integers.delete(key);
    else this.#others.delete(this.#mixer.mix(key));
    this.#unlink(place);
    this.#keys[place] = undefined;
    this.#newer[place] = this.#free;
    this.#free = place;
    this.#size -= 1;
  }

  /** A free place; a new one gets its key right away. */
  #takePlace(): number {
    const place = this.#free;
    if (place !== nowhere) {
      this.#free = this.#newer[place] as number;
      return place;
    }
    const { length } = this.#keys;
    if (length === this.#newer.length) {
      this.#firstMs = doubled(this.#firstMs);
      this.#sinceMs = doubled(this.#sinceMs);
      this.#older = doubled(this.#older);
      this.#newer = doubled(this.#newer);
    }
    return length;
  }

  #link(place: number, nowMs: number): void {
    const newest = this.#older[nowhere] as number;
    this.#sinceMs[place] = nowMs;
    this.#older[place] = newest;
    this.#newer[place] = nowhere;
    this.#newer[newest] = place;
    this.#older[nowhere] = place;
  }

  #unlink(place: number): void {
    const older = this.#older[place] as number;
    const newer = this.#newer[place] as number;
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }
}
