import { type LinkedEntry, LinkedTable } from '../structures/LinkedTable.js';
import { KeyHasher } from './KeyHasher.js';

/** How shards are chosen. */
export type RouteSettings<T, K> =
  | { readonly policy: 'hash'; readonly keyBy: (message: T) => K; readonly seed: number }
  | { readonly policy: 'round-robin' }
  | { readonly policy: 'least-busy'; readonly keyBy?: ((message: T) => K) | undefined }
  | { readonly policy: 'custom'; readonly indexOf: (message: T, size: number) => number };

/** A key with work in flight, and the shard it sticks to. */
export interface KeyLoad {
  readonly index: number;
  /** How many of its messages are not done. */
  count: number;
  /** Called when nothing of the key is in flight any more. */
  readonly release: () => void;
}

interface KeyEntry<K> extends LinkedEntry<K> {
  readonly load: KeyLoad;
}

/** What a shard is not sent anything for: it is closed. */
export const closedLoad: number = Infinity;

/** Chooses the shard of each message. After `route`, `key` and `keyLoad` are those of that message. */
export class ShardRouter<T, K> {
  /** How many messages each shard has accepted and not done; `closedLoad` for closed ones. Kept by the shards. */
  readonly loads: number[];
  key: K | undefined = undefined;
  keyLoad: KeyLoad | undefined = undefined;
  readonly #indexOf: (message: T) => number;
  /** Where round-robin goes on. */
  #next = 0;

  constructor(settings: RouteSettings<T, K>, size: number) {
    this.loads = new Array<number>(size).fill(0);
    this.#indexOf = this.#strategy(settings);
  }

  route(message: T): number {
    return this.#indexOf(message);
  }

  /** The message just routed was not accepted. */
  withdraw(): void {
    const { keyLoad } = this;
    if (keyLoad !== undefined && --keyLoad.count === 0) keyLoad.release();
  }

  #strategy(settings: RouteSettings<T, K>): (message: T) => number {
    const { length: size } = this.loads;
    switch (settings.policy) {
      case 'hash': {
        const { keyBy, seed } = settings;
        const hasher = new KeyHasher(seed);
        return (message) => {
          const key = keyBy(message);
          this.key = key;
          return hasher.hash(key) % size;
        };
      }
      case 'round-robin':
        return () => this.#rotate();
      case 'least-busy': {
        const { keyBy } = settings;
        if (keyBy === undefined) return () => this.#leastBusy();
        const keys = new LinkedTable<K, KeyEntry<K>>();
        return (message) => this.#sticky(keyBy(message), keys);
      }
      case 'custom': {
        const { indexOf } = settings;
        return (message) => checked(indexOf(message, size), size);
      }
    }
  }

  /** The next shard in turn that is not closed. */
  #rotate(): number {
    const { loads } = this;
    const { length: size } = loads;
    let index = this.#next;
    for (let tries = 1; tries < size && loads[index] === closedLoad; tries += 1) {
      index = index + 1 === size ? 0 : index + 1;
    }
    this.#next = index + 1 === size ? 0 : index + 1;
    return index;
  }

  #leastBusy(): number {
    const { loads } = this;
    let least = 0;
    let leastLoad = loads[0] ?? closedLoad;
    for (let index = 1; index < loads.length && leastLoad > 0; index += 1) {
      const load = loads[index] ?? closedLoad;
      if (load < leastLoad) {
        least = index;
        leastLoad = load;
      }
    }
    return least;
  }

  /** The shard that has work of the key, or else the least busy one. `keys` are those with work in flight. */
  #sticky(key: K, keys: LinkedTable<K, KeyEntry<K>>): number {
    this.key = key;
    const known = keys.get(key);
    if (known !== undefined && this.loads[known.load.index] !== closedLoad) {
      this.keyLoad = known.load;
      known.load.count += 1;
      return known.load.index;
    }
    if (known !== undefined) keys.delete(known);
    const index = this.#leastBusy();
    const load: KeyLoad = {
      index,
      count: 1,
      release: () => {
        if (keys.get(key) === added) keys.delete(added);
      },
    };
    const added: KeyEntry<K> = { key, load, older: undefined, newer: undefined };
    keys.add(added);
    this.keyLoad = load;
    return index;
  }
}

function checked(index: unknown, size: number): number {
  if (Number.isInteger(index) && (index as number) >= 0 && (index as number) < size) {
    return (index as number) + 0;
  }
  throw new RangeError(
    `shardBy: indexOf must return an integer from 0 to ${String(size - 1)}, got ${typeof index === 'string' ? JSON.stringify(index) : String(index)}`,
  );
}
