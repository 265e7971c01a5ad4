import { createReadStream, statSync } from 'node:fs';
import { InputError } from './InputError.js';
import type { Recording } from './inspectRecording.js';

/** Large pieces: the fewer, the less there is to put together. */
const highWaterMark = 2 ** 18;

/** A file, or standard input for `-`. */
export function openRecording(file: string, stdin: AsyncIterable<Uint8Array>): Recording {
  if (file === '-') return { name: 'stdin', isRereadable: false, open: () => stdin };
  return {
    name: file,
    isRereadable: statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
    open: () => read(file),
  };
}

async function* read(file: string): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* createReadStream(file, { highWaterMark }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new InputError(file, undefined, explain(error.code));
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function explain(code: string): string {
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'is a directory';
  return code === 'EACCES' ? 'may not be read' : `cannot be read (${code})`;
}
