import { inspectRecording, type Inspected } from '../../../src/inspect/inspectRecording.js';
import { readInspectOptions } from '../../../src/inspect/readInspectOptions.js';

/** Inspects `text` as if it were a file, handed over in pieces of `size` bytes. */
export function inspectText(
  text: string | Uint8Array,
  args: readonly string[] = [],
  { name = 'feed', size = 65_536, isRereadable = true } = {},
): Promise<Inspected> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return inspectRecording(
    {
      name,
      isRereadable,
      // eslint-disable-next-line @typescript-eslint/require-await
      async *open() {
        for (let from = 0; from < bytes.length; from += size) {
          yield bytes.subarray(from, from + size);
        }
      },
    },
    readInspectOptions([name, ...args]),
  );
}
