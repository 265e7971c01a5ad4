/** V8 keeps a slice of this length or more as a pointer into the text it was cut from, and so all of that alive. */
const shortestSlice = 13;

/** Gives equal strings one copy that does not keep the text alive it was cut from. */
export class StringPool {
  readonly #copies = new Map<string, string>();

  constructor(private readonly capacity: number = 65_536) {}

  get(text: string): string {
    if (text.length < shortestSlice) return text;
    const known = this.#copies.get(text);
    if (known !== undefined) return known;
    const copy = Buffer.from(text, 'utf16le').toString('utf16le');
    if (this.#copies.size === this.capacity) this.#copies.clear();
    this.#copies.set(copy, copy);
    return copy;
  }
}
