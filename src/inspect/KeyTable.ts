import type { SequenceNumber } from '../types.js';
import { KeyStatistics } from './KeyStatistics.js';

/** The accounts of the first so many keys; all further keys share one. */
export class KeyTable {
  readonly #accounts = new Map<string | undefined, KeyStatistics>();
  /** The account of all keys over the limit, once there are any. */
  #others: KeyStatistics | undefined;

  constructor(
    private readonly maxKeys: number,
    private readonly modulus: SequenceNumber | undefined,
  ) {}

  get size(): number {
    return this.#accounts.size;
  }

  /** There were more keys than have an account of their own. */
  get isFull(): boolean {
    return this.#others !== undefined;
  }

  get entries(): Iterable<readonly [key: string | undefined, account: KeyStatistics]> {
    return this.#accounts;
  }

  of(key: string | undefined): KeyStatistics {
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    if (this.#accounts.size >= this.maxKeys)
      return (this.#others ??= new KeyStatistics(this.modulus));
    const account = new KeyStatistics(this.modulus);
    this.#accounts.set(key, account);
    return account;
  }

  /** All accounts added up. */
  total(): KeyStatistics {
    const total = new KeyStatistics(this.modulus);
    for (const account of this.#accounts.values()) total.merge(account);
    if (this.#others !== undefined) total.merge(this.#others);
    return total;
  }
}
