import type { Codec } from './Codec.js';

/** Values as a codec has packed them. */
interface Packed {
  readonly count: number;
  readonly data: unknown;
}

/** What may be among the messages between threads. */
interface Carrier {
  readonly kind: string;
  readonly values?: readonly unknown[] | Packed;
}

/** Packs the values of messages that go to another thread, or unpacks those that come. */
export class Packing<V> {
  constructor(
    private readonly codec: Codec<V> | undefined,
    /** The option that has the codec. */
    private readonly option: 'codec' | 'resultCodec',
  ) {}

  /** Throws if a value cannot be encoded, or cloned. */
  post<M extends Carrier>(
    message: M,
    transfer: readonly object[],
    post: (message: M, transfer: readonly object[]) => void,
  ): void {
    const { values } = message;
    if (this.codec === undefined || !Array.isArray(values) || values.length === 0) {
      post(message, transfer);
      return;
    }
    const encoded = this.codec.encode(values as readonly V[]);
    const packed: Packed = { count: values.length, data: encoded.data };
    post({ ...message, values: packed }, [...transfer, ...encoded.transfer]);
  }

  /** Throws if the values cannot be decoded. */
  unpack<M extends Carrier>(message: M): M {
    const { values } = message;
    return values === undefined || !('data' in values)
      ? message
      : { ...message, values: this.#decode(values) };
  }

  #decode({ count, data }: Packed): readonly unknown[] {
    const { option } = this;
    if (this.codec === undefined) {
      throw new TypeError(`the other thread has a ${option}, this one has none`);
    }
    const values = this.codec.decode(data);
    if (values.length === count) return values;
    throw new TypeError(
      `the ${option} made ${String(values.length)} values of ${String(count)} that were encoded`,
    );
  }
}
