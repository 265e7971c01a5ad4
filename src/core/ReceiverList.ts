import type { Parcel } from './Parcel.js';

/** Who takes a shard's messages. */
export interface Receiver<T> {
  /** It looks at messages alone, and can always take one. */
  readonly isPlain: boolean;
  /** It can take one now. Whoever was not calls `drain` when it is. */
  readonly isReady: boolean;
  take(message: T, parcel: Parcel<T>): void;
  complete(): void;
  error(error: unknown): void;
}

/** Those who take a shard's messages, every one of which all of them are given. */
export class ReceiverList<T> {
  /** The only one there is, if it is plain. */
  plain: Receiver<T> | undefined = undefined;
  /** Never changed, only replaced: who comes or leaves while a message is handed over counts from the next one on. */
  #all: readonly Receiver<T>[] = [];

  get areReady(): boolean {
    return this.#all.length > 0 && this.#all.every((receiver) => receiver.isReady);
  }

  add(receiver: Receiver<T>): void {
    this.#replace([...this.#all, receiver]);
  }

  remove(receiver: Receiver<T>): void {
    this.#replace(this.#all.filter((one) => one !== receiver));
  }

  clear(): void {
    this.#replace([]);
  }

  take(message: T, parcel: Parcel<T>): void {
    for (const receiver of this.#all) receiver.take(message, parcel);
  }

  /** Tells all of them that nothing more comes, and of the error if there is one. */
  end(end: { readonly error?: unknown }): void {
    const receivers = this.#all;
    this.clear();
    for (const receiver of receivers) {
      if ('error' in end) receiver.error(end.error);
      else receiver.complete();
    }
  }

  #replace(receivers: readonly Receiver<T>[]): void {
    const [first] = receivers;
    this.#all = receivers;
    this.plain = receivers.length === 1 && first?.isPlain === true ? first : undefined;
  }
}
