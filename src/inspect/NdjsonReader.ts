import type { RecordReader, RecordSink } from './RecordSink.js';

/** A line that has not ended after this many characters is no line of a feed. */
const longestLine = 2 ** 26;

/** Reads one JSON object or array a line. A field may be named by a path: `data.u` reads `u` inside `data`. */
export class NdjsonReader implements RecordReader {
  #pending = '';
  #line = 1;
  #paths: (readonly string[])[] | undefined;
  readonly #values: unknown[] = [];

  constructor(private readonly sink: RecordSink) {}

  write(text: string): void {
    const pending = this.#pending + text;
    let start = 0;
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n', start)) {
      this.#readLine(pending.slice(start, end));
      start = end + 1;
    }
    this.#pending = pending.slice(start);
    if (this.#pending.length <= longestLine) return;
    this.#pending = '';
    this.sink.broken(this.#line, 'the line does not end');
  }

  end(): void {
    const last = this.#pending;
    this.#pending = '';
    this.#readLine(last);
  }

  #readLine(text: string): void {
    const line = this.#line;
    this.#line += 1;
    if (text.trim() === '') return;
    const value = this.#parse(text, line);
    if (value === undefined) return;
    this.#paths ??= this.sink.choose(namesIn(value), line).map((name) => pathOf(value, name));
    for (const [slot, path] of this.#paths.entries()) this.#values[slot] = follow(value, path);
    this.sink.record(this.#values, line, text);
  }

  #parse(text: string, line: number): object | undefined {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.sink.broken(line, 'not JSON, one whole value a line: is the line truncated?');
      return undefined;
    }
    if (typeof value === 'object' && value !== null) return value;
    this.sink.broken(line, 'neither an object nor an array');
    return undefined;
  }
}

/** The names of all fields, those of objects inside by their path. */
function namesIn(value: object, prefix = '', depth = 0): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) && depth < 8
      ? namesIn(inner, `${prefix}${name}.`, depth + 1)
      : [prefix + name],
  );
}

/** A name with dots in it is a path, unless it is the name of a field itself. */
function pathOf(value: object, name: string): readonly string[] {
  return Object.hasOwn(value, name) ? [name] : name.split('.');
}

function follow(value: object, path: readonly string[]): unknown {
  let inner: unknown = value;
  for (const name of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name))
      return undefined;
    inner = (inner as Record<string, unknown>)[name];
  }
  return inner;
}
