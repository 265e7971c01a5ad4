import { StringDecoder } from 'node:string_decoder';
import { InputError } from './InputError.js';

/** Decodes UTF-8, without its byte order mark; refuses what is recognisably something else. */
export async function* readText(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<string, void, void> {
  const decoder = new StringDecoder('utf8');
  let isBeginning = true;
  for await (const chunk of chunks) {
    let text = decoder.write(chunk);
    if (isBeginning && text !== '') {
      refuseBinary(chunk, name);
      if (text.startsWith('\uFEFF')) text = text.slice(1);
      isBeginning = false;
    }
    if (text !== '') yield text;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

function refuseBinary([first, second]: Uint8Array, name: string): void {
  const mark = (first ?? 0) * 256 + (second ?? 0);
  if (mark === 0xfffe || mark === 0xfeff)
    throw new InputError(name, 1, 'UTF-16: convert it to UTF-8');
  if (mark === 0x1f8b)
    throw new InputError(name, 1, 'gzip: unpack it first (zcat FILE | … inspect -)');
}
