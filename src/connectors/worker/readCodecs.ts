import type { OptionReader } from '../../options.js';
import type { Codec, CodecOptions } from './Codec.js';

/** Refuses what is no codec. */
export function readCodecs<T, R>(reader: OptionReader, options: CodecOptions<T, R>): void {
  for (const option of ['codec', 'resultCodec'] as const) {
    const given = options[option];
    if (given !== undefined && !isCodec(given)) {
      reader.refuse(option, 'a codec with encode() and decode()');
    }
  }
}

function isCodec(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { encode, decode } = value as Partial<Codec<unknown>>;
  return typeof encode === 'function' && typeof decode === 'function';
}
