/** The recording cannot be read as asked; the message says where. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(file: string, line: number | undefined, problem: string) {
    super(line === undefined ? `${file}: ${problem}` : `${file}:${String(line)}: ${problem}`);
  }
}
