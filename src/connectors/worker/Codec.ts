/** What a codec has made of a list. */
export interface Encoded {
  /** Anything that can be cloned. */
  readonly data: unknown;
  /** What of it is handed over instead of copied, such as the buffers of typed arrays. */
  readonly transfer: readonly object[];
}

/**
 * Makes of messages that are sent together something that costs less to send, and messages of that again: `columns`, or
 * one of your own. Both threads need the same.
 */
export interface Codec<T> {
  /** An error it throws makes a dead letter of the message that it cannot encode alone. */
  encode(messages: readonly T[]): Encoded;
  /** Returns as many messages as there were, in their order. */
  decode(data: unknown): readonly T[];
}

/** How messages and results travel. */
export interface CodecOptions<T, R> {
  /** Packs messages. Both threads need the same. Default: each message is cloned. */
  readonly codec?: Codec<T> | undefined;
  /** Packs results. Both threads need the same. Default: each result is cloned. */
  readonly resultCodec?: Codec<R> | undefined;
}
