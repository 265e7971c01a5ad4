import { IntegerMap } from './IntegerMap.js';
import { IntegerSet } from './IntegerSet.js';
import { KeyMixer } from './KeyMixer.js';

/** The last few distinct keys, first in first out. Keys are equal as in `Map`; crafted ones do not slow it down. */
export class RecentKeys<K> {
  /** All of them, in a circle once there are `capacity`. */
  readonly #keys: K[] = [];
  /** Where the oldest one is, in a full circle. */
  #oldest = 0;
  readonly #integers = new IntegerSet();
  /** The others, mixed. */
  readonly #others = new Set<unknown>();
  readonly #mixer = new KeyMixer();

  constructor(private readonly capacity: number) {}

  /** Adds `key`, for which the oldest one leaves if there are too many; returns whether it was not in. */
  add(key: K): boolean {
    if (IntegerMap.holds(key)) {
      if (!this.#integers.add(key)) return false;
    } else {
      const { size } = this.#others;
      if (this.#others.add(this.#mixer.mix(key)).size === size) return false;
    }
    this.#remember(key);
    return true;
  }

  #remember(key: K): void {
    const keys = this.#keys;
    if (keys.length < this.capacity) {
      keys.push(key);
      return;
    }
    const oldest = keys[this.#oldest] as K;
    if (IntegerMap.holds(oldest)) this.#integers.delete(oldest);
    else this.#others.delete(this.#mixer.mix(oldest));
    keys[this.#oldest] = key;
    this.#oldest = this.#oldest + 1 === this.capacity ? 0 : this.#oldest + 1;
  }
}
