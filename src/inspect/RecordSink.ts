/** Takes the records of a recording, whatever its format. */
export interface RecordSink {
  /** Hears the names of all columns, once, before any record; answers which ones to hand over, without repeats. */
  choose(names: readonly string[], line: number): readonly string[];
  /** One record: the values of the chosen columns. The array is used again for the next record. */
  record(values: readonly unknown[], line: number, source: string): void;
  /** A line that is no record; throws, unless such lines are to be skipped. */
  broken(line: number, problem: string): void;
}

/** Turns text, in pieces that end anywhere, into records. */
export interface RecordReader {
  write(text: string): void;
  /** No more text: what is left is the last record. */
  end(): void;
}
